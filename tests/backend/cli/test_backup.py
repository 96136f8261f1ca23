"""``paybatch backup`` and ``paybatch restore``, as commands and on their own."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner, Result

from backend.backups.restoring import restore
from backend.backups.whole_file import examine
from backend.cli import main
from backend.database.sqlite import sqlite_module
from backend.database.upgrade import config_for, newest
from backend.disk.data_lock import held
from backend.settings import Settings
from backend.tables import PersonRow
from planner.refusal import Refusal
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve, post

NOW = datetime(2026, 11, 28, 14, tzinfo=UTC)
REPLACED = "replaced-20261128T140000Z.sqlite"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A backup with one finished pilot, for tests that copy it."""
    folder = tmp_path_factory.mktemp("original")
    with an_api(folder, database_url=None) as api:
        api.create(a_pilot(), throughput=planted_curve())
        api.worker().work_until_idle()
        made = api.installation.backups.make("order")
        yield api.installation.backups.folder.file_of(made)


@pytest.fixture
def backup(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "backup.sqlite"))


def pilots_in(file: Path) -> int:
    with closing(sqlite_module().connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM pilots").fetchone()[0])


def paybatch(*arguments: str, data_dir: Path, url: str = "", token: str = "") -> Result:
    variables = {"PAYBATCH_DATA_DIR": str(data_dir), "PAYBATCH_TOKEN": token, "PAYBATCH_URL": url}
    return CliRunner().invoke(main, [*arguments, "--lang", "en"], env=variables)


def test_a_running_installation_is_backed_up_to_a_file_of_ones_choice(
    live: tuple[str, str], tmp_path: Path
) -> None:
    url, token = live
    out = tmp_path / "safe.sqlite"
    answer = paybatch("backup", "--out", str(out), data_dir=tmp_path, url=url, token=token)
    assert answer.stdout.startswith("Backup ")
    assert answer.stdout.endswith(f"It is also in {out}.\n")
    assert examine(out).schema_revision == newest()


def test_a_place_that_takes_no_backup_is_told_and_nothing_is_left_there(
    live: tuple[str, str], tmp_path: Path
) -> None:
    url, token = live
    out = tmp_path / "taken"
    (out / "by a folder").mkdir(parents=True)
    for place in (tmp_path / "missing" / "safe.sqlite", out):
        answer = CliRunner().invoke(
            main,
            ["backup", "--out", str(place), "--lang", "en"],
            env={"PAYBATCH_DATA_DIR": str(tmp_path), "PAYBATCH_TOKEN": token, "PAYBATCH_URL": url},
        )
        assert answer.exit_code == 2
        assert answer.stderr.startswith(("--out: ", f"{place}: "))
    assert not list(tmp_path.glob("*.draft"))


def test_a_restored_backup_is_served_and_what_was_there_is_kept_aside(
    backup: Path, tmp_path: Path
) -> None:
    with an_api(tmp_path, database_url=None) as api:
        api.create(a_pilot())
        api.create(a_pilot(), key="second")
    answer = paybatch("restore", str(backup), data_dir=tmp_path / "data")
    assert answer.exit_code == 0
    (replaced,) = (tmp_path / "data").glob("replaced-*.sqlite")
    assert answer.stdout.endswith(f"What was there before is kept: {replaced}\n")
    assert pilots_in(replaced) == 2
    with an_api(tmp_path, database_url=None) as api:
        (pilot,) = api.get("/api/pilots").json()["items"]
        assert pilot["phase"] == "done"
        review = api.post("/api/reviews:compute", {"pilot_id": pilot["id"]})
        assert review.status_code == 200


def status_of(api: Api, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return api.http.get("/api/pilots", headers=headers).status_code


def test_credentials_go_on_after_a_restore_but_those_that_were_revoked_meanwhile(
    tmp_path: Path,
) -> None:
    with an_api(tmp_path, database_url=None) as api:
        kept, revoked = (
            api.post("/api/tokens", {"name": name, "scope": "viewer"}).json()
            for name in ("guest", "thief")
        )
        state = api.installation.backups.make("order")
        file = api.installation.backups.folder.file_of(state)
        api.post(f"/api/tokens/{revoked['id']}:revoke", {}).raise_for_status()
    restore(Settings(data_dir=tmp_path / "data"), file, now=NOW)
    with an_api(tmp_path, database_url=None) as api:
        assert status_of(api, kept["token"]) == 200
        assert status_of(api, revoked["token"]) == 401
        assert kept["token"].encode() not in file.read_bytes()


def test_a_worker_that_was_shut_out_stays_out_after_a_restore(tmp_path: Path) -> None:
    with an_api(tmp_path, database_url=None) as api:
        kept, out = api.worker(), api.worker(name="out")
        state = api.installation.backups.make("order")
        file = api.installation.backups.folder.file_of(state)
        api.post(f"/api/workers/{out.welcome.worker_id}:revoke", {}).raise_for_status()
    restore(Settings(data_dir=tmp_path / "data"), file, now=NOW)
    with an_api(tmp_path, database_url=None) as api:
        for worker, status in ((kept, 204), (out, 401)):
            path = f"/api/workers/{worker.welcome.worker_id}/claims"
            assert post(api.http, path, {}, worker.welcome.worker_token).status_code == status


def test_somebody_who_was_shut_out_since_the_backup_stays_out(tmp_path: Path) -> None:
    with an_api(tmp_path, database_url=None) as api:
        person = PersonRow(
            id="p1",
            issuer="https://login.example",
            subject="ann",
            known_as="Ann",
            name="Ann",
            email="",
            role="admin",
            role_from="provider",
            created_at=NOW,
            signed_in_at=NOW,
        )
        with api.installation.database.write() as session, session.begin():
            session.add(person)
        state = api.installation.backups.make("order")
        file = api.installation.backups.folder.file_of(state)
        body, headers = {"role": "none"}, {"Authorization": f"Bearer {api.credentials.admin_token}"}
        api.http.put("/api/people/p1/role", json=body, headers=headers).raise_for_status()
    restore(Settings(data_dir=tmp_path / "data"), file, now=NOW)
    with an_api(tmp_path, database_url=None) as api:
        (found,) = api.get("/api/people").json()["items"]
        assert (found["role"], found["role_from"]) == (None, "admin")


def test_nothing_is_restored_while_an_api_runs(backup: Path, tmp_path: Path) -> None:
    with an_api(tmp_path, database_url=None) as api:
        answer = paybatch("restore", str(backup), data_dir=tmp_path / "data")
        assert answer.exit_code == 2
        assert "Another Paybatch works in" in answer.stderr
        assert api.get("/api/pilots").json()["total"] == 0


def test_a_fresh_folder_takes_a_backup_too(backup: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "fresh")
    assert restore(settings, backup, now=NOW).replaced is None
    assert pilots_in(settings.database_path) == 1


def test_a_backup_of_an_earlier_schema_is_upgraded_before_it_is_put_in_place(
    tmp_path: Path,
) -> None:
    with an_api(tmp_path, database_url=None) as api:
        api.create(a_pilot())
        with api.installation.database.connection() as connection:
            command.downgrade(config_for(connection), "0004")
        state = api.installation.backups.make("order")
        file = api.installation.backups.folder.file_of(state)
    settings = Settings(data_dir=tmp_path / "other")
    assert restore(settings, file, now=NOW).revision == "0004"
    assert examine(settings.database_path).schema_revision == newest()
    assert pilots_in(settings.database_path) == 1


def damaged(backup: Path) -> Path:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    backup.write_bytes(content)
    return backup


def cut_short(backup: Path) -> Path:
    backup.write_bytes(backup.read_bytes()[:-5000])
    return backup


def of_a_newer_program(backup: Path) -> Path:
    with closing(sqlite_module().connect(backup)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    return backup


def foreign(backup: Path) -> Path:
    backup.unlink()
    with closing(sqlite_module().connect(backup)) as connection, connection:
        connection.execute("CREATE TABLE other (x)")
    return backup


def with_half_a_note(backup: Path) -> Path:
    backup.with_suffix(".json").write_text('{"state": {"sha')
    return backup


def changed(backup: Path) -> Path:
    backup.with_suffix(".json").write_text('{"state": {"sha256": "0"}}')
    return backup


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (damaged, "backup_broken"),
        (cut_short, "backup_broken"),
        (of_a_newer_program, "database_newer"),
        (foreign, "not_a_backup"),
        (changed, "backup_changed"),
        (with_half_a_note, "backup_changed"),
        (lambda backup: backup.with_name("none"), "file_not_found"),
    ],
)
def test_a_file_that_is_not_whole_or_not_ours_is_refused_and_changes_nothing(
    backup: Path, tmp_path: Path, harm: object, code: str
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    restore(settings, backup, now=NOW)
    before = settings.database_path.read_bytes()
    with pytest.raises(Refusal, match=code):
        restore(settings, harm(backup), now=NOW)  # type: ignore[operator]
    assert settings.database_path.read_bytes() == before
    assert sorted(place.name for place in settings.data_dir.iterdir()) == [
        "in-use",
        "paybatch.sqlite",
    ]


def test_the_log_of_a_killed_api_goes_with_what_it_belongs_to(backup: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    restore(settings, backup, now=NOW)
    writer = sqlite_module().connect(settings.database_path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE late (x)")
    places = [settings.database_path.with_name(f"paybatch.sqlite{end}") for end in ("", "-wal")]
    kept = [place.read_bytes() for place in places]
    writer.close()
    for place, content in zip(places, kept, strict=True):
        place.write_bytes(content)
    restore(settings, backup, now=NOW)
    assert not places[1].exists()
    with closing(sqlite_module().connect(settings.data_dir / REPLACED)) as connection:
        assert connection.execute("SELECT count(*) FROM late").fetchone() == (0,)
    assert pilots_in(settings.database_path) == 1


def test_a_database_too_damaged_to_be_opened_is_kept_with_its_log(
    backup: Path, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    settings.database_path.write_bytes(b"no database")
    log = settings.database_path.with_name("paybatch.sqlite-wal")
    log.write_bytes(b"its log")
    assert restore(settings, backup, now=NOW).replaced == settings.data_dir / REPLACED
    assert (settings.data_dir / REPLACED).read_bytes() == b"no database"
    assert (settings.data_dir / f"{REPLACED}-wal").read_bytes() == b"its log"
    assert not log.exists()
    with held(settings.data_dir):
        assert pilots_in(settings.database_path) == 1
