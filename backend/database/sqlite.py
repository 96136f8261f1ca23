"""The one SQLite file: durable, checked, and on a disk whose locks hold."""

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from backend.database.database import READERS, Database
from planner.refusal import Refusal

SAFE_SQLITE = (3, 51, 3)
"""Older SQLite has a known defect of its write-ahead log with several connections."""

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"}
)


def open_file(path: Path, *, busy_s: float) -> Database:
    """The database in a file, which is made if there is none.

    Writers hold the lock of the file from their first statement to their commit.

    Raises:
        Refusal: The file lies on a network file system.
    """
    refuse_network_file_system(path.parent)
    return Database(
        writer=_engine(path, begin="BEGIN IMMEDIATE", connections=1, busy_s=busy_s),
        readers=_engine(path, begin="BEGIN", connections=READERS, busy_s=busy_s),
        busy_s=busy_s,
    )


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
        hide_parameters=True,
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

    def open_to_write(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    def open_to_read(connection: Connection) -> None:
        # Waits for nothing and cannot fail: past SQLAlchemy it takes a tenth of the time.
        driver: Any = connection.connection.driver_connection
        driver.execute(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", open_to_write if writes else open_to_read)
    return engine
