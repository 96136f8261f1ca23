"""Errors on the wire say codes and fields, and never what an unknown exception said."""

import logging
import warnings
from pathlib import Path

import pytest

from backend.access.security import POLICY
from backend.main import create_app
from backend.settings import Settings
from backend.wire.codec import decode, encode
from backend.wire.problems import InputError, Problem, below, joined
from planner.pilots.pilot import Pilot
from planner.refusal import Refusal
from planner.schedules.schedule import Schedule
from tests.support.installation import (
    Api,
    a_pilot,
    credentials_in,
    pilot_data,
    problem,
    schedule_data,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


def test_an_unknown_exception_is_logged_and_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(data_dir=tmp_path))

    @app.get("/api/broken")
    def broken() -> None:
        raise KeyError("secret of the house")

    monkeypatch.setitem(POLICY, "GET /api/broken", "viewer")
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    with client, caplog.at_level(logging.ERROR):
        token = credentials_in(tmp_path).admin_token
        answer = client.get("/api/broken", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text


def test_a_decoded_pilot_encodes_to_data_that_decodes_to_it() -> None:
    pilot = a_pilot()
    assert decode(Pilot, encode(pilot)) == pilot


def test_problems_of_a_file_carry_field_code_and_params() -> None:
    data = pilot_data(schedules=[schedule_data("today", role="boss", learning_rate={})])
    with pytest.raises(InputError) as refused:
        decode(Pilot, data)
    assert refused.value.problems == (
        Problem(
            field="schedules[0].role",
            code="not_one_of",
            params={"allowed": "'baseline' or 'candidate'"},
        ),
        Problem(field="schedules[0].learning_rate.initial", code="missing"),
    )


def test_a_refusal_deep_inside_is_named_from_the_outside() -> None:
    data = schedule_data("x" * 500, batch_size={"initial": 8, "growth": -1, "every_epochs": 2})
    with pytest.raises(InputError) as refused:
        decode(Schedule, data)
    (problem,) = refused.value.problems
    assert problem.field.startswith("batch_size.")


@pytest.mark.parametrize("epochs", [1.5, "eight", None, [8], {}])
def test_a_count_is_a_whole_number_and_nothing_else(epochs: object) -> None:
    with pytest.raises(InputError, match=r"budget\.epochs: wrong_type"):
        decode(Pilot, pilot_data(budget={"epochs": epochs}))


def test_paths_are_joined_as_people_write_them() -> None:
    assert joined(["pilot", "schedules", 0, "name"]) == "pilot.schedules[0].name"
    assert below("pilot", Refusal("schedules[1].name", "empty")).field == "pilot.schedules[1].name"
    assert below("pilot", Refusal("", "empty")).field == "pilot"


def test_an_address_says_which_methods_it_takes(shared_api: Api) -> None:
    told = {
        "/api/prices": "GET, POST",
        "/api/views/one": "DELETE, GET",
        "/api/runs/one:cancel": "POST",
        "/api/throughput/1:retire": "POST",
    }
    for path, methods in told.items():
        answer = shared_api.http.options(path)
        assert problem(answer) == (405, "method_wrong", None)
        assert answer.headers["allow"] == methods


def test_what_is_done_with_a_thing_is_no_part_of_its_name(shared_api: Api) -> None:
    assert problem(shared_api.get("/api/pilots/one:cancel")) == (405, "method_wrong", None)
    assert problem(shared_api.get("/api/pilots/one:nothing")) == (404, "route_not_found", None)


@pytest.mark.parametrize("body", [b"\x7f\xd5", b"{", b'{"a": ' * 99_999, b'"\x00"'])
def test_bytes_that_are_no_json_are_refused_as_such(shared_api: Api, body: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {shared_api.credentials.admin_token}",
        "Content-Type": "application/json",
    }
    answer = shared_api.http.post("/api/plans:compute", content=body, headers=headers)
    assert problem(answer) == (422, "not_json", "")


def test_public_routes_are_described_as_such(shared_api: Api) -> None:
    paths = shared_api.get("/api/openapi.json").json()["paths"]
    assert paths["/api/health"]["get"]["security"] == []
    assert paths["/api/prices"]["get"]["security"] == [{"HTTPBearer": []}]
