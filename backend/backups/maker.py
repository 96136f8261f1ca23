"""Makes backups of the database that this process has open, one at a time."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import func, select

from backend.backups.folder import BackupFolder, Note
from backend.backups.whole_file import Whole, examine, logs_beside
from backend.database import Database
from backend.database.sqlite import open_file, sqlite_module
from backend.database.transfer import transfer
from backend.database.upgrade import revision_of, upgrade
from backend.disk.free_room import free_bytes
from backend.settings import Settings
from backend.wire.problems import RequestError
from planner.exchange.backups import BackupCause, BackupState
from planner.refusal import Refusal

MARGIN_BYTES = 16 * 2**20
"""Room that a backup must leave to the work that goes on."""

_MIB = 2**20


class BackupMaker:
    """Copies one snapshot of the database into a file; those who write meanwhile do not wait.

    Attributes:
        folder: Where the files are.
    """

    def __init__(
        self, settings: Settings, database: Database, *, now: Callable[[], datetime]
    ) -> None:
        self.folder = BackupFolder(settings.backups_dir)
        self.before_upgrade = bool(settings.backup_before_upgrade)
        self._settings = settings
        self._database = database
        self._now = now
        self._one_at_a_time = threading.Lock()

    def make(self, cause: BackupCause, *, order: str = "") -> BackupState:
        """A new backup, whole on the disk; for an order that was carried out, that backup again.

        Raises:
            RequestError: There is no room for it.
            TimeoutError: Another one is being made.
        """
        if not self._one_at_a_time.acquire(timeout=self._settings.busy_s):
            raise TimeoutError
        try:
            known = next((one for one in self.folder.notes() if order and one.order == order), None)
            return known.state if known is not None else self._make(cause, order)
        finally:
            self._one_at_a_time.release()

    def _make(self, cause: BackupCause, order: str) -> BackupState:
        draft = self.folder.draft()
        self._refuse_without_room()
        made_at = self._now()
        with _removed_on_error(draft):
            if self._database.kind == "sqlite":
                copy_snapshot(self._settings.database_path, draft)
            else:
                copy_rows(self._database, draft)
            whole = examine(draft)
            kept = self.folder.keep(draft, Note(state=_state(cause, made_at, whole), order=order))
        self.folder.rotate(self._settings.backups_kept)
        return kept.state

    def _refuse_without_room(self) -> None:
        needed = self._database_bytes() + MARGIN_BYTES
        free = free_bytes(self.folder.path)
        if free < needed:
            raise RequestError(
                HTTPStatus.INSUFFICIENT_STORAGE,
                "backup_needs_room",
                needed_mib=-(-needed // _MIB),
                free_mib=free // _MIB,
            )

    def _database_bytes(self) -> int:
        """What the database takes where it is; a copy of its rows takes about as much."""
        if self._database.kind == "sqlite":
            file = self._settings.database_path
            return file.stat().st_size if file.exists() else 0
        with self._database.snapshot() as connection:
            size = select(func.pg_database_size(func.current_database()))
            return int(connection.scalar(size) or 0)


def keep_before_upgrade(backups: BackupMaker) -> None:
    """The backup that an upgrade begins with, unless whoever upgrades has made one of their own.

    Raises:
        Refusal: There is no room for it.
    """
    if not backups.before_upgrade:
        return
    try:
        backups.make("upgrade")
    except RequestError as error:
        code = "upgrade_needs_room" if error.code == "backup_needs_room" else error.code
        raise Refusal("data_dir", code, **error.params) from error


def copy_snapshot(database: Path, draft: Path) -> None:
    """Writes the database as it is now into a private file, which is on the disk afterwards."""
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite_module().connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("VACUUM INTO ?", (str(draft),))
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def copy_rows(database: Database, draft: Path) -> None:
    """Writes one snapshot of a database of any kind, at the schema that it has, into a file.

    Raises:
        RequestError: The log of the file could not be taken in when it was closed; without it
            rows are missing.
    """
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    target = open_file(draft, busy_s=database.busy_s)
    try:
        upgrade(target, to=revision_of(database) or "head")
        transfer(database, target)
    finally:
        target.close()
    if logs_beside(draft):
        raise RequestError(HTTPStatus.INSUFFICIENT_STORAGE, "storage_full")
    with draft.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _removed_on_error(draft: Path) -> Iterator[None]:
    """Nothing of a backup stays that did not come to its end.

    Raises:
        RequestError: The disk became full.
    """
    try:
        yield
    except sqlite_module().OperationalError as error:
        _remove(draft)
        if getattr(error, "sqlite_errorcode", -1) & 0xFF in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_IOERR,
        ):
            raise RequestError(HTTPStatus.INSUFFICIENT_STORAGE, "storage_full") from error
        raise
    except BaseException:
        _remove(draft)
        raise


def _remove(draft: Path) -> None:
    for place in (draft, *logs_beside(draft)):
        place.unlink(missing_ok=True)


def _state(cause: BackupCause, made_at: datetime, whole: Whole) -> BackupState:
    return BackupState(
        number=0,
        file_name="",
        cause=cause,
        made_at=made_at,
        size_bytes=whole.size_bytes,
        schema_revision=whole.schema_revision,
        sha256=whole.sha256,
    )
