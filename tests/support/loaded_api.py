"""Processes of the API that are forked from one which has loaded its program.

Python and the imports are most of what a start takes. Where a test starts the API a hundred times,
what it strikes is what comes after them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["backend.serving.program"])


class LoadedApi:
    """The API as a process, with the part of ``subprocess.Popen`` that tests use."""

    def __init__(self, *, environment: Mapping[str, str], log: Path) -> None:
        """Starts it and waits for nothing; its standard error is added to ``log``."""
        niceness = os.getpriority(os.PRIO_PROCESS, 0)
        how = (dict(environment), log, niceness)
        self._process = _FORKS.Process(target=_serve, args=how, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended.

        Raises:
            subprocess.TimeoutExpired: It still runs.
        """
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired("the API", timeout or 0.0)
        return status

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


def _serve(environment: Mapping[str, str], log: Path, niceness: int) -> None:
    assert "backend.serving.program" in sys.modules, "the API was not loaded before the fork"
    from backend.serving.program import main

    if os.getpriority(os.PRIO_PROCESS, 0) != niceness:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    main()
