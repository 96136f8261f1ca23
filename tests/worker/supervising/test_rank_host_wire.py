"""What worker and rank host say to each other arrives whole and in order, or they part."""

import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.support.processes import PATIENCE_S, wait_until
from worker.rank_hosts.wire import MOST_BYTES, Heard, Wire

SILENCE_S = 10.0
"""Both ends are in this process: one that is held up for so long is silent for itself."""

SOON_S = 0.5
"""Silence of an end that nobody is to hear."""

Joined = Callable[..., Wire]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def wire_over() -> Iterator[Joined]:
    with ExitStack() as kept:

        def wire_over(connection: socket.socket, *, silence_s: float = SILENCE_S) -> Wire:
            wire = Wire(connection, connection.makefile("rb"), silence_s=silence_s)
            return kept.enter_context(closing(wire))

        yield wire_over


def all_heard(wire: Wire, count: int) -> list[Heard]:
    heard: list[Heard] = []
    while len(heard) < count:
        assert select.select([wire], [], [], PATIENCE_S)[0]
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
    until = time.monotonic() + 1.2 * SILENCE_S
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
    began = time.monotonic()
    ours = wire_over(pair[0], silence_s=SOON_S)
    assert select.select([ours], [], [], PATIENCE_S)[0]
    assert ours.is_gone
    assert time.monotonic() - began >= SOON_S


def test_an_end_whose_owner_is_busy_for_long_stays_and_hears_all_of_it_later(
    pair: tuple[socket.socket, socket.socket], wire_over: Joined
) -> None:
    ours, theirs = map(wire_over, pair)
    for number in range(40):  # more than one end keeps unread, and the connection holds
        ours.say({"number": number}, bytes(MOST_BYTES))
    assert not select.select([ours], [], [], 1.2 * SILENCE_S)[0]
    assert not ours.is_gone
    assert [one.message["number"] for one in all_heard(theirs, 40)] == list(range(40))


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
