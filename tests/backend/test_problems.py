"""Errors on the wire say codes and fields, and never what an unknown exception said."""

import logging
import warnings
from pathlib import Path

import pytest

from backend.codec import decode, encode
from backend.main import create_app
from backend.problems import InputError, Problem, below, joined
from backend.security import POLICY
from backend.settings import Settings
from planner.pilots.pilot import Pilot
from planner.refusal import Refusal
from planner.schedules.schedule import Schedule
from tests.support.installation import a_pilot, credentials_in, pilot_data, schedule_data

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
