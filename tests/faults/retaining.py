"""Retentions that end themselves at a given moment: ``python -m tests.faults.retaining``."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.faults.moments import obey
from tests.support.app_in_memory import an_api
from tests.support.installation import StillClock

ORDER = {"older_than_days": 365, "clock_is_right": True}


def years_later() -> StillClock:
    """When everything that a test left is old."""
    clock = StillClock()
    clock.at += timedelta(days=400)
    return clock


def retain(folder: Path, url: str | None, begun: Callable[[], object] = lambda: None) -> None:
    """Removes all that is old; ``begun`` is called when the API is there."""
    with an_api(folder, years_later(), database_url=url) as api:
        begun()
        while api.post("/api/retention:apply", ORDER).raise_for_status().json()["left"]:
            pass


if __name__ == "__main__":
    obey(retain)
