"""The worker in a seat: ``python -m worker.executors.ray.seat_program PARENT DESCRIPTOR``.

The descriptor is of its line to the seat: its settings come by it, since no other process sees
them there, and it says by it what it registered with and, on several nodes, what its rank hosts
are to do. `worker.executors.ray.seat_process` is the other end.
"""

import sys
from dataclasses import asdict, fields
from functools import partial

from planner.exchange.work import WorkerRegistration
from worker.codec import decode, encode
from worker.executors.ray.view import Offer
from worker.main import carry_out, serve
from worker.parent_line import ParentLine
from worker.process_death import die_with
from worker.secrecy import hide_from_plug_ins, set_up_log
from worker.settings import RankHostSettings, WorkerSettings


def main() -> int:
    """Works until it is idle for long, is told to leave, or its seat is gone."""
    die_with(int(sys.argv[1]))
    hide_from_plug_ins()
    set_up_log()
    line = ParentLine(int(sys.argv[2]))
    settings = decode(WorkerSettings, line.read())
    execute = partial(
        serve,
        ready=partial(_offer, line),
        # After its settings, to leave is all that it is ever told.
        enough=line.says_more,
        hosts_may_come=partial(_let_hosts_come, line, settings),
    )
    return carry_out(execute, settings)


def _offer(line: ParentLine, registration: WorkerRegistration) -> None:
    """Says what the worker registered with."""
    brought = tuple(plug_in.name for plug_in in registration.plug_ins)
    offer = Offer(
        workloads=(*registration.workloads, *brought),
        device=registration.device.name,
        store_url=registration.store_url,
    )
    line.say({"offer": asdict(offer)})


def _let_hosts_come(line: ParentLine, settings: WorkerSettings, port: int) -> None:
    """Says what each of its rank hosts is told, now that it waits for them at a port."""
    line.say({"hosts_may_come": [encode(host) for host in orders_of_hosts(settings, port)]})


def orders_of_hosts(settings: WorkerSettings, port: int) -> list[RankHostSettings]:
    """Settings of a worker's rank hosts; which GPUs each has, its own actor finds out."""
    hosts = settings.rank_hosts
    if hosts is None:
        return []
    common = {field.name for field in fields(RankHostSettings)} & {
        field.name for field in fields(WorkerSettings)
    }
    shared = {name: getattr(settings, name) for name in common}
    return [
        RankHostSettings(
            **shared
            | {
                "number": number,
                "address": hosts.address,
                "port": port,
                "secret": hosts.secret,
                "silence_s": hosts.silence_s,
                "cpu_processes": 1 if settings.gpus else devices,
            }
        )
        for number, devices in enumerate(hosts.devices)
    ]


if __name__ == "__main__":
    sys.exit(main())
