import hashlib
import json
import zipfile

import httpx
import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cli.report_files import drawn_here, emptied, every_order
from backend.reports.formats import FORMATS
from backend.reports.pilot_folder import write_pilot_folder
from backend.services.report_sources import source_of
from backend.services.reviews import review_of
from backend.services.rollback_procedures import procedure_of
from backend.wire.codec import decode, encode
from planner.exchange.report_files import ReportOrder, ReportRecord, evidence_in
from planner.exchange.states import PilotRequest, Series
from planner.reviews.review import make_review
from planner.reviews.review_input import ReviewRequest
from tests.support.gated_pilots import plant, priced_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve
from tests.support.reported import NEVER, PAYS


@pytest.fixture
def paybatch(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)
    return lambda *arguments: CliRunner().invoke(main, ["report", *arguments])


@pytest.fixture
def stored(live):
    """A finished pilot, and the API that has it."""
    url, token = live
    body = encode(PilotRequest(pilot=priced_pilot(), throughput=planted_curve()))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a"}
    with httpx.Client(base_url=url, timeout=60, headers=headers) as http:
        made = http.post("/api/pilots", json=body).raise_for_status().json()["id"]
        registration = {"name": "worker", "scope": "registration"}
        worker = http.post("/api/tokens", json=registration).json()["token"]
        PlantedWorker(http, worker, plant).work_until_idle()
        yield made, http


def test_reports_of_a_running_paybatch_are_written_as_it_keeps_them(paybatch, stored, tmp_path):
    pilot_id, http = stored
    wanted = ("--format", "json", "--format", "csv", "--lang", "en", "--out", str(tmp_path))
    answer = paybatch(pilot_id, *wanted)
    assert answer.exit_code == 0, answer.output
    kept = http.get(f"/api/pilots/{pilot_id}/reports").json()["items"]
    assert [one["format"] for one in kept] == ["csv", "json"]
    for one in kept:
        content = (tmp_path / one["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert one["file_name"] in answer.stdout
    refused = paybatch("none", "--lang", "ja")
    assert (refused.exit_code, refused.stderr.isascii()) == (2, False)


def test_reports_of_a_folder_need_no_server(tmp_path):
    evidence = evidence_in(PAYS)
    review = review_of(evidence, ReviewRequest(evidence=evidence), look=1)
    write_pilot_folder(
        tmp_path,
        evidence,
        review,
        procedure_of(evidence, review),
        look=1,
        series_of=lambda _, group: Series(
            group=group, steps=(), columns={}, attempts=(), total_points=0
        ),
        progress=lambda _: None,
    )
    out = tmp_path / "meeting"
    command = ["report", str(tmp_path), "--format", "json", "--format", "csv", "--out", str(out)]
    answer = CliRunner().invoke(main, [*command, "--lang", "ja"])
    assert answer.exit_code == 0, answer.output
    (record,) = (json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.json"))
    told = decode(ReportRecord, record)
    assert told.review.schedules == review.schedules
    assert make_review(told.given) == told.review
    (tables,) = out.glob("*.zip")
    assert "about.csv" in zipfile.ZipFile(tables).namelist()
    (written,) = out.glob("*.json")
    again = tmp_path / "again"
    command = ["report", str(written), "--format", "json", "--format", "csv", "--out", str(again)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in out.iterdir()
    }


def test_reports_of_other_assumptions_lie_beside_each_other(tmp_path):
    for given in (PAYS, NEVER):
        source = source_of(given, schedule=None, reported_on="2026-11-24")
        assert len(list(drawn_here(source, (ReportOrder(format="json"),), tmp_path))) == 1
    told = [json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()]
    assert len({one["assumptions_sha256"] for one in told}) == 2


def test_a_file_that_is_no_report_is_refused(tmp_path):
    file = tmp_path / "x.json"
    for text, said in (("{", "JSON"), ('{"format_version": 1}', "given")):
        file.write_text(text, encoding="utf-8")
        answer = CliRunner().invoke(main, ["report", str(file), "--lang", "en"])
        assert (answer.exit_code, said in answer.stderr) == (2, True)


def test_every_kind_of_file_is_written_in_every_language_that_it_has():
    orders = [(order.format, order.language) for order in every_order()]
    assert len(set(orders)) == len(orders)
    for form, chosen in FORMATS.items():
        spoken = {language for found, language in orders if found == form}
        assert spoken == ({"en", "ja"} if chosen.in_language else {"en"})


def test_reports_of_an_earlier_pilot_are_taken_away_and_nothing_else(tmp_path):
    for name in ("paybatch-old.pdf", "notes.txt"):
        (tmp_path / name).touch()
    assert emptied(tmp_path) == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert emptied(tmp_path / "none").exists() is False
