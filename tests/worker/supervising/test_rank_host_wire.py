"""What worker and rank host say to each other arrives whole and in order, or they part."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.support.processes import wait_until
from worker.rank_hosts.wire import MOST_BYTES, Heard, Wire

SILENCE_S = 2.0

Joined = Callable[[socket.socket], Wire]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def wire_over() -> Iterator[Joined]:
    with ExitStack() as kept:

        def wire_over(connection: socket.socket) -> Wire:
            wire = Wire(connection, connection.makefile("rb"), silence_s=SILENCE_S)
            return kept.enter_context(closing(wire))

        yield wire_over


def all_heard(wire: Wire, count: int) -> list[Heard]:
    heard: list[Heard] = []
    while len(heard) < count:
        assert select.select([wire], [], [], 10.0)[0]
        heard += wire.heard()
    return heard


def test_messages_and_their_bytes_arrive_in_order(
    pair: tuple[socket.socket, socket.socket], wire_over: Joined
) -> None:
    ours, theirs = map(wire_over, pair)
    whole = bytes(range(256)) * (MOST_BYTES // 256)
    for number in range(40):  # more than one end keeps unread
        ours.say({"number": number}, whole if number % 2 else b"")
    heard = all_heard(theirs, 40)
    assert [one.message["number"] for one in heard] == list(range(40))
    assert [one.content for one in heard] == [b"", whole] * 20


def test_ends_that_have_nothing_to_say_stay_and_one_that_is_silent_is_gone(
    pair: tuple[socket.socket, socket.socket], wire_over: Joined
) -> None:
    ours, theirs = map(wire_over, pair)
    until = time.monotonic() + 3 * SILENCE_S
    while (left_s := until - time.monotonic()) > 0:
        select.select([ours, theirs], [], [], left_s)
        assert (ours.heard(), theirs.heard()) == ([], [])
    assert not ours.is_gone
    assert not theirs.is_gone
    theirs.hang_up()
    wait_until(lambda: ours.is_gone, what="the other end's notice")


def test_an_end_that_closes_nothing_and_says_nothing_is_gone(
    pair: tuple[socket.socket, socket.socket], wire_over: Joined
) -> None:
    ours = wire_over(pair[0])
    assert not ours.is_gone
    assert select.select([ours], [], [], 10 * SILENCE_S)[0]
    assert ours.is_gone


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\n",
        b"[]\n",
        b'{"bytes": -1}\n',
        b'{"bytes": "1"}\n',
        b'{"bytes": %d}\n' % (MOST_BYTES + 1),
    ],
)
def test_what_is_no_message_ends_it(
    pair: tuple[socket.socket, socket.socket], wire_over: Joined, said: bytes
) -> None:
    ours = wire_over(pair[0])
    pair[1].sendall(said)
    wait_until(lambda: ours.is_gone, what="the end")
    assert ours.heard() == []
