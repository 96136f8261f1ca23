"""Programs that a command starts: ready before it goes on, ended with it in the right order."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from backend.cli.leaving import Leaving
from backend.cli.restarting import Pauses

GRACE_S = 20.0
POLL_S = 0.1
HEALTHY_WITHIN_S = 60.0

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


class EndedEarly(Exception):
    """A program that should still run has ended.

    Attributes:
        name: Which one.
        code: Its exit code.
    """

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} ended with {code}")
        self.name = name
        self.code = code


class NotHealthy(Exception):
    """A program did not answer in time."""


Told = Callable[[str, int, float], None]
"""What hears of a program that is started again: its name, its exit code, the pause before."""


@dataclass(slots=True, kw_only=True)
class _Child:
    """A program and, where it is started again whenever it ends, when that is due."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    pauses: Pauses | None
    due_s: float | None = None


class Children:
    """Programs of one command, stopped when the block is left, the first one after all others.

    Each has its own session, so that Ctrl-C reaches only the command, which then stops them in
    order: workers save a checkpoint while the API can still take it. Hurried, it ends what is left
    at once: runs go on from their last checkpoint another time.
    """

    def __init__(self, leaving: Leaving | None = None, *, told: Told | None = None) -> None:
        self._leaving = leaving or Leaving()
        self._told = told
        self._running: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for group in (self._running[1:], self._running[:1]):
            for child in group:
                _ask(child.process)
            for child in group:
                _wait_for_end(child.process, self._leaving)

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        log: Path | None = None,
        comes_back: bool = False,
    ) -> int:
        """Starts a Python module with arguments.

        Args:
            name: What it is called in messages.
            arguments: The module, and what follows it on its command line.
            environment: All of its environment.
            log: File for its output; ours without one.
            comes_back: Whether it is started again should it end by itself.

        Returns:
            The process's id.
        """

        def started() -> subprocess.Popen[bytes]:
            return _started(arguments, environment, log)

        pauses = Pauses() if comes_back else None
        child = _Child(name=name, start=started, process=started(), pauses=pauses)
        self._running.append(child)
        return child.process.pid

    def check(self) -> None:
        """Starts again what comes back, once its pause is over; raises for all that does not.

        Raises:
            EndedEarly: A program has ended by itself that the others cannot do without.
        """
        for child in self._running:
            code = child.process.poll()
            if code is None:
                continue
            if child.pauses is None:
                raise EndedEarly(child.name, code)
            self._bring_back(child, child.pauses, code)

    def _bring_back(self, child: _Child, pauses: Pauses, code: int) -> None:
        now_s = time.monotonic()
        if child.due_s is None:
            pause_s = pauses.take()
            child.due_s = now_s + pause_s
            if self._told is not None:
                self._told(child.name, code, pause_s)
        elif now_s >= child.due_s:
            child.due_s, child.process = None, child.start()
            pauses.began()

    def watch(self, leaving: Leaving) -> None:
        """Waits until it is time to leave, or a program ends by itself.

        Raises:
            EndedEarly: One has.
        """
        while not leaving.wait(POLL_S):
            self.check()

    def wait_until_healthy(
        self, url: str, leaving: Leaving, *, answers: Callable[[str], bool]
    ) -> None:
        """Waits for a program's first answer, or until it is time to leave.

        Raises:
            EndedEarly: It ended instead.
            NotHealthy: It did not answer in time.
        """
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while not leaving.wait(POLL_S):
            self.check()
            if answers(url):
                return
            if time.monotonic() > deadline:
                raise NotHealthy(url)


def api_answers(url: str) -> bool:
    """Whether a Paybatch answers at an address."""
    return version_at(url) is not None


def page_answers(url: str) -> bool:
    """Whether the pages are served at an address."""
    try:
        return httpx.get(f"{url}/_stcore/health", timeout=2.0).is_success
    except httpx.HTTPError:
        return False


def version_at(url: str, *, patience_s: float = 2.0) -> str | None:
    """Version of the Paybatch that answers at an address in time; None where none does."""
    try:
        answer = httpx.get(f"{url}/api/health", timeout=patience_s)
        return str(answer.raise_for_status().json()["version"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


def is_taken(host: str, port: int) -> bool:
    """Whether a program listens at a port of this computer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _started(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path | None
) -> subprocess.Popen[bytes]:
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log is not None else None
        return subprocess.Popen(  # noqa: S603  # our own modules, no shell
            [sys.executable, "-m", *arguments],
            env=dict(environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def _ask(process: subprocess.Popen[bytes]) -> None:
    """Asks a program to leave."""
    if process.poll() is None:
        process.terminate()


def _wait_for_end(process: subprocess.Popen[bytes], leaving: Leaving) -> None:
    """Waits for a program that was asked, and ends its whole session when it dawdles."""
    deadline = time.monotonic() + GRACE_S
    while not leaving.is_hurried() and time.monotonic() < deadline:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(POLL_S)
            return
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_parent() -> None:
    """Runs in the child: the kernel asks it to leave should the command be killed."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
