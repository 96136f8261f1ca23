"""The one SQLite file: durable, checked, and on a disk whose locks hold."""

import sqlite3
from pathlib import Path
from types import ModuleType

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from backend.database.database import READERS, Database
from backend.database.private_folder import make_private_file
from planner.refusal import Refusal

LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database; of another database they would destroy it."""

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
    make_private_file(path, *LOGS)  # SQLite gives the logs that it makes the mode of the file
    return Database(
        writer=_writer(path, busy_s=busy_s),
        readers=_engine(
            "sqlite+snapshots", path, connections=READERS, busy_s=busy_s, query_only=True
        ),
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


class _Snapshots(SQLiteDialect_pysqlite):
    """Begins a transaction whose first query sees one snapshot, which waits for nobody.

    A listener would make every connection ask for all kinds of listeners, at every query.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """The driver begins none before a query."""
        dbapi_connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]


registry.register("sqlite.snapshots", __name__, _Snapshots.__name__)


def _writer(path: Path, *, busy_s: float) -> Engine:
    """One connection, whose transactions hold the lock of the file from their beginning."""
    engine = _engine("sqlite", path, connections=1, busy_s=busy_s, query_only=False)

    def open_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", open_transaction)
    return engine


def _engine(kind: str, path: Path, *, connections: int, busy_s: float, query_only: bool) -> Engine:
    """A pool of connections."""
    engine = create_engine(
        f"{kind}:///{path}",
        module=sqlite_module(),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=busy_s,
        hide_parameters=True,
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver would open transactions late and without the lock: they are begun above.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 30000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")
        cursor.close()

    event.listen(engine, "connect", prepare)
    return engine
