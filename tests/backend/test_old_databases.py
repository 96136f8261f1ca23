"""A database of every earlier version is brought to this one, with a backup of it before."""

from pathlib import Path

import pytest

from backend.backups.maker import BackupMaker
from backend.backups.whole_file import examine
from backend.clock import Clock, utc_now
from backend.database import open_database
from backend.database.upgrade import check, newest
from backend.main import open_installation, prepare
from backend.settings import Settings
from planner.refusal import Refusal
from tests.support.app_in_memory import an_api
from tests.support.old_databases import OLD_SCHEMAS, content_of, lay_down


def old_installation(folder: Path, revision: str) -> Settings:
    settings = Settings(data_dir=folder / "data", backup_every_h=0)
    lay_down(revision, settings.database_path)
    return settings


def backups_of(settings: Settings) -> BackupMaker:
    return BackupMaker(settings, open_database(settings), now=utc_now)


@pytest.mark.parametrize("revision", OLD_SCHEMAS)
def test_everything_of_an_earlier_version_is_there_and_a_backup_of_it_was_made_before(
    tmp_path: Path, revision: str
) -> None:
    settings = old_installation(tmp_path, revision)
    before = content_of(settings.database_path)
    database = open_installation(settings, Clock()).database
    check(database)
    database.close()
    after = content_of(settings.database_path)
    for table in set(before) - {"alembic_version", "tokens"}:
        assert len(after[table]) == len(before[table]) > 0 or not before[table], table
    assert {row[:4] for row in before["tokens"]} <= {row[:4] for row in after["tokens"]}
    assert after["alembic_version"] == [(newest(),)]
    (note,) = backups_of(settings).folder.notes()
    assert (note.state.cause, note.state.schema_revision) == ("upgrade", revision)
    assert content_of(settings.backups_dir / note.state.file_name) == before


def test_a_finished_pilot_of_the_first_version_is_reviewed(tmp_path: Path) -> None:
    old_installation(tmp_path, "0001")
    with an_api(tmp_path, database_url=None) as api:
        phases = {one["phase"]: one["id"] for one in api.get("/api/pilots").json()["items"]}
        answer = api.post("/api/reviews:compute", {"pilot_id": phases["done"]})
        assert answer.status_code == 200
        assert len(api.runs(phases["done"])) == 4


def test_a_start_without_anything_to_migrate_makes_no_backup(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", backup_every_h=0)
    for _ in range(2):
        prepare(settings)
    assert not settings.backups_dir.exists()


def test_a_database_of_a_newer_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", backup_every_h=0)
    prepare(settings)
    database = open_database(settings)
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    before = settings.database_path.read_bytes()
    with pytest.raises(Refusal, match="database_newer"):
        prepare(settings)
    assert settings.database_path.read_bytes() == before
    assert examine(settings.database_path).schema_revision == "9999"
    assert not settings.backups_dir.exists()
