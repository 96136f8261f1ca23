"""An installation moves to PostgreSQL and back with every row, and goes on there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner, Result

from backend.backups.whole_file import examine
from backend.cli import main
from backend.database import Database, open_database
from backend.database.sqlite import open_file
from backend.database.transfer import transfer
from backend.database.upgrade import check, config_for, upgrade
from backend.settings import Settings
from backend.tables import Base
from planner.refusal import Refusal
from tests.support.app_in_memory import an_api
from tests.support.databases import DATABASES
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve

pytestmark = pytest.mark.postgres


@pytest.fixture
def url() -> Iterator[str]:
    with DATABASES.postgresql() as url:
        yield url


def used(folder: Path) -> str:
    """Leaves a stopped installation with a reviewed pilot; its identifier."""
    with an_api(folder, database_url=None) as api:
        pilot = api.create(a_pilot(), throughput=planted_curve())
        api.worker().work_until_idle()
        key = {"Idempotency-Key": "view"}
        api.post("/api/views", {"name": "価格 é", "query": {"pilots": pilot.id}}, **key)
    return pilot.id


def answers(api: Api, pilot_id: str) -> list[object]:
    run = api.runs(pilot_id)[0]
    paths = (
        "/api/pilots",
        f"/api/pilots/{pilot_id}/records",
        f"/api/runs/{run.id}/series",
        "/api/views",
        "/api/notifications",
        "/api/throughput",
    )
    return [api.get(path).raise_for_status().json() for path in paths]


def moved(folder: Path, url: str) -> Result:
    environment = {"PAYBATCH_DATA_DIR": str(folder / "data"), "PAYBATCH_DATABASE_URL": url}
    return CliRunner().invoke(main, ["migrate-to", "--lang", "en"], env=environment)


def test_everything_is_answered_from_the_new_place_as_from_the_old(tmp_path: Path, url: str):
    pilot_id = used(tmp_path)
    with an_api(tmp_path, database_url=None) as api:
        before = answers(api, pilot_id)
    answer = moved(tmp_path, url)
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    assert (rows["pilots"], rows["runs"], rows["attempts"]) == (1, 4, 4)
    with an_api(tmp_path, database_url=url) as api:
        assert answers(api, pilot_id) == before
        check(api.installation.database)


def test_numbers_go_on_after_the_last_one(tmp_path: Path, url: str):
    used(tmp_path)
    moved(tmp_path, url)
    with an_api(tmp_path, database_url=url) as api:
        api.create(a_pilot(), throughput=planted_curve(), key="second")
        api.worker().work_until_idle()
        with api.installation.database.read() as session:
            numbers = "SELECT count(*), count(DISTINCT number), max(number) FROM audit_entries"
            count, different, last = session.connection().exec_driver_sql(numbers).one()
    assert count == different == last


def test_the_same_rows_come_back_into_a_file(tmp_path: Path, url: str):
    used(tmp_path)
    moved(tmp_path, url)
    source = open_database(Settings(database_url=url))
    target = open_file(tmp_path / "back.sqlite", busy_s=2)
    upgrade(target)
    rows = transfer(source, target)
    original = open_file(tmp_path / "data" / "paybatch.sqlite", busy_s=2)
    for table in Base.metadata.sorted_tables:
        assert sorted_rows(target, table.name) == sorted_rows(original, table.name)
    assert sum(rows.values()) > 20
    for database in (source, target, original):
        database.close()


def sorted_rows(database: Database, table: str) -> list[str]:
    with database.read() as session:
        rows = session.execute(Base.metadata.tables[table].select()).all()
    return sorted(repr(tuple(row)) for row in rows)


def test_a_database_with_rows_is_refused_and_nothing_is_changed(tmp_path: Path, url: str):
    used(tmp_path)
    with an_api(tmp_path / "other", database_url=url):
        pass
    answer = moved(tmp_path, url)
    assert answer.exit_code == 2
    assert "has rows already (in tokens)" in answer.stderr
    with an_api(tmp_path, database_url=None) as api:
        assert api.get("/api/pilots").json()["total"] == 1


def test_a_database_that_an_api_writes_to_is_refused(tmp_path: Path, url: str):
    used(tmp_path)
    with an_api(tmp_path / "other", database_url=url):
        answer = moved(tmp_path, url)
    assert answer.exit_code == 2
    assert "Another Paybatch API writes to this database" in answer.stderr


def test_an_installation_whose_api_runs_is_not_moved(tmp_path: Path, url: str):
    with an_api(tmp_path, database_url=None):
        answer = moved(tmp_path, url)
    assert answer.exit_code == 2
    assert "Another Paybatch works in" in answer.stderr
    assert not (tmp_path / "data" / "paybatch.moved").exists()


def of_an_older_schema(tmp_path: Path) -> None:
    used(tmp_path)
    older = open_file(tmp_path / "data" / "paybatch.sqlite", busy_s=2)
    with older.connection() as connection:
        command.downgrade(config_for(connection), "0009")
    older.close()


def test_a_file_of_an_older_schema_is_backed_up_before_it_is_moved(tmp_path: Path, url: str):
    of_an_older_schema(tmp_path)
    assert moved(tmp_path, url).exit_code == 0
    (backup,) = (tmp_path / "data" / "backups").glob("*-upgrade.sqlite")
    assert examine(backup).schema_revision == "0009"


def test_whoever_made_a_backup_of_their_own_moves_without_another(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
):
    of_an_older_schema(tmp_path)
    monkeypatch.setenv("PAYBATCH_BACKUP_BEFORE_UPGRADE", "0")
    assert moved(tmp_path, url).exit_code == 0
    assert list((tmp_path / "data" / "backups").glob("*-upgrade.sqlite")) == []


def test_the_file_is_kept_and_not_used_by_mistake(tmp_path: Path, url: str):
    used(tmp_path)
    moved(tmp_path, url)
    with pytest.raises(Refusal, match="database_moved"), an_api(tmp_path, database_url=None):
        pass
    assert "This installation was moved" in moved(tmp_path, url).stderr
    (tmp_path / "data" / "paybatch.moved").unlink()
    with an_api(tmp_path, database_url=None) as api:
        assert api.get("/api/pilots").json()["total"] == 1


@pytest.mark.parametrize(
    "wrong", ["sqlite:///x", "postgresql://host", "mysql://host/name", "nonsense"]
)
def test_an_address_that_is_no_database_of_postgresql_is_refused(tmp_path: Path, wrong: str):
    (tmp_path / "data").mkdir()
    environment = {"PAYBATCH_DATA_DIR": str(tmp_path / "data")}
    answer = CliRunner().invoke(main, ["migrate-to", wrong, "--lang", "en"], env=environment)
    assert answer.exit_code == 2
    assert "postgresql://user:password@host/name" in answer.stderr


def test_a_database_that_is_not_there_is_told_without_a_password(tmp_path: Path, url: str):
    used(tmp_path)
    elsewhere = url.replace("postgres@", "postgres:hush@") + "_missing"
    answer = moved(tmp_path, elsewhere)
    assert answer.exit_code == 2
    assert "cannot be reached" in answer.stderr
    assert "_missing" in answer.stderr
    assert "hush" not in answer.output
