"""How PostgreSQL is spoken to: limits for requests, none for what copies all, no endless waits."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from backend.database import Database, open_database
from backend.settings import Settings
from tests.support.databases import DATABASES

pytestmark = pytest.mark.postgres

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


@pytest.fixture
def url() -> Iterator[str]:
    with DATABASES.postgresql() as url:
        yield url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(Settings(database_url=url))
    yield opened
    opened.close()


def shown(connection: Connection, name: str) -> str:
    return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())


def test_a_request_has_limits_and_a_migration_or_a_transfer_has_none(database: Database) -> None:
    with database.connection() as writing, database.snapshot() as reading:
        for connection in (writing, reading):
            assert [shown(connection, limit) for limit in LIMITS] == ["0", "0"]
    for session in (database.write(), database.read()):
        with session:
            assert [shown(session.connection(), limit) for limit in LIMITS] == ["30s", "1min"]


def test_what_the_url_says_of_the_connection_holds_beside_ours(url: str) -> None:
    stated = f"{url}?options=-c%20search_path%3Dstated&keepalives_idle=7"
    database = open_database(Settings(database_url=stated))
    with database.read() as session:
        connection = session.connection()
        assert shown(connection, "search_path") == "stated"
        assert shown(connection, "default_transaction_read_only") == "on"
        told = connection.connection.driver_connection.info.get_parameters()
    database.close()
    assert (told["keepalives_idle"], told["connect_timeout"]) == ("7", "5")
