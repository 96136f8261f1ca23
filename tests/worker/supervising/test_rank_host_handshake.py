"""Worker and rank host know each other by a secret that neither of them sends."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

import pytest

from tests.support.processes import PATIENCE_S
from worker.rank_hosts.handshake import Stranger, admit, introduce

SECRET = "known to a worker and its hosts"
ANOTHER = "a secret of somebody else"


class End:
    """One end of a connection; it remembers what was said over it."""

    def __init__(self, connection: socket.socket, lines: BinaryIO) -> None:
        self._connection = connection
        self.lines = lines
        self.said = b""

    def sendall(self, content: bytes) -> None:
        self.said += content
        self._connection.sendall(content)

    def say(self, **message: object) -> None:
        self.sendall(json.dumps(message).encode() + b"\n")

    def heard(self) -> dict[str, object]:
        return json.loads(self.lines.readline())

    def hang_up(self) -> None:
        self._connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def ends() -> Iterator[tuple[End, End]]:
    """The worker's end and the other one."""
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as our_lines, theirs.makefile("rb") as their_lines:
        for end in (ours, theirs):
            end.settimeout(PATIENCE_S)
        yield End(ours, our_lines), End(theirs, their_lines)


Beside = Callable[[Callable[[], int | None]], Future[int | None]]


@pytest.fixture
def beside() -> Iterator[Beside]:
    """Does one end's part while the test does the other's."""
    with ThreadPoolExecutor(2) as threads:
        yield threads.submit


def admitting(end: End) -> Callable[[], int]:
    return lambda: admit(end, end.lines, secret=SECRET)


def introducing(end: End, *, secret: str = SECRET, number: int = 0) -> Callable[[], None]:
    return lambda: introduce(end, end.lines, secret=secret, number=number)


def test_who_knows_the_secret_is_let_in_by_its_number(
    ends: tuple[End, End], beside: Beside
) -> None:
    ours, theirs = ends
    admitted = beside(admitting(ours))
    introducing(theirs, number=3)()
    assert admitted.result(PATIENCE_S) == 3
    assert SECRET.encode() not in ours.said + theirs.said


def test_who_knows_another_secret_is_not_let_in(ends: tuple[End, End], beside: Beside) -> None:
    ours, theirs = ends
    introduced = beside(introducing(theirs, secret=ANOTHER))
    with pytest.raises(Stranger, match="does not know the secret"):
        admitting(ours)()
    ours.hang_up()
    with pytest.raises(Stranger, match="its secret is another one"):
        introduced.result(PATIENCE_S)


def test_a_worker_that_sends_our_own_proof_back_is_none(
    ends: tuple[End, End], beside: Beside
) -> None:
    ours, theirs = ends
    introduced = beside(introducing(theirs))
    ours.say(nonce="1")
    ours.say(proof=ours.heard()["proof"])
    with pytest.raises(Stranger, match="does not know the secret"):
        introduced.result(PATIENCE_S)


def test_an_answer_is_of_no_use_another_time(ends: tuple[End, End], beside: Beside) -> None:
    ours, theirs = ends
    admitted = beside(admitting(ours))
    introducing(theirs)()
    assert admitted.result(PATIENCE_S) == 0
    again = beside(admitting(ours))
    theirs.heard()
    theirs.sendall(theirs.said)
    with pytest.raises(Stranger, match="does not know the secret"):
        again.result(PATIENCE_S)


@pytest.mark.parametrize(
    "answer",
    [
        b"GET / HTTP/1.1\n",
        b"[]\n",
        b'{"nonce": "1", "number": 0}\n',
        b'{"nonce": "1", "number": true, "proof": "1"}\n',
        b'{"nonce": "1", "number": 0, "proof": "\\u00e9"}\n',
        b"[" * 900 + b"\n",
        b" " * 2000 + b"\n",
    ],
)
def test_whatever_else_comes_is_a_stranger(ends: tuple[End, End], answer: bytes) -> None:
    ours, theirs = ends
    theirs.sendall(answer)
    with pytest.raises(Stranger, match="is not understood"):
        admitting(ours)()
