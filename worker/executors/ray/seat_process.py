"""The actor's end of a seat: its program, a worker or a rank host, and the line between the two.

The line is a socket of its own, one JSON value a line. What libraries print to standard output is
no part of it, and goes where the actor's goes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import worker

SEAT_PROGRAM = "worker.executors.ray.seat_program"
RANK_HOST_PROGRAM = "worker.rank_hosts.program"


class SeatProcess:
    """A program that dies with the thread that started it."""

    def __init__(self, program: str, order: Mapping[str, Any]) -> None:
        """The order is its settings; they hold a secret, and no other process sees them."""
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, two whole numbers
                [sys.executable, "-m", program, str(os.getpid()), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )
        self._say(order)

    def says(self) -> Iterator[dict[str, Any]]:
        """What the program says until it ends: what each is, and what there is of it."""
        # A program that ends before it has read all that it was told resets the connection.
        with self._line.makefile() as lines, suppress(ConnectionResetError):
            for line in lines:
                yield json.loads(line)

    def retire(self) -> None:
        """The worker leaves as soon as it has no run."""
        self._say({"leave": True})

    def release(self) -> None:
        """The worker leaves after a checkpoint of its run, which goes back to the queue."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        status = self._process.wait()
        self._line.close()
        return status

    def _say(self, message: Mapping[str, Any]) -> None:
        with suppress(OSError):  # it has ended: whoever waits for it hears of that
            self._line.sendall(json.dumps(message).encode() + b"\n")


def _environment() -> dict[str, str]:
    """Ours; our own packages are found where they were found here."""
    root = str(Path(worker.__file__).parents[1])
    others = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": root if others is None else f"{root}{os.pathsep}{others}"}
