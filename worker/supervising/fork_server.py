"""Starts trainers by forking: torch is imported once, and no device is touched here.

A cold import of torch takes longer than a small run. The supervisor starts this program and talks
to it over a socket, one JSON value a line; `worker.supervising.trainer_processes` is the other end.

What a trainer started itself, such as a plug-in's loaders of data, is ended when the trainer is
gone, however far it went away from it.
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

from wording import log_lines
from worker.process_death import adopt_orphans, die_with, end_children
from worker.training.trainer_process import run_trainer

log = logging.getLogger(__name__)


class ForkServer:
    """Forks a trainer for every job, and says when one has ended."""

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._running: set[int] = set()
        self._unread = b""

    def serve(self) -> None:
        """Works until the supervisor closes its end; whoever is still there is ended then."""
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
                    self._end_everything()
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
        """Says which trainers have ended; without one, nothing that they started lives any more.

        It is said only then: whoever hears it gives their devices to others.
        """
        endings = []
        while (ended := _next_ended(os.WNOHANG)) is not None:
            child, status = ended
            if child in self._running:
                self._running.discard(child)
                endings.append({"ended": child, "exit_code": os.waitstatus_to_exitcode(status)})
        if not self._running:
            self._end_everything()
        for ending in endings:
            self._say(ending)

    def _end_everything(self) -> None:
        end_children()
        while _next_ended(0) is not None:
            end_children()

    def _say(self, message: dict[str, Any]) -> None:
        self._requests.sendall(json.dumps(message).encode() + b"\n")


def _next_ended(options: int) -> tuple[int, int] | None:
    """Process id and status of a child that has ended; None if there is none."""
    try:
        child, status = os.waitpid(-1, options)
    except ChildProcessError:
        return None
    return (child, status) if child else None


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
    log_lines.set_up(environment={})  # people read this file on the page


def main() -> None:
    """Started by a supervisor as ``python -m worker.fork_server PARENT DESCRIPTOR``."""
    parent, descriptor = int(sys.argv[1]), int(sys.argv[2])
    die_with(parent)
    adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log_lines.set_up()
    ForkServer(socket.socket(fileno=descriptor)).serve()


if __name__ == "__main__":
    main()
