"""The one SQLite file: one writer, many readers, one transaction a unit of work."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from planner.refusal import Refusal

SAFE_SQLITE = (3, 51, 3)
"""Older SQLite has a known defect of its write-ahead log with several connections."""

READERS = 48
"""More than the 40 threads that serve requests, so that a reader never waits for another."""

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"}
)


class Database:
    """Sessions on one SQLite file.

    Writers queue for the only writing connection and hold the write lock from their first
    statement, so that what they read is still true when they commit. Readers see one snapshot.
    """

    def __init__(self, path: Path, *, busy_s: float) -> None:
        refuse_network_file_system(path.parent)
        self.path = path
        self.busy_s = busy_s
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", connections=1, busy_s=busy_s)
        self._readers = _engine(path, begin="BEGIN", connections=READERS, busy_s=busy_s)

    def write(self) -> Session:
        """A session that can write; it holds the lock from its first statement to its commit."""
        return Session(self._writer, expire_on_commit=False)

    def read(self) -> Session:
        """A session that sees one snapshot and cannot write."""
        return Session(self._readers, expire_on_commit=False)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """The writing connection in one transaction, for migrations."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Gives every connection back; the file is then whole without its log."""
        self._readers.dispose()
        self._writer.dispose()


def refuse_network_file_system(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """Locks of network file systems do not hold what SQLite needs.

    Raises:
        Refusal: The folder lies on one.
    """
    if not mounts.exists():
        return
    resolved = str(folder.resolve())
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _, mount_point, file_system, *_ = line.split()
        point = mount_point.replace("\\040", " ")
        inside = resolved == point or resolved.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, file_system
    if kind in _NETWORK_FILE_SYSTEMS:
        raise Refusal("data_dir", "network_file_system", file_system=kind)


def sqlite_module() -> ModuleType:
    """The interpreter's SQLite where it is safe, else the bundled newer one."""
    return sqlite3 if sqlite3.sqlite_version_info >= SAFE_SQLITE else pysqlite3.dbapi2


def _engine(path: Path, *, begin: str, connections: int, busy_s: float) -> Engine:
    """A pool of connections that open their transactions with ``begin``."""
    engine = create_engine(
        f"sqlite:///{path}",
        module=sqlite_module(),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=busy_s,
    )
    writes = begin != "BEGIN"

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver would open transactions late and without the lock: SQLAlchemy does it below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 30000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        cursor.close()

    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", open_transaction)
    return engine


def make_private_folder(folder: Path) -> None:
    """Creates the data folder, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.access(folder, os.W_OK):
        raise Refusal("data_dir", "not_writable", path=str(folder))
