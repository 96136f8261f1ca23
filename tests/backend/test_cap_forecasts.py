"""What is expected of caps before a pilot starts, while it runs, and until the month's end."""

from typing import Any

import pytest

from backend.wire.codec import decode
from planner.exchange.page_states import LiveView
from planner.exchange.states import MonthCaps, MonthCapsChange
from planner.pilots.cap_use import CapUse
from planner.pilots.caps import Limits
from planner.plans.plan_facts import PlanFacts
from tests.support.installation import Api, StillClock, a_pilot, pilot_data, problem
from tests.support.planted_worker import planted_curve

HOUR_S = 3600.0
PRICED = {"rent_per_gpu_hour": {"amount": 36.0, "currency": "USD"}}
"""One cent a second."""


def usd(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def put_caps(api: Api, limits: dict[str, Any]) -> MonthCaps:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    answer = api.http.put("/api/caps", json=limits, headers=headers).raise_for_status()
    return decode(MonthCaps, answer.json())


def month(api: Api) -> MonthCaps:
    return decode(MonthCaps, api.get("/api/caps").raise_for_status().json())


def planned(api: Api, caps: dict[str, Any]) -> PlanFacts:
    body = {"pilot": pilot_data(caps=caps, hardware=PRICED)}
    return decode(PlanFacts, api.post("/api/plans:compute", body).raise_for_status().json())


def known_speed(api: Api) -> float:
    """Leaves a measured curve behind; device-hours that the planned pilot then needs."""
    pilot = api.create(a_pilot(seeds={"confirmation": [1]}), key="speed")
    api.worker().work_until_idle()
    assert api.pilot(pilot.id).phase == "done"
    device_h = planned(api, {}).pilot_device_h
    assert device_h is not None
    return device_h


def test_a_plan_says_how_much_of_each_of_its_caps_it_is_expected_to_use(api: Api) -> None:
    device_h = known_speed(api)
    caps = {"pilot_device_h": 2 * device_h, "pilot_money": usd(36.0 * device_h / 2)}
    facts = planned(api, caps)
    assert [use.expected_fraction for use in facts.caps] == pytest.approx([0.5, 2.0])
    warned = [one.field for one in facts.warnings if one.code.startswith("cap_below_need")]
    assert warned == ["caps.pilot_money"]


def test_a_plan_says_that_it_would_pass_a_cap_of_the_month(api: Api) -> None:
    device_h = known_speed(api)
    put_caps(api, {"device_h": device_h / 2})
    facts = planned(api, {})
    assert "month_cap_below_need" in [one.code for one in facts.warnings]
    (use,) = facts.caps
    assert use.scope == "month"
    assert use.expected == pytest.approx(use.used + device_h)


def test_a_cap_that_could_never_stop_anything_is_refused_while_it_is_planned(api: Api) -> None:
    body = {"pilot": pilot_data(caps={"pilot_money": usd(1.0)})}
    answer = problem(api.post("/api/plans:compute", body))
    assert answer == (422, "cap_needs_price", "pilot.caps.pilot_money")


def test_the_month_is_expected_to_end_with_what_every_open_pilot_still_needs(
    api: Api,
) -> None:
    put_caps(api, {"device_h": 1.0})
    first = api.create(a_pilot(), throughput=planted_curve(), key="first")
    needed_h = live(api, first.id)[0].expected
    assert needed_h is not None
    second = api.create(a_pilot(), throughput=planted_curve(), key="second")
    (use,) = month(api).uses
    assert (use.used, use.expected) == (0.0, pytest.approx(2 * needed_h))
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    worker.finish(claim.runs[0], step=0, outcome="released", wall_clock_s=0.5)
    (use,) = month(api).uses
    assert use.used == pytest.approx(0.5 / HOUR_S)
    assert use.expected == pytest.approx(2 * needed_h)
    api.post(f"/api/pilots/{first.id}:cancel", {}).raise_for_status()
    api.post(f"/api/pilots/{second.id}:cancel", {}).raise_for_status()
    (use,) = month(api).uses
    assert use.expected == pytest.approx(0.5 / HOUR_S)


def test_a_pilot_of_unknown_speed_is_left_out_of_the_month_and_counted(api: Api) -> None:
    put_caps(api, {"device_h": 1.0})
    api.create(a_pilot())
    found = month(api)
    assert (found.pilots_unknown, [use.expected for use in found.uses]) == (1, [0.0])


def live(api: Api, pilot_id: str) -> tuple[CapUse, ...]:
    answer = api.get(f"/api/pilots/{pilot_id}/live").raise_for_status()
    return decode(LiveView, answer.json()).caps


def test_a_running_run_is_expected_to_use_its_seconds_so_far_and_those_of_the_steps_left(
    api: Api, clock: StillClock
) -> None:
    """Nothing was done in 100 seconds: the whole run is still ahead."""
    pilot = api.create(a_pilot(caps={"run_device_h": 1.0}), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    (before,) = live(api, pilot.id)
    for _ in range(10):
        clock.pass_s(10)
        worker.beat(claim)
    (after,) = live(api, pilot.id)
    assert before.expected is not None
    assert after.expected == pytest.approx(before.expected + 100 / HOUR_S)
    assert after.used == pytest.approx(100 / HOUR_S)


def test_of_several_runs_the_one_is_shown_that_will_use_most_of_its_cap(
    api: Api, clock: StillClock
) -> None:
    """The first has used more so far and is nearly done; the second has all its steps ahead."""
    pilot = api.create(a_pilot(caps={"run_device_h": 1.0}), throughput=planted_curve())
    first, second = api.worker(), api.worker()
    begun = first.claim()
    assert begun is not None
    (alone,) = live(api, pilot.id)
    assert alone.expected is not None
    whole_s = alone.expected * HOUR_S
    clock.pass_s(whole_s / 2)
    assert second.claim() is not None
    steps = api.run(begun.runs[0].run_id).steps_planned
    assert steps is not None
    first.beat(begun, step=steps - 1)
    (use,) = live(api, pilot.id)
    assert use.used == 0
    assert use.expected is not None
    assert use.expected > (whole_s / 2) / HOUR_S


def test_the_live_page_is_told_the_caps_as_they_stand_after_a_raise(api: Api) -> None:
    pilot = api.create(a_pilot(caps={"pilot_device_h": 1.0}), throughput=planted_curve())
    path = f"/api/pilots/{pilot.id}:raise-cap"
    api.post(path, {"pilot_device_h": 3.0}).raise_for_status()
    view = decode(LiveView, api.get(f"/api/pilots/{pilot.id}/live").json())
    assert view.limits.pilot_device_h == 3.0


def test_every_change_of_the_caps_of_the_month_is_kept_newest_first(
    api: Api, clock: StillClock
) -> None:
    put_caps(api, {"device_h": 1.0})
    first_at = clock.at
    clock.pass_s(60)
    put_caps(api, {"device_h": 2.0, "money": usd(50.0)})
    answer = api.get("/api/caps/history").raise_for_status()
    newer, older = decode(tuple[MonthCapsChange, ...], answer.json())
    assert (older.at, older.before, older.after) == (first_at, Limits(), Limits(device_h=1.0))
    assert newer.before == older.after
    assert newer.after.money is not None
    assert (newer.after.device_h, newer.after.money.amount) == (2.0, 50.0)
    assert newer.by == "owner"
