"""The live page says what waits, for which kind of worker, and why."""

import pytest

from backend.wire.codec import decode
from planner.exchange.page_states import LiveView
from planner.exchange.wait_reasons import WaitingQueue
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import DEVICE, planted_curve
from tests.support.statements import statements

GROWING = "growing batch"


def queues(api: Api, pilot_id: str) -> tuple[WaitingQueue, ...]:
    return decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json()).queues


def told(api: Api, pilot_id: str) -> list[tuple[int, int, int, int, str]]:
    """Devices, runs, workers, busy ones and the reason of every queue, few devices first."""
    found = [
        (one.kind.device_count, one.kind.runs, one.workers, one.busy, one.reason)
        for one in queues(api, pilot_id)
    ]
    return sorted(found)


def the_pilot(api: Api, *counts: int) -> str:
    pilot = a_pilot(devices=[{"schedule": GROWING, "counts": list(counts)}])
    return api.create(pilot, throughput=planted_curve()).id


def test_a_run_waits_for_the_device_that_its_pilot_was_measured_on(api: Api) -> None:
    pilot_id = the_pilot(api, 1)
    (queue,) = queues(api, pilot_id)
    assert (queue.kind.device, queue.kind.workload) == (DEVICE.name, "digits-mlp")
    assert (queue.kind.runs, queue.workers, queue.reason) == (4, 0, "no_worker")


def test_runs_are_told_apart_by_the_devices_that_they_want(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    alone = api.worker()
    assert told(api, pilot_id) == [(1, 2, 1, 0, "next"), (2, 2, 0, 0, "too_few_devices")]
    assert [one.most_devices for one in queues(api, pilot_id)] == [0, 1]
    alone.claim()
    assert told(api, pilot_id) == [(1, 1, 1, 1, "all_busy"), (2, 2, 0, 0, "too_few_devices")]
    api.worker(name="pair", device_count=2)
    assert told(api, pilot_id) == [(1, 1, 2, 1, "next"), (2, 2, 1, 0, "next")]


def test_no_small_run_is_promised_to_a_worker_that_takes_larger_ones_only(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    wide = api.worker(name="wide", device_count=2)
    assert wide.claim(fewest_devices=2) is not None
    assert told(api, pilot_id) == [(1, 2, 0, 0, "larger_runs_only"), (2, 1, 1, 1, "all_busy")]
    assert [one.fewest_devices for one in queues(api, pilot_id)] == [2, 0]
    live = decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json())
    promised = [one.run.device_count for one in live.runs if one.expected_start_s is not None]
    assert promised == [2]
    api.worker()
    assert told(api, pilot_id) == [(1, 2, 1, 0, "next"), (2, 1, 1, 1, "all_busy")]


def test_the_worker_that_had_the_devices_is_named_once_it_is_shut_out(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    api.worker()
    pair = api.worker(name="pair", device_count=2)
    api.post(f"/api/workers/{pair.welcome.worker_id}:revoke", {}).raise_for_status()
    waiting = next(one for one in queues(api, pilot_id) if one.kind.device_count == 2)
    assert (waiting.reason, waiting.worker) == ("shut_out", "pair")


def test_a_worker_that_came_back_with_fewer_devices_is_not_missed_as_it_was(
    api: Api, clock: StillClock
) -> None:
    pilot_id = the_pilot(api, 2)
    api.worker(name="host", device_count=2)
    clock.pass_s(100)
    of_pair = next(one for one in queues(api, pilot_id) if one.kind.device_count == 2)
    assert (of_pair.reason, of_pair.worker) == ("gone", "host")
    api.worker(name="host", device_count=1)
    assert told(api, pilot_id) == [(1, 2, 1, 0, "next"), (2, 2, 0, 0, "too_few_devices")]


def test_a_worker_that_is_here_counts_however_many_came_and_went_since(
    api: Api, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.repositories.workers.MOST_NAMES", 3)
    pilot_id = the_pilot(api, 1)
    old = api.worker(name="old")
    claim = old.claim()
    assert claim is not None
    for number in range(5):
        clock.pass_s(100)
        api.worker(name=f"host-{number}")
    clock.pass_s(100)
    old.beat(claim)
    assert told(api, pilot_id) == [(1, 3, 1, 1, "all_busy")]


def test_paused_runs_wait_for_somebody_and_not_for_a_worker(api: Api) -> None:
    pilot_id = the_pilot(api, 1)
    api.worker()
    run = api.runs(pilot_id)[0]
    api.post(f"/api/runs/{run.id}:pause", {"reason": ""}).raise_for_status()
    assert told(api, pilot_id) == [(1, 1, 1, 0, "paused"), (1, 3, 1, 0, "next")]


def test_runs_of_a_pilot_at_its_cap_wait_for_a_raise(api: Api, clock: StillClock) -> None:
    pilot = api.create(a_pilot(caps={"pilot_device_h": 0.5}), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    for _ in range(6 * 30):
        clock.pass_s(10)
        worker.beat(claim)
    worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=1800)
    assert told(api, pilot.id) == [(1, 3, 1, 0, "at_cap")]


def test_runs_of_other_pilots_that_wait_for_the_same_workers_are_counted_beside(api: Api) -> None:
    first = the_pilot(api, 1)
    api.create(a_pilot(name="later"), throughput=planted_curve(), key="later")
    (queue,) = queues(api, first)
    assert (queue.kind.runs, queue.other_runs) == (4, 4)


def test_nothing_is_told_of_a_pilot_that_waits_for_nobody(api: Api) -> None:
    pilot_id = the_pilot(api, 1)
    api.worker().work_until_idle()
    assert queues(api, pilot_id) == ()


def test_a_run_is_expected_to_start_on_a_worker_that_has_its_devices(api: Api) -> None:
    pilot_id = the_pilot(api, 2)
    api.worker()
    live = decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json())
    assert [run.expected_start_s is None for run in live.runs if run.run.device_count == 2] == [
        True,
        True,
    ]
    api.worker(name="pair", device_count=2)
    live = decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json())
    starts = {run.run.id: run.expected_start_s for run in live.runs}
    ends = {run.run.id: run.expected_finish_s for run in live.runs}
    small = [run.run.id for run in live.runs if run.run.device_count == 1]
    large = [run.run.id for run in live.runs if run.run.device_count == 2]
    assert ends[large[0]] < ends[small[0]]  # so that the pair takes the second small run, too
    assert [starts[one] for one in small] == [0.0, ends[large[0]]]
    assert [starts[one] for one in large] == [0.0, ends[small[1]]]


def asked_of_runs(api: Api, seeds: int) -> tuple[int, int]:
    """Statements of one live page about scaling, and about where runs fell back.

    Every run of the pilot waits after some steps, for devices of which somebody measured the
    scaling, and could have fallen back on the baseline.
    """
    devices = [{"schedule": name, "counts": [2]} for name in ("today", GROWING)]
    pilot = a_pilot(
        name=f"{seeds} seeds",
        devices=devices,
        divergence={"policy": "fall_back"},
        seeds={"confirmation": list(range(seeds))},
    )
    pilot_id = api.create(pilot, throughput=planted_curve(), key=str(seeds)).id
    pair = api.worker(name=f"pair of {seeds}", device_count=2)
    claims = [claim for _ in range(2 * seeds) if (claim := pair.claim()) is not None]
    for run in (claim.runs[0] for claim in claims):
        pair.start(run, from_step=0)
        pair.finish(run, step=3, outcome="released")
    with statements() as seen:
        live = decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json())
    assert [one.run.step for one in live.runs] == [3] * 2 * seeds
    for run in api.runs(pilot_id):
        api.post(f"/api/runs/{run.id}:cancel", {"reason": "counted"}).raise_for_status()
    return (
        sum("FROM scaling_curves" in one for one in seen),
        sum("attempts.cause = " in one for one in seen),
    )


def test_the_live_page_asks_as_often_for_many_waiting_runs_as_for_few(api: Api) -> None:
    assert asked_of_runs(api, 12) == asked_of_runs(api, 2)
