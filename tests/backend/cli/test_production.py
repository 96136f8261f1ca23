"""``paybatch production``: a file of trainings in, or refused at line and column."""

import json
from datetime import UTC, datetime

import httpx
import pytest
import yaml
from click.testing import CliRunner

from backend.cli import main
from backend.wire.codec import encode
from planner.exchange.states import PilotRequest
from tests.support.gated_pilots import CRITERIA, SIGNATURE, plant, priced_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve
from tests.support.production_files import LOG, MAPPING, table


@pytest.fixture
def paybatch(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)
    return lambda *arguments: CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"])


@pytest.fixture
def pilot_id(live):
    """A pilot whose limited rollout was signed today."""
    url, token = live
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a"}
    with httpx.Client(base_url=url, timeout=60, headers=headers) as http:
        body = encode(PilotRequest(pilot=priced_pilot(), throughput=planted_curve()))
        made = http.post("/api/pilots", json=body).raise_for_status().json()["id"]
        http.post(f"/api/pilots/{made}/adoption:fix-criteria", json=CRITERIA).raise_for_status()
        registration = {"name": "worker", "scope": "registration"}
        worker = http.post("/api/tokens", json=registration).json()["token"]
        PlantedWorker(http, worker, plant).work_until_idle()
        http.post(f"/api/pilots/{made}/adoption:sign", json=SIGNATURE).raise_for_status()
    return made


def row(name, minutes="60"):
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return f"{name};growing batch;{now};{minutes};8;yes;"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "trainings.csv"
    path.write_text(table(row("a"), row("b")), encoding="utf-8")
    return path


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(yaml.safe_dump(MAPPING), encoding="utf-8")
    return path


def test_a_file_is_previewed_and_then_stored_once(paybatch, pilot_id, file, mapping):
    seen = json.loads(
        paybatch("production", "preview", pilot_id, file, "--mapping", mapping).stdout
    )
    assert [one["fate"] for one in seen["rows"]] == ["new", "new"]
    stored, again = (
        json.loads(paybatch("production", "import", pilot_id, file, "--mapping", mapping).stdout)
        for _ in range(2)
    )
    assert (stored["stored"], stored["known"]) == (2, 0)
    assert (again["stored"], again["known"]) == (0, 2)
    assert again["adoption"]["realised"]["trainings"] == 2
    why = ("--reason", "the wrong month")
    left = json.loads(paybatch("production", "withdraw", pilot_id, stored["sha256"], *why).stdout)
    assert left["results"] == []


def test_every_wrong_row_is_named_and_nothing_is_stored(paybatch, pilot_id, file, mapping):
    file.write_text(table(row("a"), row("b", "1 h"), row("c", "")), encoding="utf-8")
    refused = paybatch("production", "import", pilot_id, file, "--mapping", mapping)
    assert refused.exit_code == 2
    assert 'Line 3, column "minutes": "1 h"' in refused.stderr
    assert 'Line 4: the column "minutes" is empty' in refused.stderr
    file.write_text(table(row("a")), encoding="utf-8")
    right = paybatch("production", "import", pilot_id, file, "--mapping", mapping)
    assert json.loads(right.stdout)["adoption"]["realised"]["trainings"] == 1


def test_a_broken_file_and_one_that_is_not_there_are_refused(paybatch, pilot_id, file, mapping):
    file.write_text(table("a;b"), encoding="utf-8")
    broken = paybatch("production", "preview", pilot_id, file, "--mapping", mapping)
    assert (broken.exit_code, "Line 2 has 2 cells" in broken.stderr) == (2, True)
    gone = paybatch("production", "preview", pilot_id, file.parent / "no.csv", "--mapping", mapping)
    assert gone.exit_code == 2


def test_a_folder_of_logs_is_taken_as_one(paybatch, pilot_id, tmp_path, mapping):
    folder = tmp_path / "logs"
    folder.mkdir()
    now = datetime.now(UTC).replace(microsecond=0)
    lines = (f"r,growing batch,{step},{now.isoformat()},{3 * step},0.5" for step in (1, 2))
    text = "run,recipe,step,timestamp,hours,loss\n" + "\n".join(lines)
    (folder / "run.csv").write_text(text, encoding="utf-8")
    log = LOG | {"elapsed": {"column": "hours", "unit": "hours"}}
    said = {"runs": {"log": log, "device_count": 8, "unknown_ends": "reached"}}
    mapping.write_text(yaml.safe_dump(said), encoding="utf-8")
    answer = paybatch("production", "import", pilot_id, folder, "--mapping", mapping)
    (kept,) = json.loads(answer.stdout)["adoption"]["results"]
    assert kept["result"]["training_h"] == 6.0
    assert kept["result"]["origin"]["name"] == "r"
