"""Caps: device time that a pilot may use, and what happens when it is used up."""

import pytest

from planner.exchange.work import Claim
from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve

HALF_AN_HOUR = {"pilot_device_h": 0.5}


@pytest.fixture
def pilot_id(api: Api) -> str:
    return api.create(a_pilot(caps=HALF_AN_HOUR), throughput=planted_curve()).id


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def hold(clock: StillClock, worker: PlantedWorker, claim: Claim, *, minutes: int) -> str:
    for _ in range(6 * minutes):
        clock.pass_s(10)
        command = worker.beat(claim)
    return command


def test_running_runs_are_stopped_within_one_beat_of_the_cap(
    api: Api, clock: StillClock, pilot_id: str
) -> None:
    worker = api.worker()
    claim = claimed(worker)
    assert hold(clock, worker, claim, minutes=29) == "continue"
    assert hold(clock, worker, claim, minutes=1) == "cap"
    ended = worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=1800)
    assert ended.status == "capped"
    assert worker.claim() is None
    state = api.pilot(pilot_id)
    assert (state.cap_reached, state.phase) == (True, "confirmation")
    (row,) = api.get("/api/pilots:summaries").json()["items"]
    assert row["cap_reached"]
    assert state.run_counts == {"capped": 1, "queued": 3}


def test_two_devices_use_the_cap_twice_as_fast(api: Api, clock: StillClock, pilot_id: str) -> None:
    worker, another = api.worker(), api.worker(name="another")
    first, second = claimed(worker), claimed(another)
    for minute in range(1, 16):
        expected = "cap" if minute == 15 else "continue"
        for _ in range(6):
            clock.pass_s(10)
            commands = {worker.beat(first), another.beat(second)}
        assert commands == {expected}
    assert api.pilot(pilot_id).cap_reached


def test_a_raised_cap_queues_the_capped_runs_again(
    api: Api, clock: StillClock, pilot_id: str
) -> None:
    worker = api.worker()
    claim = claimed(worker)
    hold(clock, worker, claim, minutes=30)
    worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=1800)
    path = f"/api/pilots/{pilot_id}:raise-cap"
    assert problem(api.post(path, HALF_AN_HOUR)) == (409, "cap_not_raised", None)
    api.post(path, {"pilot_device_h": 1}).raise_for_status()
    worker.work_until_idle()
    state = api.pilot(pilot_id)
    assert (state.phase, state.run_counts) == ("done", {"succeeded": 4})


def test_a_pilot_stays_at_its_cap_where_less_is_billed_than_was_held(
    api: Api, clock: StillClock, pilot_id: str
) -> None:
    worker = api.worker()
    claim = claimed(worker)
    assert hold(clock, worker, claim, minutes=30) == "cap"
    worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=1795)
    assert worker.claim() is None
    assert api.pilot(pilot_id).cap_reached


def test_a_run_that_was_capped_last_does_not_end_its_phase(
    api: Api, clock: StillClock, pilot_id: str
) -> None:
    worker = api.worker()
    for _ in range(3):
        worker.train(claimed(worker).runs[0])
    claim = claimed(worker)
    assert hold(clock, worker, claim, minutes=30) == "cap"
    worker.finish(claim.runs[0], step=3, outcome="capped", wall_clock_s=1)
    state = api.pilot(pilot_id)
    assert (state.phase, state.looks_used) == ("confirmation", 0)
    api.post(f"/api/pilots/{pilot_id}:raise-cap", {"pilot_device_h": 1}).raise_for_status()
    worker.work_until_idle()
    state = api.pilot(pilot_id)
    assert (state.phase, state.run_counts) == ("done", {"succeeded": 4})
