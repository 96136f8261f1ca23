"""Puts a backup in the place of the database, while no API runs; what was there is kept aside."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from backend.backups.folder import sync_folder
from backend.backups.kept_out import keep_out
from backend.backups.whole_file import examine, is_database, logs_beside
from backend.database import make_private_folder
from backend.database.sqlite import LOGS, open_file, sqlite_module
from backend.database.upgrade import refuse_newer, upgrade
from backend.disk.data_lock import held
from backend.settings import Settings
from planner.refusal import require


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back.

    Attributes:
        revision: Schema of the backup.
        replaced: The database that was there before; None where there was none.
    """

    revision: str
    replaced: Path | None


def restore(settings: Settings, file: Path, *, now: datetime) -> Restored:
    """Puts the database of ``file`` in place, brought to the schema of this program.

    The file is read whole and upgraded as a copy first. The copy then takes the place of the
    database in one step: whoever is interrupted has the old one or the new one. Whoever was shut
    out since the backup was made stays out.

    Raises:
        Refusal: An API runs on this data folder, or the file is no whole backup of this program
            or an older one.
    """
    require(settings.database_url is None, "database_url", "restore_into_file_only")
    require(file.is_file(), "file", "file_not_found")
    make_private_folder(settings.data_dir)
    with held(settings.data_dir), _copied(file, settings.data_dir / "restore.draft") as draft:
        revision = _checked(file, draft)
        database = open_file(draft, busy_s=settings.busy_s)
        try:
            upgrade(database)
            with database.connection() as connection:
                keep_out(connection, settings.database_path)
        finally:
            database.close()
        require(not logs_beside(draft), "file", "backup_broken")
        replaced = _put_aside(settings.database_path, now)
        draft.replace(settings.database_path)
        sync_folder(settings.data_dir)
    return Restored(revision=revision, replaced=replaced)


@contextmanager
def _copied(file: Path, draft: Path) -> Iterator[Path]:
    """A private copy on the disk of the database, gone afterwards unless it was moved."""
    places = [draft, *(draft.with_name(draft.name + log) for log in LOGS)]
    try:
        for place in places:
            place.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as copy, file.open("rb") as source:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        yield draft
    finally:
        for place in places:
            place.unlink(missing_ok=True)


def _checked(file: Path, draft: Path) -> str:
    """The schema of a copy that is whole, and what its note says it is.

    Raises:
        Refusal: It is not.
    """
    whole = examine(draft)
    note = file.with_suffix(".json")
    if note.is_file():
        require(_noted_sha256(note) in (None, whole.sha256), "file", "backup_changed")
    refuse_newer(whole.schema_revision, field="file")
    return whole.schema_revision


def _noted_sha256(note: Path) -> str | None:
    """What a note says of its file; empty where it is not whole, None where it is no note."""
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
    except ValueError:
        return ""
    state = said.get("state") if isinstance(said, dict) else None
    return state.get("sha256") if isinstance(state, dict) else None


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Keeps the database under a name with the day, and leaves none of its logs behind.

    A whole database takes its log in when it is closed; one that is too damaged for that is kept
    together with its log.
    """
    if not database.exists():
        _move_logs(database, None)
        return None
    aside = _free_name(database, now)
    if is_database(database):
        _take_log_in(database)
    os.link(database, aside)
    _move_logs(database, aside)
    sync_folder(database.parent)
    return aside


def _take_log_in(database: Path) -> None:
    module = sqlite_module()
    try:
        with closing(module.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except module.DatabaseError:
        return


def _move_logs(database: Path, aside: Path | None) -> None:
    for log in LOGS:
        stale = database.with_name(database.name + log)
        if stale.exists() and aside is not None:
            stale.rename(aside.with_name(aside.name + log))
        else:
            stale.unlink(missing_ok=True)


def _free_name(database: Path, now: datetime) -> Path:
    stem = f"replaced-{now:%Y%m%dT%H%M%SZ}"
    names = (stem, *(f"{stem}-{count}" for count in range(2, 1000)))
    return next(
        place for name in names if not (place := database.with_name(f"{name}.sqlite")).exists()
    )
