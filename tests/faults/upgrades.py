"""Upgrades that end themselves at a given moment; one process is forked for each.

``python -m tests.faults.upgrades`` reads ``[[data folder, moment, URL], ...]``, the URL null for a
SQLite file, and answers with the exit status and the number of moments that passed, where the
upgrade came to its end.
"""

import json
import os
import signal
import sys
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, event

from backend.backups.maker import BackupMaker, keep_before_upgrade
from backend.clock import utc_now
from backend.database import open_database
from backend.settings import Settings
from backend.upgrade import upgrade

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


def bring_up(folder: Path, url: str | None = None) -> None:
    """What a start does before it serves."""
    settings = Settings(data_dir=folder, database_url=url)
    database = open_database(settings)
    upgrade(
        database,
        before=partial(keep_before_upgrade, BackupMaker(settings, database, now=utc_now)),
    )
    database.close()


def forked(folder: Path, last: int, url: str | None) -> tuple[int, int]:
    """Exit status, and moments that passed; 0 where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        moments = Moments(folder, last)
        bring_up(folder, url)
        os.write(writing, str(moments.passed).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return os.waitstatus_to_exitcode(status), int(told.read() or 0)


if __name__ == "__main__":
    orders = json.loads(sys.stdin.read())
    json.dump([forked(Path(folder), last, url) for folder, last, url in orders], sys.stdout)
