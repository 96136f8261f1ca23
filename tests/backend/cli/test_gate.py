import json

import httpx
import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.wire.codec import encode
from planner.exchange.states import PilotRequest
from tests.support.gated_pilots import CRITERIA, plant, priced_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture
def paybatch(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)
    return lambda *arguments: CliRunner().invoke(main, [*arguments, "--lang", "en"])


@pytest.fixture
def pilot_id(live):
    """A finished pilot whose criteria were fixed."""
    url, token = live
    body = encode(PilotRequest(pilot=priced_pilot(), throughput=planted_curve()))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "a"}
    with httpx.Client(base_url=url, timeout=60, headers=headers) as http:
        made = http.post("/api/pilots", json=body).raise_for_status().json()["id"]
        http.post(f"/api/pilots/{made}/adoption:fix-criteria", json=CRITERIA).raise_for_status()
        registration = {"name": "worker", "scope": "registration"}
        worker = http.post("/api/tokens", json=registration).json()["token"]
        PlantedWorker(http, worker, plant).work_until_idle()
    return made


def test_a_pilot_is_signed_and_taken_back_from_the_command_line(paybatch, pilot_id):
    assert json.loads(paybatch("gate", "show", pilot_id).stdout)["stage"] == "pilot"
    why = ("--name", "A", "--reason", "it pays")
    signed = json.loads(paybatch("gate", "sign", pilot_id, *why).stdout)
    assert (signed["stage"], signed["history"][0]["reason"]) == ("limited_rollout", "it pays")
    back = json.loads(paybatch("gate", "return", pilot_id, *why).stdout)
    assert back["stage"] == "returned"


def test_seeds_are_added_from_the_command_line(paybatch, pilot_id):
    state = json.loads(paybatch("gate", "add-seeds", pilot_id, "--seeds", "2").stdout)
    assert state["run_counts"]["queued"] == 2 * 2
    refused = paybatch("gate", "add-seeds", pilot_id, "--seeds", "2")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("The pilot is not done")
