"""Where an installation is, and which token speaks to it, as a person at this computer has it."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from paybatch.refused import Problem, Refused
from planner.exchange.loopback import is_loopback

URL, TOKEN, DATA_DIR, PORT = (f"PAYBATCH_{name}" for name in ("URL", "TOKEN", "DATA_DIR", "PORT"))


def address_here(environment: Mapping[str, str]) -> str:
    """The address of ``PAYBATCH_URL``, else of the installation on this computer."""
    return environment.get(URL) or f"http://127.0.0.1:{environment.get(PORT, '8200')}"


def token_for(url: str, environment: Mapping[str, str]) -> str:
    """``PAYBATCH_TOKEN``, else the owner's token of the installation in this computer's folder.

    The owner's token is sent to this computer only.

    Raises:
        Refused: No token is known here.
    """
    told = environment.get(TOKEN)
    if told:
        return told
    kept = Path(environment.get(DATA_DIR, "data")) / "credentials.json"
    if on_this_computer(url) and kept.exists():
        return str(json.loads(kept.read_text(encoding="utf-8"))["admin_token"])
    missing = Problem(field="token", code="token_missing", params={"url": url})
    raise Refused(None, "", (missing,))


def on_this_computer(url: str) -> bool:
    """Whether an address is this computer's own."""
    return is_loopback(urlsplit(url).hostname or "")
