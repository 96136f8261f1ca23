"""Every wrong input is refused at its field, and nothing of it is stored."""

import json
import math
from typing import Any

import pytest

from tests.support.installation import Api, pilot_data, problem, schedule_data
from wording.catalogue import LANGUAGES
from wording.refusals import refusal_sentence

TODAY = schedule_data("today", role="baseline")
WARM_UP = {"initial": 0.1, "warm_up": {"maximum": 0.2, "epochs": 9}}


def with_candidate(**changes: object) -> dict[str, Any]:
    return pilot_data(schedules=[TODAY, schedule_data("candidate", **changes)])


CASES = {
    "batch 0": (
        with_candidate(batch_size={"initial": 0}),
        "pilot.schedules[1].batch_size.initial",
        None,
    ),
    "rate that is not a number": (
        with_candidate(learning_rate={"initial": math.nan}),
        "pilot.schedules[1].learning_rate.initial",
        "not_finite",
    ),
    "rate given as words": (
        with_candidate(learning_rate={"initial": "fast"}),
        "pilot.schedules[1].learning_rate.initial",
        "wrong_type",
    ),
    "yes for a number": (pilot_data(budget={"epochs": True}), "pilot.budget.epochs", "wrong_type"),
    "no for a value": (
        pilot_data(target={"metric": "validation_loss", "value": False, "direction": "below"}),
        "pilot.target.value",
        "wrong_type",
    ),
    "yes for a number that may be missing": (
        pilot_data(caps={"pilot_device_h": True}),
        "pilot.caps.pilot_device_h",
        "wrong_type",
    ),
    "target that is never evaluated": (
        pilot_data(target={"metric": "speed", "value": 1, "direction": "below"}),
        "pilot.target.metric",
        None,
    ),
    "target on test data": (
        pilot_data(target={"metric": "test_loss", "value": 1, "direction": "below"}),
        "pilot.target.metric",
        None,
    ),
    "unknown workload": (pilot_data(workload="nothing"), "pilot.workload", "workload_unknown"),
    "one seed in both phases": (
        pilot_data(seeds={"confirmation": [1, 2], "selection": [2]}),
        "pilot.seeds.confirmation",
        "seed_in_both_phases",
    ),
    "10,000 seeds": (
        pilot_data(seeds={"confirmation": list(range(10_000))}),
        "pilot.seeds.confirmation",
        "too_many_seeds",
    ),
    "warm-up longer than the run": (
        with_candidate(learning_rate=WARM_UP),
        "pilot.schedules[1].learning_rate.warm_up.epochs",
        "warm_up_longer_than_run",
    ),
    "price without a currency": (
        pilot_data(hardware={"rent_per_gpu_hour": {"amount": 2}}),
        "pilot.hardware.rent_per_gpu_hour.currency",
        "missing",
    ),
    "unknown key": (pilot_data(colour="red"), "pilot.colour", "unknown_field"),
    "unknown key deep inside": (
        with_candidate(batch_size={"initial": 8, "maximun": 64}),
        "pilot.schedules[1].batch_size.maximun",
        "unknown_field",
    ),
    "evaluation at no distance": (
        pilot_data(evaluation={"every": "0ep"}),
        "pilot.evaluation.every",
        None,
    ),
    "direction that does not exist": (
        pilot_data(target={"metric": "validation_loss", "value": 1, "direction": "left"}),
        "pilot.target.direction",
        "not_one_of",
    ),
    "no budget": (
        {key: value for key, value in pilot_data().items() if key != "budget"},
        "pilot.budget",
        "missing",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_pilot_is_refused_at_its_field_and_not_stored(api: Api, case: str) -> None:
    pilot, field, code = CASES[case]
    answer = api.http.post(
        "/api/pilots",
        content=json.dumps({"pilot": pilot}),
        headers={
            "Authorization": f"Bearer {api.credentials.admin_token}",
            "Content-Type": "application/json",
            "Idempotency-Key": "a",
        },
    )
    status, told, at = problem(answer)
    assert (status, at) == (422, field)
    assert code in (None, told)
    params = answer.json()["errors"][0]["params"]
    english, japanese = (refusal_sentence(told, language, params) for language in LANGUAGES)
    assert english.isascii()
    assert not japanese.isascii()
    with api.installation.database.read() as session:
        for table in ("pilots", "runs", "idempotency_keys", "audit_entries"):
            count = session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert count.scalar() == 0


def test_every_wrong_field_is_named_at_once(api: Api) -> None:
    pilot = pilot_data(budget={}, colour="red")
    answer = api.post("/api/pilots", {"pilot": pilot}, **{"Idempotency-Key": "a"})
    named = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert named == {"pilot.budget.epochs": "missing", "pilot.colour": "unknown_field"}


def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    answer = api.http.post(
        "/api/pilots",
        content=b'{"pilot": ',
        headers={
            "Authorization": f"Bearer {api.credentials.admin_token}",
            "Content-Type": "application/json",
            "Idempotency-Key": "a",
        },
    )
    assert problem(answer) == (422, "not_json", "")


@pytest.mark.parametrize(
    ("query", "field"),
    [({"page": 0}, "page"), ({"page_size": 9999}, "page_size"), ({"status": "lost"}, "status")],
)
def test_a_wrong_query_is_refused_at_its_name(
    api: Api, query: dict[str, object], field: str
) -> None:
    status, _, at = problem(api.get("/api/runs", **query))
    assert (status, at) == (422, field)
