"""A rank host: ``python -m worker.rank_hosts.program PARENT DESCRIPTOR``.

The descriptor is of its line to whoever started it, by which its `RankHostSettings` come. It ends,
its ranks first, when anything else comes by that line, or when its worker is gone or silent. It
never speaks to the API.
"""

import logging
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from worker.codec import decode, encode
from worker.leaving import Leaving
from worker.parent_line import ParentLine
from worker.process_death import die_with
from worker.rank_hosts.handshake import Stranger, introduce
from worker.rank_hosts.held_part import HeldPart
from worker.rank_hosts.offer import offered
from worker.rank_hosts.wire import Wire
from worker.scratch import Scratch
from worker.secrecy import hide_from_plug_ins, set_up_log
from worker.settings import RankHostSettings
from worker.supervising.trainer_processes import ForkServerLost, TrainerProcesses

_REACHED_WITHIN_S = 10.0
_LOOK_EVERY_S = 1.0

log = logging.getLogger(__name__)


def main() -> int:
    """Holds ranks until its worker is gone; the exit status is 1 where it was of no use."""
    die_with(int(sys.argv[1]))
    hide_from_plug_ins()
    set_up_log()
    line = ParentLine(int(sys.argv[2]))
    settings = decode(RankHostSettings, line.read())
    try:
        _hold_ranks(settings, line)
    except Stranger as stranger:
        log.error("the worker at %s: %s", settings.address, stranger)
        return 1
    except ForkServerLost:
        log.error("the fork server is gone, and the ranks with it")
        return 1
    except OSError as error:
        log.error("the worker at %s is not reached: %s", settings.address, error)
        return 1
    return 0


@dataclass(frozen=True, slots=True)
class _Worker:
    """The other end, and the address at which this computer reaches it."""

    wire: Wire
    own_address: str


def _hold_ranks(settings: RankHostSettings, line: ParentLine) -> None:
    leaving = Leaving()
    offer = offered(
        device=settings.device,
        device_count=settings.device_count,
        places=settings.places,
        leaving=lambda: leaving.asked,
    )
    with ExitStack() as kept:
        scratch = kept.enter_context(closing(Scratch(settings.data_dir.resolve() / "scratch")))
        # What takes long to start does so before the worker counts on an answer in time.
        processes = kept.enter_context(closing(TrainerProcesses()))
        worker = kept.enter_context(_reached(settings))
        kept.callback(processes.close)  # ranks end before the worker hears no more
        worker.wire.say({"offer": encode(offer)})
        part = HeldPart(
            settings,
            device=offer.device,
            own_address=worker.own_address,
            scratch=scratch,
            processes=processes,
            wire=worker.wire,
        )
        ends = [end.fileno() for end in (worker.wire, processes, line)]
        while not (leaving.asked or worker.wire.is_gone or line.says_more()):
            select.select(ends, [], [], _LOOK_EVERY_S)
            for event in processes.wait(0):
                part.note(event)
            for heard in worker.wire.heard():
                part.obey(heard)
        log.info("this rank host ends")


@contextmanager
def _reached(settings: RankHostSettings) -> Iterator[_Worker]:
    """The worker, once each knows who the other is.

    Raises:
        Stranger: It is not, or took this one for a stranger.
        OSError: It is not there.
    """
    place = (settings.address, settings.port)
    with ExitStack() as unless_known:
        connection = socket.create_connection(place, timeout=_REACHED_WITHIN_S)
        unless_known.enter_context(connection)
        lines = unless_known.enter_context(connection.makefile("rb"))
        introduce(connection, lines, secret=settings.secret, number=settings.number)
        unless_known.pop_all()
    own_address = connection.getsockname()[0]
    with closing(Wire(connection, lines, silence_s=settings.silence_s)) as wire:
        yield _Worker(wire, own_address)


if __name__ == "__main__":
    sys.exit(main())
