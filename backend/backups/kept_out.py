"""Who was shut out since a backup was made stays out when it is restored."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from backend.backups.whole_file import is_database
from backend.database.sqlite import sqlite_module

REVOKED = "SELECT revoked_at, id FROM tokens WHERE revoked_at IS NOT NULL"
WORKERS = "SELECT revoked_at, id FROM workers WHERE revoked_at IS NOT NULL"
ROLES = "SELECT role, role_from, id FROM people"

_REVOKE = "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
_REVOKE_WORKER = "UPDATE workers SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
_SET_ROLE = "UPDATE people SET role = ?, role_from = ? WHERE id = ?"


def keep_out(restored: Connection, replaced: Path) -> None:
    """Takes over from the database that is replaced what was revoked, and what people may do.

    Nothing is taken over where that database cannot be read, or has no such table yet.
    """
    for question, change in (
        (REVOKED, _REVOKE),
        (WORKERS, _REVOKE_WORKER),
        (ROLES, _SET_ROLE),
    ):
        for row in _rows(replaced, question):
            restored.exec_driver_sql(change, row)


def _rows(database: Path, question: str) -> list[tuple[object, ...]]:
    if not database.exists() or not is_database(database):
        return []
    module = sqlite_module()
    try:
        with closing(module.connect(database)) as connection:
            return [tuple(row) for row in connection.execute(question)]
    except module.DatabaseError:
        return []
