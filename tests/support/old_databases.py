"""Databases as earlier versions of the program left them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from backend.database.sqlite import sqlite_module

_FOLDER = Path(__file__).parent / "old_schemas"

OLD_SCHEMAS = tuple(sorted(file.stem for file in _FOLDER.glob("*.sql")))

Content = dict[str, list[tuple[object, ...]]]


def lay_down(revision: str, database: Path) -> None:
    """Makes the database file of an earlier version."""
    database.parent.mkdir(parents=True)
    script = (_FOLDER / f"{revision}.sql").read_text(encoding="utf-8")
    with closing(sqlite_module().connect(database)) as connection:
        connection.executescript(script)


def content_of(database: Path) -> Content:
    """Every row of every table, in order; reading takes in the log of a killed program."""
    with closing(sqlite_module().connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: _rows(connection, name) for name in _tables(connection)}


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in found.fetchall() if not name.startswith("sqlite_")]


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
    return sorted((tuple(row) for row in rows), key=repr)
