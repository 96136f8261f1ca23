"""Equal-effort controls over HTTP and from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.wire.codec import decode, encode
from planner.plans.equal_effort import Control
from tests.support.installation import Api, a_pilot, pilot_data, problem, schedule_data
from tests.support.planted_worker import planted_curve

TODAY_STEPS = 4 * 34
"""4 epochs of 1078 = 33 * 32 + 22 samples."""

GROWING_STEPS = 2 * 34 + 2 * 17
"""Batch 64 in the last two: 1078 = 16 * 64 + 54."""


def asked(**changes: object) -> dict[str, Any]:
    body = {"pilot": pilot_data(), "candidate": "growing batch", "effort": "steps", "name": "c"}
    return body | changes


def test_the_control_of_a_candidate_is_todays_formula_over_other_epochs(api: Api) -> None:
    answer = api.post("/api/plans:control", asked()).raise_for_status()
    found = decode(Control, answer.json())
    assert (found.schedule.name, found.schedule.role, found.schedule.epochs) == (
        "c",
        "candidate",
        3,
    )
    assert found.effort_ratio == pytest.approx(3 * 34 / GROWING_STEPS) == 1.0
    assert found.baseline_effort_ratio == pytest.approx(TODAY_STEPS / GROWING_STEPS)
    assert api.get("/api/pilots").json()["total"] == 0


def test_a_control_is_trained_to_its_own_end_and_reviewed_with_the_others(api: Api) -> None:
    found = decode(Control, api.post("/api/plans:control", asked()).json())
    data = pilot_data()
    data["schedules"].append(encode(found.schedule))
    created = api.create(a_pilot(**data))
    api.worker().work_until_idle()
    review = api.post("/api/reviews:compute", {"pilot_id": created.id}).raise_for_status().json()
    races = [race for race in review["races"] if race["schedule"] == "c"]
    assert races
    assert {race["steps"] for race in races} == {3 * 34}
    assert {race["status"] for race in races} == {"succeeded"}
    work = {found["schedule"]: found["work"]["steps"] for found in review["schedules"]}
    assert work == {"today": TODAY_STEPS, "growing batch": GROWING_STEPS, "c": GROWING_STEPS}


def test_time_is_that_of_the_device_that_was_measured(api: Api) -> None:
    timed = asked(effort="time")
    assert problem(api.post("/api/plans:control", timed)) == (
        422,
        "effort_needs_throughput",
        "effort",
    )
    api.create(a_pilot())
    api.worker().work_until_idle()
    found = decode(Control, api.post("/api/plans:control", timed).raise_for_status().json())
    assert found.schedule.epochs == 3
    money = decode(Control, api.post("/api/plans:control", asked(effort="money")).json())
    assert money.effort_ratio == pytest.approx(found.effort_ratio)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"candidate": "today"}, "not_one_of", "candidate"),
        ({"effort": "samples"}, "effort_already_equal", "effort"),
        ({"effort": "love"}, "not_one_of", "effort"),
        ({"name": " "}, "empty", "name"),
        ({"pilot": pilot_data(workload="other")}, "workload_unknown", "pilot.workload"),
    ],
)
def test_a_control_that_cannot_be_is_refused_at_its_field(
    api: Api, changes: dict[str, Any], code: str, field: str
) -> None:
    assert problem(api.post("/api/plans:control", asked(**changes))) == (422, code, field)


@pytest.mark.parametrize("epochs", [0, 10_001])
def test_epochs_of_a_schedules_own_are_as_many_as_a_pilot_may_have(api: Api, epochs: int) -> None:
    pilot = pilot_data()
    pilot["schedules"] = [*pilot["schedules"], schedule_data("own", epochs=epochs)]
    status, _, field = problem(api.post("/api/plans:compute", {"pilot": pilot}))
    assert (status, field) == (422, "pilot.schedules[2].epochs")


def test_the_command_writes_the_same_control_without_a_server(tmp_path: Path) -> None:
    pilot, curve = tmp_path / "pilot.json", tmp_path / "curve.json"
    pilot.write_text(json.dumps(pilot_data()), encoding="utf-8")
    curve.write_text(json.dumps(encode(planted_curve())), encoding="utf-8")
    command = ["schedule", "control", str(pilot), "--candidate", "growing batch"]
    steps = json.loads(CliRunner().invoke(main, command).stdout)
    assert (steps["schedule"]["epochs"], steps["effort_ratio"]) == (3, 1.0)
    assert steps["schedule"]["name"] == "today, steps of growing batch"
    timed = [*command, "--effort", "time"]
    assert CliRunner().invoke(main, timed).exit_code == 2
    told = CliRunner().invoke(main, [*timed, "--throughput", str(curve)])
    assert json.loads(told.stdout)["schedule"]["epochs"] == 3
