"""Wherever a name of somebody's could meet a path or a header, it is refused or made harmless."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from backend.reports.file_name import attachment, file_name
from planner.exchange.work import CheckpointRecord
from planner.exports.export_request import exported_name
from planner.refusal import Refusal
from tests.support.hostile_paths import HOSTILE_PATHS, is_harmless, is_one_header
from tests.support.installation import Api, schedule_data
from tests.support.reported import PAYS, facts_of
from worker.supervising.store import FolderStore

FORMS = ("yaml", "json", "pytorch", "lightning", "hugging_face", "megatron")

PLACES = (
    "/api/reports/{}/file",
    "/api/backups/{}/file",
    "/api/pilots/{}",
    "/api/pilots/{}/records",
    "/api/runs/{}/log",
    "/api/runs/{}/series",
    "/api/snapshots/{}",
    "/api/views/{}",
    "/api/drafts/{}",
    "/api/published-settings/{}",
    "/api/prices/{}",
)
"""Addresses with a name in them; each is looked up and never a place on a disk."""


def test_there_are_enough_of_them():
    assert len(set(HOSTILE_PATHS)) >= 60


def test_a_report_is_called_harmlessly_whatever_its_pilot_is_called(tmp_path: Path):
    facts = facts_of(PAYS)
    for name in HOSTILE_PATHS:
        called = file_name(replace(facts, review=replace(facts.review, pilot=name)), "csv", "en")
        assert is_harmless(called, tmp_path), (name, called)
        assert is_one_header(attachment(called)), called


@pytest.mark.parametrize("form", FORMS)
def test_a_schedule_s_file_is_called_harmlessly(tmp_path: Path, form):
    for name in HOSTILE_PATHS:
        called = exported_name(name, form)
        assert is_harmless(called, tmp_path), (name, called)
        assert called.isascii()


def test_a_schedule_of_any_name_leaves_in_one_header_or_not_at_all(shared_api: Api):
    for name in HOSTILE_PATHS:
        asked = {
            "schedule": schedule_data(name),
            "to": "yaml",
            "epochs": 4,
            "training_samples": 100,
        }
        answer = shared_api.post("/api/schedules:export", asked)
        assert answer.status_code in (200, 422), name
        if answer.status_code == 200:
            assert is_one_header(answer.headers["content-disposition"])
            assert "set-cookie" not in answer.headers


def test_a_checkpoint_has_no_path_but_its_own():
    for name in (*HOSTILE_PATHS, "run/a1/step-1/../../..", "run/a1/../step-1", "/run/a1/step-1"):
        with pytest.raises(Refusal):
            CheckpointRecord(step=1, path=name, sha256="0" * 64, size_bytes=1)


def test_a_store_gives_and_takes_nothing_outside_itself(tmp_path: Path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("secret")
    store = FolderStore(tmp_path / "store")
    for number, name in enumerate((*HOSTILE_PATHS, "../outside", str(tmp_path / "outside"))):
        taken = tmp_path / f"taken-{number}"
        try:
            found = store.get(name, taken)
        except (ValueError, OSError):
            continue
        assert not found, name
    assert not list(tmp_path.glob("taken-*"))


@pytest.mark.parametrize("place", PLACES)
def test_no_address_reads_a_file_that_its_name_leads_to(shared_api: Api, place: str):
    for name in HOSTILE_PATHS[::3]:
        answer = shared_api.get(place.format(quote(name, safe="")))
        assert answer.status_code in (404, 405, 422), (place, name)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "root:" not in answer.text
