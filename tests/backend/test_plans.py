"""A plan over HTTP: joined to the curves, workers, queue and prices that are there now."""

from datetime import timedelta
from typing import Any

import pytest

from backend.wire.codec import decode
from planner.plans.plan_facts import PlanFacts
from tests.support.installation import Api, a_pilot, pilot_data, problem, schedule_data

TODAY_S = 4 * (33 * (1e-3 + 32 / 1e5) + 1e-3 + 22 / 1e5) + 5 * 0.01
"""4 epochs of 1078 = 33 * 32 + 22 samples on the planted device, and 5 evaluations."""


def plan(api: Api, **changes: object) -> PlanFacts:
    body = {"pilot": pilot_data(**changes)}
    return decode(PlanFacts, api.post("/api/plans:compute", body).raise_for_status().json())


def measured(api: Api) -> None:
    """A worker that is there, and its curve from an earlier pilot."""
    api.create(a_pilot())
    api.worker().work_until_idle()


def codes(found: PlanFacts) -> set[str]:
    return {warning.code for warning in found.warnings}


def test_on_a_new_installation_a_plan_says_what_is_missing(api: Api) -> None:
    found = plan(api)
    assert (found.device, found.workers, found.pilot_time_s) == (None, 0, None)
    assert (found.run_counts.probe, found.run_counts.confirmation) == (1, 4)
    assert found.unavailable == "throughput_unknown"
    assert {"workload_served_by_no_worker", "price_zero", "only_one_rate"} <= codes(found)


def test_a_known_device_gives_times_and_needs_no_probe(api: Api) -> None:
    measured(api)
    found = plan(api)
    assert (found.device, found.workers) == ("planted device", 1)
    assert found.run_counts.probe == 0
    assert found.schedules[0].run_time_s == pytest.approx(TODAY_S)
    assert found.pilot_time_s is not None
    assert found.finish_at == api.clock.at + timedelta(seconds=found.pilot_time_s)


def test_a_stored_curve_gives_times_though_its_worker_is_gone(api: Api) -> None:
    measured(api)
    api.clock.pass_s(31)
    found = plan(api)
    assert (found.workers, found.finish_at, found.run_counts.probe) == (0, None, 1)
    assert found.schedules[0].run_time_s == pytest.approx(TODAY_S)


def test_a_plan_is_done_after_everything_that_is_queued(api: Api) -> None:
    measured(api)
    alone = plan(api).finish_at
    api.create(a_pilot(), key="second")
    after = plan(api).finish_at
    assert alone is not None
    assert after is not None
    found = plan(api)
    assert found.pilot_time_s is not None
    assert (after - alone).total_seconds() == pytest.approx(found.pilot_time_s, rel=1e-3)


def test_a_plan_is_stored_nowhere(api: Api) -> None:
    plan(api)
    assert api.get("/api/pilots").json()["total"] == 0


def test_the_price_of_the_computer_makes_the_cost(api: Api) -> None:
    measured(api)
    body = {
        "pilot": pilot_data(),
        "pilot_rate_per_device_h": {"amount": 3.6, "currency": "USD"},
    }
    found = decode(PlanFacts, api.post("/api/plans:compute", body).json())
    assert found.pilot_device_h is not None
    assert found.pilot_cost is not None
    assert found.pilot_cost.amount == pytest.approx(3.6 * found.pilot_device_h)


def bad(**changes: object) -> dict[str, Any]:
    return {"pilot": pilot_data(**changes)}


PRODUCTION = {"training_h": 1, "device_count": 2, "batch_size": 8}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (bad(workload="other"), "workload_unknown", "pilot.workload"),
        (bad(hardware={"profile": "none"}), "price_unknown", "pilot.hardware.profile"),
        (bad(production=PRODUCTION), "device_counts_differ", "pilot.hardware.device_count"),
        (
            bad(hardware={"profile": "h100-sxm-lambda-8x"}, assumptions={"currency": "JPY"}),
            "exchange_rate_missing",
            "pilot.assumptions.exchange_rates",
        ),
        (bad(evaluation={"every": "9ep"}), "evaluation_after_the_end", "pilot.evaluation.every"),
    ],
)
def test_a_plan_that_could_not_be_run_or_priced_is_refused_at_its_field(
    api: Api, body: dict[str, Any], code: str, field: str
) -> None:
    assert problem(api.post("/api/plans:compute", body)) == (422, code, field)


def test_every_field_that_is_wrong_is_told_at_once(api: Api) -> None:
    schedules = [
        schedule_data("today", role="baseline", learning_rate={"initial": -1}),
        schedule_data("new", batch_size={"initial": 0}),
    ]
    answer = api.post("/api/plans:compute", bad(schedules=schedules, budget={"epochs": 0}))
    assert {error["field"] for error in answer.json()["errors"]} == {
        "pilot.budget.epochs",
        "pilot.schedules[0].learning_rate.initial",
        "pilot.schedules[1].batch_size.initial",
    }


def test_every_schedule_that_cannot_be_run_is_told_at_once(api: Api) -> None:
    data = bad(
        budget={"epochs": 10_000},
        schedules=[
            schedule_data("today", role="baseline", batch_size={"initial": 1}),
            schedule_data("new", batch_size={"initial": 1}),
        ],
    )
    errors = api.post("/api/plans:compute", data).json()["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [
        ("pilot.schedules[0].batch_size", "too_many_steps"),
        ("pilot.schedules[1].batch_size", "too_many_steps"),
    ]
