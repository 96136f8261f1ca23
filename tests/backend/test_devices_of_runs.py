"""Runs of several devices in the queue: who gets them, where they stop, and what they cost."""

import dataclasses

import pytest

from planner.exchange.work import Claim, ClaimedRun
from tests.planner.devices.scaled import a_scaling
from tests.support.installation import Api, StillClock, a_pilot, pilot_data, problem
from tests.support.planted_worker import DEVICE, PlantedWorker, planted_curve

GROWING = "growing batch"

BETWEEN_TWO = dataclasses.replace(a_scaling(), device=DEVICE.name, versions="planted 1")
"""2 ms between two devices, at any batch."""


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


def test_the_queue_s_order_is_that_of_a_worker_with_several_devices_too(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    pair = api.worker(device_count=2)
    claimed = [only(pair.claim()) for _ in range(4)]
    assert [run.device_count for run in claimed] == [1, 2, 1, 2]
    assert [run.run_id for run in claimed] == [run.id for run in api.runs(pilot_id)]


def test_a_small_run_does_not_wait_while_larger_ones_keep_coming(
    api: Api, clock: StillClock
) -> None:
    small = api.create(a_pilot(), throughput=planted_curve()).id
    pair = api.worker(device_count=2)
    done = []
    for place in range(4):
        clock.pass_s(1)
        large = [{"schedule": name, "counts": [2]} for name in ("today", GROWING)]
        coming = a_pilot(name=f"large {place}", devices=large)
        api.create(coming, throughput=planted_curve(), key=f"large {place}")
        run = only(pair.claim())
        done.append(run.run_id)
        pair.train(run)
    assert done == [run.id for run in api.runs(small)]


def test_a_large_run_does_not_wait_while_smaller_ones_keep_coming(
    api: Api, clock: StillClock
) -> None:
    pilot = a_pilot(devices=[{"schedule": name, "counts": [2]} for name in ("today", GROWING)])
    large = api.create(pilot, throughput=planted_curve()).id
    pair = api.worker(device_count=2)
    done = []
    for place in range(4):
        clock.pass_s(1)
        coming = a_pilot(name=f"small {place}")
        api.create(coming, throughput=planted_curve(), key=f"small {place}")
        run = only(pair.claim(maximum_runs=16))
        done.append(run.run_id)
        pair.train(run)
    assert done == [run.id for run in api.runs(large)]


def test_a_higher_priority_goes_before_age_whatever_it_wants(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    last_large = next(run.id for run in reversed(api.runs(pilot_id)) if run.run.schedule == GROWING)
    api.post(f"/api/runs/{last_large}:prioritise", {"priority": 1}).raise_for_status()
    pair = api.worker(device_count=2)
    assert only(pair.claim()).run_id == last_large
    assert only(pair.claim()).device_count == 1


def test_a_worker_with_few_devices_passes_over_an_older_run_that_wants_more(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    alone, pair = api.worker(), api.worker(name="pair", device_count=2)
    queue = [run.id for run in api.runs(pilot_id)]
    assert [only(alone.claim()).run_id for _ in range(2)] == [queue[0], queue[2]]
    assert [only(pair.claim()).run_id for _ in range(2)] == [queue[1], queue[3]]


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
    pilot_id = the_pilot(api, 2, schedule="today")
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


def on_two_devices(api: Api, key: str) -> str:
    devices = [{"schedule": GROWING, "counts": [2]}]
    return api.create(a_pilot(name=key, devices=devices), key=key).id


def total_s(api: Api, pilot_id: str) -> float:
    """Expected seconds of the first run on two devices, from its start to its end."""
    live = api.get(f"/api/pilots/{pilot_id}/live").json()
    run = next(one for one in live["runs"] if one["run"]["device_count"] == 2)
    return float(run["expected_finish_s"] - run["expected_start_s"])


def test_expected_times_hold_what_the_pilot_s_own_probe_measured_between_devices(
    api: Api,
) -> None:
    pilot_id = on_two_devices(api, "measured")
    pair = api.worker(device_count=2, scaling=BETWEEN_TWO)
    pair.train(only(pair.claim()))
    state = api.pilot(pilot_id)
    assert state.scaling == BETWEEN_TWO
    # 68 steps of 32 and 34 of 64, halved; 2 ms between the devices a step; 5 evaluations of 10 ms
    parts_s = 68 * (1e-3 + 16 / 1e5) + 34 * (1e-3 + 32 / 1e5)
    assert total_s(api, pilot_id) == pytest.approx(parts_s + 102 * 2e-3 + 5 * 0.01, rel=2e-3)


def test_a_later_measurement_changes_nothing_of_a_pilot_that_was_fixed_before(
    api: Api, clock: StillClock
) -> None:
    first = on_two_devices(api, "first")
    alone = api.worker(device_count=2)
    alone.train(only(alone.claim()))
    before_s = total_s(api, first)
    clock.pass_s(60)
    body = {
        "pilot": pilot_data(name="second", devices=[{"schedule": GROWING, "counts": [2]}]),
        "measure_again": True,
    }
    second = api.post("/api/pilots", body, **{"Idempotency-Key": "second"}).json()["id"]
    probe = next(run.id for run in api.runs(second))
    api.post(f"/api/runs/{probe}:prioritise", {"priority": 5}).raise_for_status()
    pair = api.worker(name="pair", device_count=2, scaling=BETWEEN_TWO)
    pair.train(only(pair.claim()))
    assert api.pilot(first).scaling is None
    assert total_s(api, first) == before_s
    assert api.pilot(second).scaling == BETWEEN_TWO
    clock.pass_s(60)
    later = a_pilot(name="third", devices=[{"schedule": GROWING, "counts": [2]}])
    third = api.create(later, throughput=planted_curve(), key="third")
    assert third.scaling == BETWEEN_TWO
