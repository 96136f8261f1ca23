"""The API as the process that people start: killed at any moment, it keeps what it acknowledged."""

from pathlib import Path

import httpx

from planner.exchange.states import PilotRequest
from tests.contract.programs import ApiProcess
from tests.support.installation import a_pilot, credentials_in
from tests.support.planted_worker import planted_curve, post

BODY = PilotRequest(pilot=a_pilot(), throughput=planted_curve())


def create(http: httpx.Client, token: str, key: str) -> str:
    answer = post(http, "/api/pilots", BODY, token, **{"Idempotency-Key": key})
    pilot_id: str = answer.raise_for_status().json()["id"]
    return pilot_id


def test_a_killed_api_has_every_pilot_that_it_acknowledged(tmp_path: Path) -> None:
    api = ApiProcess(tmp_path)
    token = credentials_in(tmp_path / "api").admin_token
    acknowledged = []
    for life in range(3):
        with httpx.Client(base_url=api.url, timeout=30) as http:
            acknowledged += [create(http, token, f"{life}-{number}") for number in range(5)]
        api.kill()
        api.start()
    with httpx.Client(base_url=api.url, timeout=30) as http:
        assert create(http, token, "0-0") == acknowledged[0]
        headers = {"Authorization": f"Bearer {token}"}
        found = http.get("/api/pilots", params={"page_size": 100}, headers=headers).json()
    api.close()
    assert {pilot["id"] for pilot in found["items"]} == set(acknowledged)
    assert found["total"] == 15
