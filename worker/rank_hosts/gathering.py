"""A worker waits for its rank hosts before it registers, and offers what all of them can train."""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from planner.pilots.workload import Workload
from worker.codec import decode
from worker.rank_hosts.handshake import Stranger, admit
from worker.rank_hosts.offer import HostOffer, unlike
from worker.rank_hosts.rank_host import RankHost
from worker.rank_hosts.wire import Wire
from worker.settings import RankHosts

COME_WITHIN_S = 120.0
"""The slowest of them has to import a plug-in from a cold disk."""

_INTRODUCED_WITHIN_S = 5.0
_LOOK_EVERY_S = 0.1

log = logging.getLogger(__name__)


class HostsMissing(Exception):
    """Not all rank hosts came, or one of them is of no use; the message says which and why."""


class GatheredHosts:
    """The rank hosts of a worker, all that there are or none."""

    def __init__(self, hosts: tuple[RankHost, ...] = ()) -> None:
        self.hosts = hosts

    @property
    def are_complete(self) -> bool:
        """Whether none of them is gone."""
        return not any(host.is_gone for host in self.hosts)

    def all_reach(self, workloads: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the worker's workloads that every rank host has the data for, too."""
        return tuple(
            name for name in workloads if all(name in host.offer.workloads for host in self.hosts)
        )

    def all_bring(self, plug_ins: tuple[Workload, ...]) -> tuple[Workload, ...]:
        """Those of the worker's plug-ins that are the same on every rank host."""
        return tuple(
            one for one in plug_ins if all(one in host.offer.plug_ins for host in self.hosts)
        )


@contextmanager
def gathered(
    settings: RankHosts | None,
    own: HostOffer,
    *,
    may_come: Callable[[int], None],
    leaving: Callable[[], bool],
    within_s: float = COME_WITHIN_S,
) -> Iterator[GatheredHosts]:
    """All rank hosts, for as long as this lasts; they end with it.

    Args:
        settings: What the worker expects; None for no rank hosts.
        own: What the worker's own computer has: theirs has to be alike.
        may_come: Told the port on which they are waited for.
        leaving: Whether the worker was asked to leave; it does not wait then.
        within_s: Longest time until all are here.

    Raises:
        HostsMissing: There is one that did not come, or is of no use.
    """
    if settings is None:
        yield GatheredHosts()
        return
    come: dict[int, RankHost] = {}
    try:
        with socket.create_server((settings.address, 0)) as door:
            door.settimeout(_LOOK_EVERY_S)
            may_come(door.getsockname()[1])
            until = time.monotonic() + within_s
            while len(come) < len(settings.devices) and not leaving():
                if time.monotonic() > until:
                    raise HostsMissing(_missing(settings, come, within_s))
                with suppress(TimeoutError):
                    _let_in(door, settings, own, come)
        yield GatheredHosts(tuple(come[number] for number in sorted(come)))
    finally:
        for host in come.values():
            host.close()


@contextmanager
def _ended_after(seconds: float, connection: socket.socket) -> Iterator[None]:
    """A conversation that lasts no longer, however slowly the other end speaks."""
    limit = threading.Timer(seconds, _hang_up, (connection,))
    limit.daemon = True
    limit.start()
    try:
        yield
    finally:
        limit.cancel()


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # the other end was faster
        connection.shutdown(socket.SHUT_RDWR)


def _let_in(
    door: socket.socket, settings: RankHosts, own: HostOffer, come: dict[int, RankHost]
) -> None:
    """Lets the next one in that knocks, if it is expected.

    Raises:
        TimeoutError: Nobody does.
        HostsMissing: It is of no use.
    """
    connection, (address, *_) = door.accept()
    connection.settimeout(_INTRODUCED_WITHIN_S)
    lines = connection.makefile("rb")
    try:
        with _ended_after(_INTRODUCED_WITHIN_S, connection):
            number = admit(connection, lines, secret=settings.secret)
        if number in come or not 0 <= number < len(settings.devices):
            raise Stranger(f"rank host {number} is not expected")
    except (Stranger, OSError) as error:
        log.warning("somebody at %s is not let in: %s", address, error)
        lines.close()
        connection.close()
        return
    wire = Wire(connection, lines, silence_s=settings.silence_s)
    offer = _offer_over(wire)
    reason = unlike(own, offer, devices=settings.devices[number])
    if reason:
        wire.close()
        raise HostsMissing(f"rank host {number} at {address} is of no use: {reason}")
    log.info("rank host %d has come from %s", number, address)
    come[number] = RankHost(number, offer, wire)


def _offer_over(wire: Wire) -> HostOffer:
    """The first that a rank host says.

    Raises:
        HostsMissing: It does not say what it has.
    """
    until = time.monotonic() + _INTRODUCED_WITHIN_S
    while not wire.is_gone and (left_s := until - time.monotonic()) > 0:
        select.select([wire], [], [], left_s)
        if said := wire.heard():
            with suppress(ValueError):
                return decode(HostOffer, said[0].message.get("offer"))
            break
    wire.close()
    raise HostsMissing("a rank host does not say what it has: is it of another version?")


def _missing(settings: RankHosts, come: dict[int, RankHost], within_s: float) -> str:
    missing = [str(number) for number in range(len(settings.devices)) if number not in come]
    return (
        f"rank host {', '.join(missing)} did not come within {within_s:g} s: it has to reach "
        f"{settings.address}, and its log says why it did not"
    )
