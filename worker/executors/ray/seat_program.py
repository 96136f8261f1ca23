"""The worker in a seat: ``python -m worker.executors.ray.seat_program PARENT``.

It reads its settings from standard input, where no other process sees them, and writes what it
registered with to standard output.
"""

import json
import os
import sys
from dataclasses import asdict
from functools import partial

from planner.exchange.work import WorkerRegistration
from worker.codec import decode
from worker.executors.ray.view import Offer
from worker.main import carry_out, serve
from worker.process_death import die_with
from worker.secrecy import hide_from_plug_ins, set_up_log
from worker.settings import WorkerSettings


def main() -> int:
    """Works until it is idle for long, is told to leave, or its seat is gone."""
    die_with(int(sys.argv[1]))
    hide_from_plug_ins()
    set_up_log()
    settings = decode(WorkerSettings, json.load(sys.stdin))
    return carry_out(partial(serve, ready=_tell), settings)


def _tell(registration: WorkerRegistration) -> None:
    brought = tuple(plug_in.name for plug_in in registration.plug_ins)
    offer = Offer(
        workloads=(*registration.workloads, *brought),
        device=registration.device.name,
        store_url=registration.store_url,
        device_count=registration.device_count,
    )
    # Whoever read this may be gone: the worker goes on, and dies with its seat.
    os.write(sys.stdout.fileno(), json.dumps(asdict(offer)).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
