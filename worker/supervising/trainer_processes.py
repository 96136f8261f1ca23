"""The supervisor's end of the fork server: starting, signalling and missing trainers."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from worker.child_environment import child_environment

_SECONDS_TO_GET_READY = 120.0
_SECONDS_TO_LEAVE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A trainer lives."""

    pid: int
    job_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A trainer is gone.

    Attributes:
        exit_code: Negative when a signal ended it.
    """

    pid: int
    exit_code: int


Event = Started | Ended


class ForkServerLost(Exception):
    """The fork server is gone, and with it every trainer it started."""


class Processes(Protocol):
    """What starts a supervisor's trainers, wherever they are."""

    @property
    def are_whole(self) -> bool:
        """Whether all devices are there that it began with."""

    def start(self, job_file: Path) -> None:
        """Asks for a trainer; `Started` follows."""

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Sends a signal to a trainer, unless it is gone; never to anybody else."""

    def wait(self, timeout_s: float) -> list[Event]:
        """What happened to trainers; waits so long for something to happen."""

    def close(self) -> None:
        """Ends whatever trainer is left."""


class TrainerProcesses:
    """A fork server and the trainers it started.

    Made and restarted in the main thread only: the fork server dies with the thread that started
    it.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(  # noqa: S603 - our own program, two whole numbers
                [
                    sys.executable,
                    "-m",
                    "worker.supervising.fork_server",
                    str(os.getpid()),
                    str(theirs.fileno()),
                ],
                pass_fds=[theirs.fileno()],
                env=child_environment(os.environ),
                start_new_session=True,
            )
        self._socket = ours
        self._unread = b""
        self.wait_until_ready()

    @property
    def server_pid(self) -> int:
        """Process id of the fork server."""
        return self._server.pid

    @property
    def are_whole(self) -> bool:
        """Whether all devices are there that it began with: those of one computer are."""
        return True

    def fileno(self) -> int:
        """Readable when something happened."""
        return self._socket.fileno()

    def wait_until_ready(self) -> None:
        """Returns once the fork server has imported torch."""
        self._socket.settimeout(_SECONDS_TO_GET_READY)
        message = self._receive()
        if message != [{"ready": self._server.pid}]:
            raise ForkServerLost(f"the fork server said {message}")

    def start(self, job_file: Path) -> None:
        """Asks for a trainer; `Started` follows."""
        self._say({"start": str(job_file)})

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Sends a signal to a trainer, unless it is gone; never to anybody else."""
        self._say({"signal": pid, "number": int(number)})

    def wait(self, timeout_s: float) -> list[Event]:
        """What happened to trainers; waits so long for something to happen.

        Raises:
            ForkServerLost: All trainers are gone.
        """
        readable, _, _ = select.select([self._socket.fileno()], [], [], timeout_s)
        return [_event(message) for message in self._receive()] if readable else []

    def close(self) -> None:
        """Ends the fork server, and with it whatever trainer is left."""
        self._socket.close()
        try:
            self._server.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def _say(self, message: dict[str, Any]) -> None:
        try:
            self._socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise ForkServerLost from error

    def _receive(self) -> list[dict[str, Any]]:
        try:
            received = self._socket.recv(65536)
        except OSError as error:
            raise ForkServerLost from error
        if not received:
            raise ForkServerLost
        *lines, self._unread = (self._unread + received).split(b"\n")
        return [json.loads(line) for line in lines]


def _event(message: dict[str, Any]) -> Event:
    if "started" in message:
        return Started(pid=message["started"], job_file=Path(message["job"]))
    return Ended(pid=message["ended"], exit_code=message["exit_code"])
