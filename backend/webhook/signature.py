"""How a receiver knows that a message is from this installation and was not changed.

The secret is derived from a key in a file of the owner's and a salt in the database, so that
neither a backup of the database nor its audit trail holds it.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_FILE = "webhook.key"
KEY_BYTES = 32
HEADER = "Paybatch-Signature"


def new_salt() -> str:
    """Names a new secret; it is none itself."""
    return secrets.token_hex(16)


def make_key(folder: Path) -> None:
    """Makes the key of the installation, for its owner only, unless there is a whole one."""
    if _key(folder) is not None:
        return
    path = folder / KEY_FILE
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def secret_of(folder: Path, salt: str) -> str | None:
    """The secret that a salt names; None where the key is gone, as after a move without it."""
    key = _key(folder)
    if key is None:
        return None
    derived = hmac.new(key, salt.encode(), hashlib.sha256).digest()
    return f"pbwh_{base64.urlsafe_b64encode(derived).decode().rstrip('=')}"


def _key(folder: Path) -> bytes | None:
    """The key of the installation; None where there is none, or not a whole one."""
    try:
        key = bytes.fromhex((folder / KEY_FILE).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def signature(secret: str, body: bytes, *, sent_s: int) -> str:
    """Value of the header: the time, and HMAC-SHA256 over it, a dot and the body.

    Args:
        secret: As it was shown once.
        body: As it is sent.
        sent_s: Seconds since 1970, so that a receiver can refuse an old message sent again.
    """
    digest = hmac.new(secret.encode(), f"{sent_s}.".encode() + body, hashlib.sha256)
    return f"t={sent_s},v1={digest.hexdigest()}"
