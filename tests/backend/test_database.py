"""The database file: migrated, durable, and refused where it could not be safe."""

import stat
import threading
from contextlib import closing
from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from backend.database.sqlite import (
    SAFE_SQLITE,
    open_file,
    refuse_network_file_system,
    sqlite_module,
)
from backend.database.upgrade import check, upgrade
from planner.exchange.states import PilotRequest
from planner.refusal import Refusal
from tests.support.installation import Api, a_pilot, problem


def setting(api: Api, pragma: str, *, writes: bool) -> object:
    database = api.installation.database
    with database.write() if writes else database.read() as session:
        return session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar()


def test_the_migrated_schema_is_the_one_in_code(api: Api) -> None:
    check(api.installation.database)


def test_an_upgrade_of_an_upgraded_database_changes_nothing(api: Api) -> None:
    api.create(a_pilot())
    upgrade(api.installation.database)
    assert api.get("/api/pilots").json()["total"] == 1


@pytest.mark.file
@pytest.mark.parametrize("writes", [True, False])
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30000)],
)
def test_every_connection_is_durable_and_checked(
    api: Api, pragma: str, value: object, *, writes: bool
) -> None:
    assert setting(api, pragma, writes=writes) == value


@pytest.mark.file
def test_the_database_and_its_logs_are_their_owner_s_only_new_or_old(tmp_path: Path) -> None:
    file = tmp_path / "paybatch.sqlite"
    for _ in ("new", "old"):
        with closing(open_file(file, busy_s=2)) as database:
            with database.write() as session, session.begin():
                session.connection().exec_driver_sql("CREATE TABLE IF NOT EXISTS one (x)")
            modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
        assert modes == {f"paybatch.sqlite{end}": 0o600 for end in ("", "-wal", "-shm")}
        file.chmod(0o644)


def test_readers_cannot_write(api: Api) -> None:
    with (
        api.installation.database.read() as session,
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
    ):
        session.connection().exec_driver_sql("DELETE FROM tokens")


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"]
)
def test_the_audit_trail_cannot_be_changed(api: Api, change: str) -> None:
    api.create(a_pilot())
    with api.installation.database.write() as session:
        with pytest.raises(DBAPIError, match="append-only"):
            session.connection().exec_driver_sql(change)
        session.rollback()


def test_a_writer_that_waits_too_long_is_told_to_come_back(api: Api) -> None:
    with api.installation.database.write() as session:
        session.connection()
        answer = api.post("/api/tokens", {"name": "x", "scope": "viewer"})
    assert problem(answer) == (HTTPStatus.SERVICE_UNAVAILABLE, "busy", None)
    assert answer.headers["retry-after"] == "1"
    assert api.post("/api/tokens", {"name": "x", "scope": "viewer"}).status_code == 201


@pytest.mark.file
def test_a_full_disk_is_told_and_left_behind_when_there_is_room_again(api: Api) -> None:
    def limit_pages(pages: int) -> None:
        with api.installation.database.write() as session:
            session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            session.commit()

    limit_pages(1)
    body = PilotRequest(pilot=a_pilot(seeds={"confirmation": list(range(100))}))
    statuses = [
        api.post("/api/pilots", body, **{"Idempotency-Key": str(key)}).status_code
        for key in range(10)
    ]
    assert statuses[-1] == HTTPStatus.INSUFFICIENT_STORAGE
    limit_pages(1_000_000)
    assert api.get("/api/pilots").json()["total"] == statuses.count(201)
    assert api.post("/api/pilots", body, **{"Idempotency-Key": "9"}).status_code == 201


def test_readers_are_served_while_somebody_writes(api: Api) -> None:
    with api.installation.database.write() as session:
        session.connection().exec_driver_sql("UPDATE tokens SET name = 'x'")
        assert api.get("/api/tokens").status_code == 200
        session.rollback()


def test_more_writers_than_threads_are_all_served(api: Api) -> None:
    statuses = []

    def make(number: int) -> None:
        answer = api.post("/api/tokens", {"name": f"t{number}", "scope": "viewer"})
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 100


def test_the_sqlite_in_use_has_no_known_defect() -> None:
    assert sqlite_module().sqlite_version_info >= SAFE_SQLITE


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    with pytest.raises(Refusal, match="network_file_system"):
        refuse_network_file_system(tmp_path / "data", mounts)


def test_a_local_folder_beside_a_network_file_system_is_fine(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path}/share nfs4 rw 0 0\n")
    refuse_network_file_system(tmp_path / "shared-not", mounts)
