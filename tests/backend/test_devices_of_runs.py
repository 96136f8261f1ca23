"""Runs of several devices in the queue: who gets them, where they stop, and what they cost."""

import pytest

from planner.exchange.work import Claim, ClaimedRun
from tests.support.installation import Api, StillClock, a_pilot, pilot_data, problem
from tests.support.planted_worker import PlantedWorker, planted_curve

GROWING = "growing batch"


def the_pilot(api: Api, *counts: int, schedule: str = GROWING) -> str:
    pilot = a_pilot(devices=[{"schedule": schedule, "counts": list(counts)}])
    return api.create(pilot, throughput=planted_curve()).id


def only(claim: Claim | None) -> ClaimedRun:
    assert claim is not None
    (run,) = claim.runs
    return run


def growing_run(api: Api, worker: PlantedWorker, pilot_id: str) -> ClaimedRun:
    """The candidate's first run: it is moved to the front, and claimed."""
    run = next(run for run in api.runs(pilot_id) if run.run.schedule == GROWING)
    api.post(f"/api/runs/{run.id}:prioritise", {"priority": 5}).raise_for_status()
    return only(worker.claim(maximum_runs=16))


def test_a_worker_takes_no_run_that_wants_more_devices_than_it_has_and_says_why_it_waits(
    api: Api,
) -> None:
    pilot_id = the_pilot(api, 2)
    alone = api.worker()
    claimed = [only(alone.claim()) for _ in range(2)]
    assert {run.schedule.name for run in claimed if run.schedule} == {"today"}
    assert alone.claim() is None
    waiting = [run for run in api.runs(pilot_id) if run.status == "queued"]
    assert [(run.device_count, run.reason) for run in waiting] == [(2, "too_few_devices")] * 2
    pair = api.worker(name="pair", device_count=2)
    assert [run.reason for run in api.runs(pilot_id) if run.status == "queued"] == ["", ""]
    assert only(pair.claim()).device_count == 2


def test_a_worker_with_several_devices_takes_first_what_wants_all_of_them(api: Api) -> None:
    the_pilot(api, 2)
    pair = api.worker(device_count=2)
    counts = [only(pair.claim()).device_count for _ in range(4)]
    assert counts == [2, 2, 1, 1]


def test_a_worker_that_wants_its_devices_used_takes_no_run_of_fewer(api: Api) -> None:
    the_pilot(api, 2)
    pair = api.worker(device_count=2)
    counts = [only(pair.claim(fewest_devices=2)).device_count for _ in range(2)]
    assert counts == [2, 2]
    assert pair.claim(fewest_devices=2) is None
    assert only(pair.claim()).device_count == 1


def test_a_run_of_several_devices_is_never_bundled(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    run = growing_run(api, api.worker(device_count=2), pilot_id)
    assert run.device_count == 2
    assert api.run(run.run_id).bundle_size == 1


def test_a_run_stops_where_its_devices_change_keeps_its_place_and_goes_on_with_more(
    api: Api, clock: StillClock
) -> None:
    pilot_id = the_pilot(api, 1, 2)
    alone, pair = api.worker(), api.worker(name="pair", device_count=2)
    run = growing_run(api, alone, pilot_id)
    assert run.device_count == 1
    change = run.until_step
    assert change is not None
    clock.pass_s(5)
    alone.start(run, from_step=0)
    alone.checkpoint(run, step=change)
    released = alone.finish(
        run, step=change, outcome="released", wall_clock_s=10.0, reason="devices_change"
    )
    assert (released.status, released.device_count, released.priority) == ("queued", 2, 5)
    assert released.reason == "devices_change"
    assert released.queue_position == 1
    again = only(pair.claim())
    assert (again.run_id, again.attempt, again.device_count) == (run.run_id, 2, 2)
    assert again.until_step is None
    assert again.checkpoints[0].step == change


def test_the_bill_counts_every_device_that_was_held(api: Api, clock: StillClock) -> None:
    pilot_id = the_pilot(api, 2)
    pair = api.worker(device_count=2)
    claim = pair.claim()
    run = only(claim)
    assert claim is not None
    pair.start(run, from_step=0)
    for _ in range(6):
        clock.pass_s(10)
        pair.beat(claim)
    assert spent_s(api, pilot_id) == pytest.approx(2 * 60)
    pair.finish(run, step=3, outcome="paused", wall_clock_s=60)
    assert spent_s(api, pilot_id) == pytest.approx(2 * 60)


def spent_s(api: Api, pilot_id: str) -> float:
    """Device seconds as the live page and the list show them."""
    (row,) = api.get("/api/pilots:summaries").json()["items"]
    shown = api.get(f"/api/pilots/{pilot_id}/live").json()
    assert row["spent_device_h"] == pytest.approx(shown["spent_device_h"])
    return float(shown["spent_device_h"]) * 3600


def test_devices_of_a_schedule_that_is_not_there_are_refused_at_their_field(api: Api) -> None:
    data = {"name": "x", "devices": [{"schedule": "nobody", "counts": [2]}]}
    body = {"pilot": {**pilot_data(), **data}, "throughput": None}
    answer = api.post("/api/pilots", body, **{"Idempotency-Key": "devices"})
    status, code, field = problem(answer)
    assert (status, code) == (422, "schedule_unknown")
    assert field is not None
    assert field.endswith("devices[0].schedule")


def test_a_pilot_of_several_devices_has_no_price_without_its_production(api: Api) -> None:
    pilot_id = the_pilot(api, 1, 2)
    pair = api.worker(device_count=2)
    pair.work_until_idle()
    review = api.post("/api/reviews:compute", {"pilot_id": pilot_id}).raise_for_status().json()
    assert review["unavailable"] == "several_devices_in_pilot"
