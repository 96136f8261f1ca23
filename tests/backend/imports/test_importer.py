"""The thread of imports: what a stop cuts off is begun again, what nobody goes on with goes."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.disk.uploads import ON_ITS_WAY_S, Uploads
from backend.tables import PilotRow, RunRow
from backend.threads.importer import IDLE_S, Importer
from backend.wire.codec import decode, encode_json
from planner.exchange.imports import ImportState
from planner.imports.mapping import ColumnMapping
from tests.support.app_in_memory import an_api
from tests.support.brought_files import (
    KNOWN_CSV,
    KNOWN_MAPPING,
    PATIENCE_S,
    bring,
    imported,
)
from tests.support.installation import Api
from tests.support.logged_runs import terms_of_import
from tests.support.statements import statements


@pytest.fixture
def api(tmp_path: Path, own_database: dict[str, str]) -> Iterator[Api]:
    with an_api(tmp_path, **own_database) as api:
        yield api


@pytest.fixture
def quiet(api: Api) -> Api:
    """Without a thread of its own: the test looks."""
    for thread in api.http.app.state.vitals.threads:  # type: ignore[attr-defined]  # the app's own client
        if thread.name == "importer":
            thread.stop()
    return api


class StoppedMidway(Importer):
    """One that is stopped while it reads."""

    def still_looks(self) -> None:
        self.stopped.set()


def state(api: Api, import_id: str) -> ImportState:
    return decode(ImportState, api.get(f"/api/imports/{import_id}").raise_for_status().json())


def ready_to_store(api: Api, importer: Importer) -> str:
    """A file that was mapped and read, and whose runs are to be stored next."""
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    sent = api.http.post(
        "/api/imports",
        params={"file_name": "runs.csv"},
        content=KNOWN_CSV.encode(),
        headers=headers | {"Content-Type": "application/octet-stream", "Idempotency-Key": "stop"},
    )
    path = f"/api/imports/{sent.raise_for_status().json()['id']}"
    importer.look()
    api.http.put(
        f"{path}/mapping",
        content=encode_json(ColumnMapping, KNOWN_MAPPING),
        headers=headers | {"Content-Type": "application/json"},
    ).raise_for_status()
    importer.look()
    create = {"Idempotency-Key": "stop"}
    api.post(f"{path}:create", terms_of_import(), **create).raise_for_status()
    return path.rpartition("/")[2]


def test_what_somebody_orders_wakes_the_thread_up(quiet: Api):
    importer = Importer(quiet.installation)
    importer.every_s = 24 * 3600.0  # on its own it looks tomorrow
    importer.start()
    try:
        assert imported(quiet, KNOWN_CSV.encode(), KNOWN_MAPPING, terms_of_import()).phase == "done"
    finally:
        importer.stop()
    assert importer.every_s > PATIENCE_S


def test_a_brief_answer_leaves_out_what_grows_with_the_file(api: Api):
    whole = imported(api, KNOWN_CSV.encode(), KNOWN_MAPPING, terms_of_import())
    assert None not in (whole.found, whole.mapping, whole.read, whole.terms)
    with statements() as asked:
        answer = api.get(f"/api/imports/{whole.id}", brief=True).raise_for_status()
    assert any("imports.phase" in one for one in asked)
    assert not any("imports.found" in one for one in asked)
    nothing = {"found": None, "mapping": None, "read": None, "terms": None}
    assert decode(ImportState, answer.json()) == replace(whole, **nothing)


def rows(api: Api) -> tuple[int, int]:
    """Pilots and runs in the database, hidden ones among them."""
    with api.installation.database.read() as session:
        found = [
            session.scalar(select(func.count()).select_from(one)) for one in (PilotRow, RunRow)
        ]
    return found[0] or 0, found[1] or 0


def test_an_import_that_a_stop_cut_off_is_begun_again_and_stored_once(quiet: Api):
    import_id = ready_to_store(quiet, Importer(quiet.installation))
    StoppedMidway(quiet.installation).look()
    cut_off = state(quiet, import_id)
    assert (cut_off.phase, cut_off.refusal, cut_off.pilot_id) == ("storing", None, None)
    assert quiet.get("/api/pilots").json()["items"] == []

    Importer(quiet.installation).look()
    stored = state(quiet, import_id)
    assert (stored.phase, stored.refusal) == ("done", None)
    assert rows(quiet) == (1, 6)


def grow_old(api: Api, import_id: str, seconds: float) -> None:
    """As if nobody had gone on with a file for so long."""
    folder = api.installation.settings.data_dir / "imports" / import_id
    then_s = time.time() - seconds
    for path in (folder / "file", folder):
        os.utime(path, (then_s, then_s))


def test_a_file_that_nobody_goes_on_with_for_a_day_is_thrown_away(api: Api):
    forgotten = bring(api, KNOWN_CSV.encode(), key="forgotten").id
    unreadable = bring(api, bytes(range(256)), key="unreadable").id
    recent = bring(api, KNOWN_CSV.encode(), key="recent").id
    for import_id, age_s in ((forgotten, IDLE_S), (unreadable, IDLE_S), (recent, IDLE_S / 2)):
        grow_old(api, import_id, age_s + 60)
    Importer(api.installation).look()
    assert [api.get(f"/api/imports/{one}").status_code for one in (forgotten, unreadable)] == [
        404,
        404,
    ]
    assert state(api, recent).phase == "mapping"
    kept = [path.name for path in (api.installation.settings.data_dir / "imports").iterdir()]
    assert kept == [recent]


def test_what_was_imported_stays_known_whatever_its_age(api: Api):
    done = imported(api, KNOWN_CSV.encode(), KNOWN_MAPPING, terms_of_import())
    api.clock.jump(days=30)
    Importer(api.installation).look()
    assert state(api, done.id).phase == "done"


def test_a_file_that_still_grows_is_not_old(tmp_path: Path):
    uploads = Uploads(tmp_path)
    folder = tmp_path / "imports" / "slow"
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"step")
    then_s = time.time() - 2 * ON_ITS_WAY_S
    os.utime(folder, (then_s, then_s))
    assert list(uploads.old()) == []
    os.utime(folder / "file", (then_s, then_s))
    assert list(uploads.old()) == ["slow"]
    uploads.touch("slow")
    assert list(uploads.old()) == []
