"""Starts trainers by forking: torch is imported once, and no device is touched here.

A cold import of torch takes longer than a small run. The supervisor starts this program and talks
to it over a socket, one JSON value a line; `worker.supervising.trainer_processes` is the other end.
"""

import json
import logging
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from worker.process_death import die_with
from worker.training.trainer_process import run_trainer

log = logging.getLogger(__name__)


class ForkServer:
    """Forks a trainer for every job, and says when one has ended."""

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._running: set[int] = set()
        self._unread = b""

    def serve(self) -> None:
        """Works until the supervisor closes its end; trainers still there die with this process."""
        requests, wake = self._requests.fileno(), self._wake_on_child()
        self._say({"ready": os.getpid()})
        while True:
            readable, _, _ = select.select([requests, wake], [], [])
            if wake in readable:
                os.read(wake, 4096)
                self._reap()
            if requests in readable:
                received = self._requests.recv(65536)
                if not received:
                    return
                self._receive(received)

    def _wake_on_child(self) -> int:
        """A descriptor that becomes readable when a child has ended."""
        wake, woken = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        return wake

    def _receive(self, received: bytes) -> None:
        *lines, self._unread = (self._unread + received).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "start" in request:
                self._start(Path(request["start"]))
            elif request["signal"] in self._running:
                os.kill(request["signal"], request["number"])

    def _start(self, job_file: Path) -> None:
        server = os.getpid()
        child = os.fork()
        if child == 0:
            _be_trainer(server, self._requests, job_file)
        self._running.add(child)
        self._say({"started": child, "job": str(job_file)})

    def _reap(self) -> None:
        for child in tuple(self._running):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self._running.discard(child)
                self._say({"ended": child, "exit_code": os.waitstatus_to_exitcode(status)})

    def _say(self, message: dict[str, Any]) -> None:
        self._requests.sendall(json.dumps(message).encode() + b"\n")


def _be_trainer(server: int, requests: socket.socket, job_file: Path) -> None:
    """The child's whole life; it never returns into the server's loop."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        die_with(server)
        os.setsid()
        requests.close()
        _log_into(job_file.with_name("trainer.log"))
        run_trainer(job_file)
    except BaseException:
        log.exception("the trainer could not start")
        os._exit(1)
    os._exit(0)


def _log_into(path: Path) -> None:
    """What the trainer and its libraries print goes into its scratch folder."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(descriptor, stream.fileno())


def main() -> None:
    """Started by a supervisor as ``python -m worker.fork_server PARENT DESCRIPTOR``."""
    parent, descriptor = int(sys.argv[1]), int(sys.argv[2])
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    ForkServer(socket.socket(fileno=descriptor)).serve()


if __name__ == "__main__":
    main()
