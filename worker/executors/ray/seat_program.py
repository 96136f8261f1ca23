"""The worker in a seat: ``python -m worker.executors.ray.seat_program PARENT DESCRIPTOR``.

The descriptor is of its line to the seat: its settings come by it, since no other process sees
them there, and it says by it what it registered with. `worker.executors.ray.seat_process` is the
other end.
"""

import sys
from dataclasses import asdict
from functools import partial

from planner.exchange.work import WorkerRegistration
from worker.codec import decode
from worker.executors.ray.view import Offer
from worker.main import carry_out, serve
from worker.parent_line import ParentLine
from worker.process_death import die_with
from worker.secrecy import hide_from_plug_ins, set_up_log
from worker.settings import WorkerSettings


def main() -> int:
    """Works until it is idle for long, is told to leave, or its seat is gone."""
    die_with(int(sys.argv[1]))
    hide_from_plug_ins()
    set_up_log()
    line = ParentLine(int(sys.argv[2]))
    settings = decode(WorkerSettings, line.read())
    # After its settings, to leave is all that it is ever told.
    return carry_out(partial(serve, ready=partial(_offer, line), enough=line.says_more), settings)


def _offer(line: ParentLine, registration: WorkerRegistration) -> None:
    """Says what the worker registered with."""
    brought = tuple(plug_in.name for plug_in in registration.plug_ins)
    offer = Offer(
        workloads=(*registration.workloads, *brought),
        device=registration.device.name,
        store_url=registration.store_url,
    )
    line.say(asdict(offer))


if __name__ == "__main__":
    sys.exit(main())
