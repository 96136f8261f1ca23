"""Caps in money, energy and device-hours, of a run, a pilot and the installation's month."""

from typing import Any

import pytest

from backend.threads.reaper import begin_month
from planner.exchange.states import PilotState
from planner.exchange.work import Claim, SeriesChunk
from tests.support.installation import Api, StillClock, a_pilot, pilot_data, problem
from tests.support.planted_worker import PlantedWorker, planted_curve

BEAT_S = 2.0
HOUR_S = 3600.0
PRICED = {"rent_per_gpu_hour": {"amount": 36.0, "currency": "USD"}}
"""One cent a second."""


def usd(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def create(api: Api, caps: dict[str, Any], *, key: str = "first", **changes: Any) -> PilotState:
    changes = {"hardware": PRICED} | changes
    return api.create(a_pilot(caps=caps, **changes), throughput=planted_curve(), key=key)


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def seconds_until_stopped(clock: StillClock, worker: PlantedWorker, claim: Claim) -> float:
    """How long a worker is let go on that beats as it should."""
    began_s = clock.monotonic_s
    while worker.beat(claim) == "continue":
        clock.pass_s(BEAT_S)
    return clock.monotonic_s - began_s


def stop(worker: PlantedWorker, claim: Claim, *, after_s: float) -> str:
    ended = worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=after_s)
    assert ended.status == "capped"
    return ended.reason


CAPS = {
    "run_device_h": ({"run_device_h": 101 / HOUR_S}, 101.0),
    "run_money": ({"run_money": usd(1.01)}, 101.0),
    "run_energy_kwh": ({"run_energy_kwh": 101 * 500 / 3.6e6, "device_w": 500.0}, 101.0),
    "pilot_device_h": ({"pilot_device_h": 101 / HOUR_S}, 101.0),
    "pilot_money": ({"pilot_money": usd(1.01)}, 101.0),
    "pilot_energy_kwh": ({"pilot_energy_kwh": 101 * 500 / 3.6e6, "device_w": 500.0}, 101.0),
}
"""Caps of 101 seconds, which lie between two beats, by the reason that they give."""


@pytest.mark.parametrize("name", CAPS)
def test_no_run_passes_its_cap_by_more_than_one_beat(
    api: Api, clock: StillClock, name: str
) -> None:
    caps, cap_s = CAPS[name]
    create(api, caps)
    worker = api.worker()
    claim = claimed(worker)
    stopped_s = seconds_until_stopped(clock, worker, claim)
    assert cap_s <= stopped_s < cap_s + BEAT_S
    assert stop(worker, claim, after_s=stopped_s) == f"cap_{name}"


@pytest.mark.parametrize("unit", ["device_h", "money"])
def test_the_month_of_the_installation_stops_every_pilot(
    api: Api, clock: StillClock, unit: str
) -> None:
    limits = {"device_h": 101 / HOUR_S, "money": usd(1.01)}
    set_month(api, {unit: limits[unit]})
    create(api, {})
    create(api, {}, key="second", name="another")
    worker = api.worker()
    first = claimed(worker)
    for _ in range(30):
        clock.pass_s(BEAT_S)
        assert worker.beat(first) == "continue"
    worker.finish(first.runs[0], step=3, outcome="released", wall_clock_s=60.0)
    second = claimed(worker)
    stopped_s = 60 + seconds_until_stopped(clock, worker, second)
    assert 101 <= stopped_s < 101 + BEAT_S
    assert stop(worker, second, after_s=stopped_s - 60) == f"cap_month_{unit}"
    assert worker.claim() is None


def set_month(api: Api, limits: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    answer = api.http.put("/api/caps", json=limits, headers=headers)
    told: dict[str, Any] = answer.raise_for_status().json()
    return told


YEN = {"rent_per_gpu_hour": {"amount": 5400.0, "currency": "JPY"}}


@pytest.mark.parametrize("hardware", [{}, YEN])
def test_money_that_nobody_can_count_is_not_said_to_be_nothing(
    api: Api, hardware: dict[str, Any]
) -> None:
    set_month(api, {"device_h": 1.0, "money": usd(100.0)})
    create(api, {})
    api.worker().train(claimed(api.worker()).runs[0])
    hours, money = api.get("/api/caps").json()["uses"]
    assert (hours["estimated"], money["estimated"]) == (False, False)
    other = create(api, {}, key="other", hardware=hardware)
    api.post(f"/api/runs/{api.runs(other.id)[0].id}:prioritise", {"priority": 1})
    api.worker().train(claimed(api.worker()).runs[0])
    hours, money = api.get("/api/caps").json()["uses"]
    assert hours["used"] == pytest.approx(2 / HOUR_S)
    assert (hours["estimated"], money["estimated"]) == (False, True)
    assert money["used"] == pytest.approx(0.01)


def test_a_new_month_begins_with_nothing_used(api: Api, clock: StillClock) -> None:
    create(api, {})
    set_month(api, {"device_h": 1.0})
    api.worker().train(claimed(api.worker()).runs[0])
    (use,) = api.get("/api/caps").json()["uses"]
    assert use["used"] == pytest.approx(1 / HOUR_S)
    clock.jump(days=31)
    (use,) = api.get("/api/caps").json()["uses"]
    assert use["used"] == 0


def test_a_new_month_queues_runs_again_that_the_last_one_stopped(
    api: Api, clock: StillClock
) -> None:
    set_month(api, {"device_h": 0.01})
    pilot = create(api, {})
    worker = api.worker()
    claim = claimed(worker)
    stop(worker, claim, after_s=seconds_until_stopped(clock, worker, claim))
    begin_month(api.installation)
    assert api.pilot(pilot.id).run_counts == {"capped": 1, "queued": 3}
    clock.jump(days=31)
    begin_month(api.installation)
    assert api.pilot(pilot.id).run_counts == {"queued": 4}
    worker.work_until_idle()
    assert api.pilot(pilot.id).phase == "done"


def test_a_raised_month_queues_its_runs_again(api: Api, clock: StillClock) -> None:
    set_month(api, {"device_h": 0.01})
    pilot = create(api, {})
    worker = api.worker()
    claim = claimed(worker)
    stop(worker, claim, after_s=seconds_until_stopped(clock, worker, claim))
    assert api.pilot(pilot.id).cap_reached
    set_month(api, {"device_h": 1.0})
    assert api.pilot(pilot.id).run_counts == {"queued": 4}
    worker.work_until_idle()
    assert api.pilot(pilot.id).phase == "done"


def test_a_raised_month_queues_runs_again_that_stopped_together(
    api: Api, clock: StillClock
) -> None:
    """The first is billed less than it was held for: the month has room when the second stops."""
    set_month(api, {"device_h": 100 / HOUR_S})
    pilot = create(api, {})
    worker, another = api.worker(), api.worker(name="another")
    first, second = claimed(worker), claimed(another)
    clock.pass_s(51)
    assert (worker.beat(first), another.beat(second)) == ("cap", "cap")
    assert stop(worker, first, after_s=45) == "cap_month_device_h"
    assert stop(another, second, after_s=45) == "cap_month_device_h"
    set_month(api, {"device_h": 1.0})
    assert api.pilot(pilot.id).run_counts == {"queued": 4}
    assert not api.pilot(pilot.id).cap_reached


def test_a_run_at_its_own_cap_counts_as_not_reached_and_stops_nobody(
    api: Api, clock: StillClock
) -> None:
    pilot = create(api, {"run_device_h": 0.01})
    worker = api.worker()
    claim = claimed(worker)
    stop(worker, claim, after_s=seconds_until_stopped(clock, worker, claim))
    worker.work_until_idle()
    state = api.pilot(pilot.id)
    assert (state.phase, state.run_counts) == ("done", {"capped": 1, "succeeded": 3})


def test_a_measured_energy_comes_before_the_power_of_the_board(api: Api, clock: StillClock) -> None:
    """A meter that reads 1,000 W where 500 W were expected uses the cap twice as fast."""
    pilot = create(api, {"run_energy_kwh": 100 * 500 / 3.6e6, "device_w": 500.0})
    worker = api.worker()
    claim = claimed(worker)
    run = claim.runs[0]
    worker.start(run, from_step=0)
    clock.pass_s(10)
    chunk = SeriesChunk(
        seq=0,
        group="meters",
        steps=(1,),
        columns={"energy_j": (10_000.0,)},
        wall_clock_s=10.0,
    )
    worker.write(run, "series", chunk).raise_for_status()
    assert seconds_until_stopped(clock, worker, claim) == 40
    caps = api.get(f"/api/pilots/{pilot.id}/live").json()["caps"]
    assert [(use["unit"], use["estimated"]) for use in caps] == [("energy_kwh", False)]


def test_people_are_warned_from_eighty_per_cent_on(api: Api, clock: StillClock) -> None:
    pilot = create(api, {"pilot_money": usd(1.0)})
    worker = api.worker()
    claim = claimed(worker)
    for used_s in (40, 40):
        clock.pass_s(used_s)
        worker.beat(claim)
    (use,) = api.get(f"/api/pilots/{pilot.id}/live").json()["caps"]
    assert (use["scope"], use["unit"], use["currency"]) == ("pilot", "money", "USD")
    assert use["used"] == pytest.approx(0.8)


def test_a_cap_of_another_currency_is_counted_at_the_stated_rate(
    api: Api, clock: StillClock
) -> None:
    rate = {"base": "USD", "quote": "JPY", "rate": 150.0, "as_of": "2026-11-01"}
    yen = {"amount": 150.0, "currency": "JPY"}
    create(api, {"run_money": yen}, assumptions={"exchange_rates": [rate]})
    worker = api.worker()
    assert seconds_until_stopped(clock, worker, claimed(worker)) == 100


@pytest.mark.parametrize(
    ("caps", "hardware", "field", "code"),
    [
        ({"pilot_money": usd(1.0)}, {}, "pilot.caps.pilot_money", "cap_needs_price"),
        ({"run_energy_kwh": 1.0}, {}, "pilot.caps.run_energy_kwh", "cap_needs_power"),
        ({"run_money": usd(0.0)}, PRICED, "pilot.caps.run_money.amount", "not_positive"),
        (
            {"run_money": {"amount": 1.0, "currency": "JPY"}},
            PRICED,
            "pilot.assumptions.exchange_rates",
            "exchange_rate_missing",
        ),
    ],
)
def test_a_cap_that_could_never_stop_anything_is_refused(
    api: Api, caps: dict[str, Any], hardware: dict[str, Any], field: str, code: str
) -> None:
    body = {"pilot": pilot_data(caps=caps, hardware=hardware)}
    answer = api.post("/api/pilots", body, **{"Idempotency-Key": "a"})
    assert problem(answer) == (422, code, field)


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"pilot_money": usd(1.0)}, 409, "cap_not_raised"),
        ({"pilot_money": {"amount": 500.0, "currency": "JPY"}}, 409, "cap_not_raised"),
        ({"run_device_h": 5.0}, 409, "cap_not_raised"),
        ({}, 422, "cap_missing"),
        ({"pilot_money": usd(-1.0)}, 422, "not_positive"),
    ],
)
def test_a_cap_can_only_rise(api: Api, order: dict[str, Any], status: int, code: str) -> None:
    pilot = create(api, {"pilot_money": usd(1.0)})
    answer = problem(api.post(f"/api/pilots/{pilot.id}:raise-cap", order))
    assert answer[:2] == (status, code)


def test_a_wrong_cap_of_the_month_is_refused_at_its_field(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    answer = api.http.put("/api/caps", json={"device_h": 0}, headers=headers)
    assert problem(answer) == (422, "not_positive", "device_h")
