"""PostgreSQL for teams: the same one writer, held by a lock that no second API can take."""

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from backend.database.database import READERS, Database
from planner.refusal import Refusal

KEPT_READERS = 8
"""Reading connections that stay open; more are made while many read at once."""

LOCK_KEY = 0x70617962
"""Advisory lock of the writer. Leases live in the API, so two of them would contradict."""

_TAKEN_MS = 5_000
"""How long the server may need to notice that the API before this one is gone."""

_WAIT_MS = 30_000
_OPTIONS = (
    f"-c statement_timeout={_WAIT_MS} -c lock_timeout={_WAIT_MS} "
    f"-c idle_in_transaction_session_timeout={2 * _WAIT_MS} -c TimeZone=UTC"
)
"""What a statement may take, and how long a lost client keeps its locks."""

_WITHOUT_ANSWER = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": _WAIT_MS,
}
"""How long a server that is gone without a word is waited for: half a minute, not hours."""


def open_url(url: str, *, busy_s: float) -> Database:
    """The database at a URL, which must exist.

    Raises:
        Refusal: The URL names no database of PostgreSQL, none answers there, or another API writes
            to it.
    """
    address = address_of(url)
    # Connections are tried before use, so that a restart of the server is one pause.
    writer = create_engine(
        address,
        pool_size=1,
        max_overflow=0,
        pool_timeout=busy_s,
        hide_parameters=True,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args=_how_to_connect(address, "-c synchronous_commit=on"),
    )
    event.listen(writer, "connect", _take)
    try:
        writer.connect().close()
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        raise Refusal("database_url", "database_unreachable", reason=reason) from error
    readers = _readers(address, busy_s=busy_s)
    return Database(writer=writer, readers=readers, busy_s=busy_s, unhurried=_lift_limits)


def address_of(url: str) -> URL:
    """The URL with the driver that is used.

    Raises:
        Refusal: It names no database of PostgreSQL.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise Refusal("database_url", "database_url_wrong") from error
    name = address.drivername.partition("+")[0]
    if name not in ("postgresql", "postgres") or not address.database:
        raise Refusal("database_url", "database_url_wrong")
    return address.set(drivername="postgresql+psycopg")


def _readers(address: URL, *, busy_s: float) -> Engine:
    return create_engine(
        address,
        pool_size=KEPT_READERS,
        max_overflow=READERS - KEPT_READERS,
        pool_timeout=busy_s,
        hide_parameters=True,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        connect_args=_how_to_connect(address, "-c default_transaction_read_only=on"),
    )


def _how_to_connect(address: URL, options: str) -> dict[str, str | int]:
    """What the URL does not say of the connection; its own options stay, before ours."""
    stated = address.normalized_query
    own = " ".join(stated.get("options", ()))
    waits = {name: value for name, value in _WITHOUT_ANSWER.items() if name not in stated}
    return waits | {"options": f"{own} {_OPTIONS} {options}".lstrip()}


def _lift_limits(connection: Connection) -> None:
    """Large tables take their time to change and to copy; nobody else works meanwhile."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


def _take(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """The writer's connection is the lock: whoever loses one has lost the other.

    Raises:
        Refusal: Another API holds it.
    """
    cursor = connection.cursor()
    try:
        cursor.execute(f"SET LOCAL lock_timeout = {_TAKEN_MS}")
        cursor.execute(f"SELECT pg_advisory_lock({LOCK_KEY})")
    except LockNotAvailable as error:
        connection.close()
        raise Refusal("database_url", "database_taken") from error
    cursor.close()
    connection.commit()
