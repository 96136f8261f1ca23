"""Backups of the whole database: made while work goes on, whole or not there, listed, read back."""

import hashlib
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine

from backend.backups.folder import BackupFolder
from backend.backups.maker import copy_rows
from backend.backups.whole_file import examine
from backend.database import Database
from backend.database.sqlite import sqlite_module
from backend.disk.data_lock import held
from backend.tables import DraftRow
from backend.threads.backup_schedule import BackupSchedule
from backend.wire.problems import RequestError
from planner.exchange.backups import BackupState
from planner.refusal import Refusal
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, problem

HOUR_S = 3600.0


def order(api: Api, *, key: str = "first") -> Any:
    answer = api.post("/api/backups", {}, **{"Idempotency-Key": key})
    return answer.raise_for_status().json()


def make(api: Api) -> BackupState:
    return api.installation.backups.make("order")


def listed(api: Api) -> list[BackupState]:
    return [note.state for note in api.installation.backups.folder.notes()]


def file_of(api: Api, made: BackupState) -> Path:
    return api.installation.backups.folder.file_of(made)


def add_draft(api: Api) -> None:
    row = DraftRow(id=uuid4().hex, owner="x", name="x", body={}, saved_at=api.clock.at)
    with api.installation.database.write() as session, session.begin():
        session.add(row)


def count(file: Path, table: str) -> int:
    with closing(sqlite_module().connect(file)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_a_backup_is_listed_with_its_hash_handed_out_byte_for_byte_and_made_once_for_a_key(
    api: Api,
) -> None:
    made = order(api)
    assert order(api) == made
    assert api.get("/api/backups").json() == {"items": [made], "every_h": None, "kept": 7}
    answer = api.get(f"/api/backups/{made['number']}/file").raise_for_status()
    assert hashlib.sha256(answer.content).hexdigest() == made["sha256"]
    assert len(answer.content) == made["size_bytes"]
    assert answer.headers["etag"] == f'"{made["sha256"]}"'
    with api.installation.database.write() as session, session.begin():
        rows = session.connection().exec_driver_sql(
            "SELECT subject_id FROM audit_entries WHERE action = 'backup.make'"
        )
        assert rows.scalars().all() == [str(made["number"])]
        session.connection().exec_driver_sql("DELETE FROM idempotency_keys")
    assert order(api) == made  # as after a kill before the answer was kept
    assert order(api, key="second")["number"] == 2
    assert problem(api.get("/api/backups/7/file")) == (404, "backup_not_found", None)
    assert problem(api.get("/api/backups/x/file"))[2] == "number"
    assert problem(api.post("/api/backups", {}))[2] == "idempotency-key"


def test_what_was_acknowledged_before_is_in_it_and_what_came_later_is_not(api: Api) -> None:
    add_draft(api)
    made = make(api)
    add_draft(api)
    assert count(file_of(api, made), "drafts") == 1


def test_only_its_owner_can_read_a_backup(api: Api) -> None:
    file = file_of(api, make(api))
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    for place in file.parent.iterdir():
        assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_the_newest_of_each_cause_stay_and_the_one_before_an_upgrade_until_the_next(
    tmp_path: Path,
) -> None:
    with an_api(tmp_path, backups_kept=2) as api:
        maker = api.installation.backups
        maker.make("upgrade")
        for _ in range(3):
            maker.make("schedule")
            make(api)
        assert [(one.number, one.cause) for one in listed(api)] == [
            (7, "order"),
            (6, "schedule"),
            (5, "order"),
            (4, "schedule"),
            (1, "upgrade"),
        ]
        maker.make("upgrade")
        assert [one.number for one in listed(api) if one.cause == "upgrade"] == [8]


def test_a_file_that_was_not_finished_is_never_listed_and_removed_by_the_next(api: Api) -> None:
    made = make(api)
    folder = api.installation.settings.backups_dir
    (folder / "draft-database").write_bytes(b"half")
    (folder / "000009-20261101T000000Z-order.json").write_text("{}")
    file_of(api, made).write_bytes(b"cut short")
    assert listed(api) == []
    make(api)
    assert not (folder / "draft-database").exists()


def test_a_backup_that_would_fill_the_disk_is_refused_and_leaves_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 2**20}))
    with pytest.raises(RequestError, match="backup_needs_room"):
        make(api)
    assert list(api.installation.settings.backups_dir.iterdir()) == []


def test_one_is_made_by_itself_each_time_the_newest_is_old_enough(api: Api) -> None:
    schedule = BackupSchedule(api.installation, every_h=24)
    made = []
    for _ in range(4):
        schedule.look()
        made.append(len(listed(api)))
        api.clock.pass_s(12 * HOUR_S)
    assert made == [1, 1, 2, 2]


def test_a_jump_of_the_clock_makes_no_backup_and_holds_none_up(api: Api) -> None:
    schedule = BackupSchedule(api.installation, every_h=24)
    schedule.look()
    api.clock.jump(days=400)
    schedule.look()
    assert len(listed(api)) == 1
    api.clock.jump(days=-800)
    api.clock.pass_s(24 * HOUR_S)
    schedule.look()
    assert len(listed(api)) == 2


@pytest.mark.parametrize(
    ("days", "left_h"), [(0.75, 6.0), (3.0, 0.0), (-400.0, 24.0)], ids=["young", "old", "ahead"]
)
def test_after_a_start_the_age_of_the_newest_says_when_the_next_is_due(
    api: Api, days: float, left_h: float
) -> None:
    make(api)
    api.clock.jump(days=days)
    schedule = BackupSchedule(api.installation, every_h=24)
    schedule.look()
    assert len(listed(api)) == (1 if left_h else 2)
    api.clock.pass_s(left_h * HOUR_S - 1)
    schedule.look()
    assert len(listed(api)) == (1 if left_h else 2)
    api.clock.pass_s(1)
    schedule.look()
    assert len(listed(api)) == 2


def test_a_second_api_on_one_data_folder_is_refused(tmp_path: Path) -> None:
    with an_api(tmp_path), pytest.raises(Refusal, match="data_dir_in_use"), an_api(tmp_path):
        pass
    with held(tmp_path / "data"):
        pass


class Watched(Database):
    """A database; somebody reads the copy that is made of it, so that its log stays beside it."""

    def __init__(self, file: Path, copy: Path) -> None:
        engine = create_engine(f"sqlite:///{file}", module=sqlite_module())
        super().__init__(writer=engine, readers=engine, busy_s=2)
        self._copy = copy
        self._held = ExitStack()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        reading = self._held.enter_context(closing(sqlite_module().connect(self._copy)))
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM pilots").fetchone()
        with super().snapshot() as connection:
            yield connection

    def close(self) -> None:
        self._held.close()
        super().close()


def test_a_copy_of_rows_whose_log_was_not_taken_in_is_no_backup(api: Api, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    source = Watched(file_of(api, make(api)), copy)
    with pytest.raises(RequestError, match="storage_full"):
        copy_rows(source, copy)
    source.close()


def test_a_table_that_is_not_ours_stands_in_the_way_of_no_copy(api: Api, tmp_path: Path) -> None:
    add_draft(api)
    with api.installation.database.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE of_an_extension (number INTEGER)")
    copy_rows(api.installation.database, tmp_path / "copy")
    assert count(tmp_path / "copy", "drafts") == 1
    with pytest.raises(sqlite_module().OperationalError, match="of_an_extension"):
        count(tmp_path / "copy", "of_an_extension")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00" + bytes(84), b"text"])
def test_what_is_no_database_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Refusal, match=r"not_a_backup|backup_broken"):
        examine(tmp_path / "file")


def test_a_folder_that_was_never_used_holds_nothing(tmp_path: Path) -> None:
    assert BackupFolder(tmp_path / "none").notes() == ()
