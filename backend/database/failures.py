"""What a failure of the database means to a client: full, busy, or neither."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

_SQLITE = {
    sqlite3.SQLITE_FULL: "storage_full",
    sqlite3.SQLITE_IOERR: "disk_failed",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
}

_PRIMARY = 0xFF
"""Of an extended code of SQLite, the part that says the kind."""


def reason_of(error: DBAPIError) -> str | None:
    """``storage_full``, ``disk_failed``, ``busy`` (it passes by itself), or None for a defect.

    A quota, and a limit on the size of files, are among what SQLite tells as a failed disk.

    A server of PostgreSQL that is restarted, cannot be reached, cancels what takes too long, or
    ends a connection that was left alone, is busy: the request can be sent again.
    """
    cause = error.orig
    if isinstance(cause, psycopg.errors.DiskFull):
        return "storage_full"
    if not isinstance(cause, psycopg.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", -1) & _PRIMARY)
    passes = error.connection_invalidated or isinstance(cause, psycopg.OperationalError)
    return "busy" if passes else None
