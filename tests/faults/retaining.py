"""Retentions that end themselves at a given moment; one process is forked for each.

``python -m tests.faults.retaining`` reads ``[[folder, moment, URL], ...]``, the URL null for a
SQLite file, and answers with the exit status and the number of moments that passed, where the
retention came to its end.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.faults.upgrades import Moments
from tests.support.app_in_memory import an_api
from tests.support.installation import StillClock

ORDER = {"older_than_days": 365, "clock_is_right": True}


def years_later() -> StillClock:
    """When everything that a test left is old."""
    clock = StillClock()
    clock.at += timedelta(days=400)
    return clock


def retain(folder: Path, url: str | None, *, begun: Callable[[], object] = lambda: None) -> None:
    """Removes all that is old; ``begun`` is called when the API is there."""
    with an_api(folder, years_later(), database_url=url) as api:
        begun()
        while api.post("/api/retention:apply", ORDER).raise_for_status().json()["left"]:
            pass


def forked(folder: Path, last: int, url: str | None) -> tuple[int, int]:
    """Exit status, and moments that passed; 0 where it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        counted: list[Moments] = []
        retain(folder, url, begun=lambda: counted.append(Moments(folder, last)))
        os.write(writing, str(counted[0].passed).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return os.waitstatus_to_exitcode(status), int(told.read() or 0)


if __name__ == "__main__":
    orders = json.loads(sys.stdin.read())
    json.dump([forked(Path(folder), last, url) for folder, last, url in orders], sys.stdout)
