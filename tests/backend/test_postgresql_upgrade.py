"""An upgrade on PostgreSQL begins with a backup, too, which can be put back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.backups.folder import BackupFolder
from backend.backups.restoring import restore
from backend.clock import Clock, utc_now
from backend.database import open_database
from backend.database.upgrade import check, newest, revision_of
from backend.main import open_installation, prepare
from backend.settings import Settings
from planner.refusal import Refusal
from tests.support.app_in_memory import an_api
from tests.support.databases import DATABASES
from tests.support.old_databases import content_of
from tests.support.old_postgresql import (
    OLD_REVISION,
    content_on_postgresql,
    lay_down_on_postgresql,
)

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    server = DATABASES.server()
    made = server.create()
    lay_down_on_postgresql(made, tmp_path)
    yield made
    server.drop(made)


def revision_at(url: str) -> str | None:
    database = open_database(Settings(database_url=url))
    try:
        return revision_of(database)
    finally:
        database.close()


def test_a_backup_of_the_old_schema_is_made_first_and_served_after_a_restore(
    tmp_path: Path, url: str
) -> None:
    before = content_on_postgresql(url, tmp_path)
    settings = Settings(data_dir=tmp_path / "data", database_url=url, backup_every_h=0)
    database = open_installation(settings, Clock()).database
    check(database)
    database.close()
    folder = BackupFolder(settings.backups_dir)
    (note,) = folder.notes()
    assert (note.state.cause, note.state.schema_revision) == ("upgrade", OLD_REVISION)
    assert content_of(folder.file_of(note.state)) == before
    assert before["pilots"]
    assert revision_at(url) == newest()
    restore(
        Settings(data_dir=tmp_path / "restored" / "data"), folder.file_of(note.state), now=utc_now()
    )
    with an_api(tmp_path / "restored", database_url=None) as api:
        assert api.get("/api/pilots").json()["total"] == len(before["pilots"])


def test_whoever_made_a_backup_of_their_own_upgrades_without(tmp_path: Path, url: str) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=url, backup_before_upgrade=0)
    prepare(settings)
    assert revision_at(url) == newest()
    assert not settings.backups_dir.exists()


def test_without_room_for_it_nothing_is_changed_and_the_way_out_is_told(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 17 * 2**20}))
    settings = Settings(data_dir=tmp_path / "data", database_url=url)
    with pytest.raises(Refusal, match="upgrade_needs_room"):
        prepare(settings)
    assert revision_at(url) == OLD_REVISION
