"""Worker and rank host prove to each other that they know one secret, which neither of them sends.

Both draw a number that was never used before; each answers with a keyed hash of the two and of who
it is, so that no answer is of use another time, or in the other's mouth.
"""

import hmac
import json
import secrets
from typing import Any, BinaryIO, Protocol

_LONGEST_LINE = 1024
_NONCE_BYTES = 32


class Speaking(Protocol):
    """What a socket has of one: a place to say something."""

    def sendall(self, content: bytes, /) -> None:
        """Says all of it."""


class Stranger(Exception):
    """The other end does not know the secret, or does not speak as it should."""


def admit(connection: Speaking, lines: BinaryIO, *, secret: str) -> int:
    """The worker's part; the number of the rank host that came.

    Raises:
        Stranger: It is none of this worker's.
        OSError: It is gone, or takes too long.
    """
    ours = secrets.token_hex(_NONCE_BYTES)
    _say(connection, {"nonce": ours})
    said = _heard(lines, nonce=str, number=int, proof=str)
    nonces = ours + said["nonce"]
    if not hmac.compare_digest(said["proof"], _proof(secret, "rank host", said["number"], nonces)):
        raise Stranger("it does not know the secret")
    _say(connection, {"proof": _proof(secret, "worker", said["number"], nonces)})
    return int(said["number"])


def introduce(connection: Speaking, lines: BinaryIO, *, secret: str, number: int) -> None:
    """The rank host's part.

    Raises:
        Stranger: What listens there is not its worker, or took it for a stranger.
        OSError: It is gone, or takes too long.
    """
    theirs = _heard(lines, nonce=str)["nonce"]
    ours = secrets.token_hex(_NONCE_BYTES)
    proof = _proof(secret, "rank host", number, theirs + ours)
    _say(connection, {"nonce": ours, "number": number, "proof": proof})
    expected = _proof(secret, "worker", number, theirs + ours)
    if not hmac.compare_digest(_heard(lines, proof=str)["proof"], expected):
        raise Stranger("it does not know the secret")


def _proof(secret: str, who: str, number: int, nonces: str) -> str:
    return hmac.digest(secret.encode(), f"{who} {number} {nonces}".encode(), "sha256").hex()


def _say(connection: Speaking, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message).encode() + b"\n")


def _heard(lines: BinaryIO, **kinds: type) -> dict[str, Any]:
    line = lines.readline(_LONGEST_LINE)
    if not line:
        raise Stranger("it ended the conversation: its secret is another one")
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Stranger("what it says is not understood") from error
    if not isinstance(said, dict) or any(
        type(said.get(name)) is not kind or not str(said[name]).isascii()
        for name, kind in kinds.items()
    ):
        raise Stranger("what it says is not understood")
    return said
