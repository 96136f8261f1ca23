"""How PostgreSQL is spoken to: limits for requests, none for what copies all, no endless waits."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import InternalError

from backend.database import Database, open_database
from backend.database.failures import reason_of
from backend.database.postgresql import LOCK_KEY
from backend.settings import Settings
from backend.threads.reaper import Reaper
from planner.refusal import Refusal
from tests.support.app_in_memory import an_api
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


def test_a_connection_that_the_server_ended_is_a_request_to_be_sent_again() -> None:
    ended = psycopg.errors.IdleInTransactionSessionTimeout()
    told = InternalError("", None, ended, connection_invalidated=True)
    assert reason_of(told) == "busy"
    assert reason_of(InternalError("", None, psycopg.errors.ReadOnlySqlTransaction())) is None


def test_a_lock_that_was_lost_is_taken_again_and_who_was_known_is_looked_up_again(
    url: str, tmp_path: Path
) -> None:
    with an_api(tmp_path, database_url=url) as api:
        made = api.post("/api/tokens", {"name": "guest", "scope": "viewer"}).json()
        guest = {"Authorization": f"Bearer {made['token']}"}
        assert api.http.get("/api/me", headers=guest).status_code == 200
        with psycopg.connect(url, autocommit=True) as other:
            locks = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            (holder,) = other.execute(locks, [LOCK_KEY]).fetchall()
            other.execute("SELECT pg_terminate_backend(%s, 5000)", holder)
            other.execute("UPDATE tokens SET revoked_at = now() WHERE id = %s", [made["id"]])
            other.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
            with pytest.raises(Refusal, match="database_taken"):
                Reaper(api.installation).look()
        Reaper(api.installation).look()
        assert api.http.get("/api/me", headers=guest).status_code == 401
