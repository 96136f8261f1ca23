"""Whether a database file is whole, and which schema it has."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from backend.database.sqlite import LOGS, sqlite_module
from planner.refusal import Refusal, require

_HEAD = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a file is that was read from its first byte to its last.

    Attributes:
        schema_revision: Of the tables in it.
        sha256: Of the file.
    """

    schema_revision: str
    sha256: str
    size_bytes: int


def examine(path: Path, *, field: str = "file") -> Whole:
    """Reads a database file that nobody has open, all of it.

    Raises:
        Refusal: At ``field``: it is no database, not one of Paybatch, or damaged.
    """
    require(is_database(path), field, "not_a_backup")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    module = sqlite_module()
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(module.connect(address, uri=True)) as connection:
            revision = _revision(connection, module.OperationalError, field)
            found = connection.execute("PRAGMA integrity_check").fetchall()
            dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    except module.DatabaseError as error:
        raise Refusal(field, "backup_broken") from error
    if found != [("ok",)] or dangling is not None:
        raise Refusal(field, "backup_broken")
    return Whole(schema_revision=revision, sha256=sha256, size_bytes=path.stat().st_size)


def is_database(path: Path) -> bool:
    """Whether a file begins as databases do."""
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD


def logs_beside(database: Path) -> list[Path]:
    """What of a closed database is not in its file."""
    places = (database.with_name(database.name + log) for log in LOGS)
    return [place for place in places if place.exists()]


def _revision(connection: sqlite3.Connection, missing: type[Exception], field: str) -> str:
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except missing as error:
        raise Refusal(field, "not_a_backup") from error
    require(len(rows) == 1, field, "not_a_backup")
    return str(rows[0][0])
