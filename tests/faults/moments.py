"""Programs that end themselves at a given moment; one process is forked for each.

A module of them reads ``[[folder, moment, URL], ...]``, the URL null for a SQLite file, and answers
with the exit status and the number of moments that passed, where the program came to its end.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine, event

NEVER = 0

_FILE_STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir"})


class Moments:
    """Counts statements of SQL and steps in the data folder, and ends the process at one."""

    def __init__(self, folder: Path, last: int) -> None:
        self.passed = 0
        self._folder = str(folder)
        self._last = last
        event.listen(Engine, "before_cursor_execute", lambda *_: self._pass())
        event.listen(Engine, "commit", lambda *_: self._pass())
        sys.addaudithook(self._hear)

    def _hear(self, name: str, arguments: tuple[object, ...]) -> None:
        if name in _FILE_STEPS and str(arguments[0]).startswith(self._folder):
            self._pass()

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


Order = tuple[Path, int, str | None]
"""Folder, moment, and URL of a database of PostgreSQL."""

Program = Callable[[Path, str | None, Callable[[], object]], object]
"""What is ended, of a folder and a URL; it calls the last when its moments begin to count."""


def ended(module: str, orders: Sequence[Order]) -> list[tuple[int, int]]:
    """Exit status and moments of each program, from processes that a module forks."""
    answer = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps([(str(folder), last, url) for folder, last, url in orders]),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(status, passed) for status, passed in json.loads(answer.stdout)]


def was_struck(told: tuple[int, int], place: int) -> bool:
    """Whether a program was killed at its moment, or had fewer moments this time than before."""
    status, passed = told
    return status == -signal.SIGKILL or (status == 0 and passed < place)


def obey(program: Program) -> None:
    """Reads orders and answers them."""
    orders = json.loads(sys.stdin.read())
    told = [_forked(program, Path(folder), last, url) for folder, last, url in orders]
    json.dump(told, sys.stdout)


def _forked(program: Program, folder: Path, last: int, url: str | None) -> tuple[int, int]:
    """Exit status, and moments that passed; 0 where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        counted: list[Moments] = []
        program(folder, url, lambda: counted.append(Moments(folder, last)))
        os.write(writing, str(counted[0].passed).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return os.waitstatus_to_exitcode(status), int(told.read() or 0)
