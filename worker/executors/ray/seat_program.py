"""The worker in a seat: ``python -m worker.executors.ray.seat_program PARENT DESCRIPTOR``.

The descriptor is of its line to the seat: its settings come by it, since no other process sees
them there, and it says by it what it registered with and, on several nodes, what its rank hosts
are to do. `worker.executors.ray.seat_process` is the other end.
"""

import json
import os
import select
import socket
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any

from planner.exchange.work import WorkerRegistration
from worker.codec import decode, encode
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
    line = Line(int(sys.argv[2]))
    settings = decode(WorkerSettings, line.read())
    execute = partial(
        serve,
        ready=line.offer,
        enough=line.says_enough,
        hosts_may_come=partial(line.let_hosts_come, settings),
    )
    return carry_out(execute, settings)


class Line:
    """The worker's end of the line to its seat; programs that the worker starts have no part."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._unread = b""

    def read(self) -> Any:  # noqa: ANN401 - JSON
        """The next message."""
        while b"\n" not in self._unread:
            received = self._socket.recv(65536)
            if not received:
                raise EOFError("the seat is gone")
            self._unread += received
        message, _, self._unread = self._unread.partition(b"\n")
        return json.loads(message)

    def offer(self, registration: WorkerRegistration) -> None:
        """Says what the worker registered with."""
        brought = tuple(plug_in.name for plug_in in registration.plug_ins)
        offer = Offer(
            workloads=(*registration.workloads, *brought),
            device=registration.device.name,
            store_url=registration.store_url,
        )
        self._say({"offer": asdict(offer)})

    def let_hosts_come(self, settings: WorkerSettings, port: int) -> None:
        """Says what each of its rank hosts is to do, now that it listens for them at a port."""
        self._say({"hosts_may_come": [encode(host) for host in hosts_of(settings, port)]})

    def says_enough(self) -> bool:
        """Whether the worker is to leave: after its settings that is all that it is ever told."""
        return bool(self._unread or select.select([self._socket], [], [], 0)[0])

    def _say(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # the seat is gone, and the worker is about to be
            self._socket.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
