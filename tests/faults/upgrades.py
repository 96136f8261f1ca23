"""Upgrades that end themselves at a given moment: ``python -m tests.faults.upgrades``."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from backend.backups.maker import BackupMaker, keep_before_upgrade
from backend.clock import utc_now
from backend.database import open_database
from backend.database.upgrade import upgrade
from backend.settings import Settings
from tests.faults.moments import obey


def bring_up(folder: Path, url: str | None = None) -> None:
    """What a start does before it serves."""
    settings = Settings(data_dir=folder, database_url=url)
    database = open_database(settings)
    upgrade(
        database,
        before=partial(keep_before_upgrade, BackupMaker(settings, database, now=utc_now)),
    )
    database.close()


def bring_up_counted(folder: Path, url: str | None, begun: Callable[[], object]) -> None:
    """The same; ``begun`` is called before."""
    begun()
    bring_up(folder, url)


if __name__ == "__main__":
    obey(bring_up_counted)
