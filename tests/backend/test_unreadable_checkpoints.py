"""Checkpoints that a worker may not read: its run does not come back to it, or wander, for ever."""

from dataclasses import replace

import pytest

from backend.remembered.unreadable import MOST_IN_ALL, MOST_OF_A_WORKER
from backend.wire.codec import decode
from planner.exchange.page_states import LiveView
from planner.exchange.work import ClaimedRun
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import DEVICE, PlantedWorker, planted_curve


@pytest.fixture
def run(api: Api) -> ClaimedRun:
    """The only one that waits, with a checkpoint."""
    pilot = api.create(a_pilot(seeds={"confirmation": [11]}), throughput=planted_curve())
    worker = api.worker()
    run = claimed(worker)
    for other in api.get("/api/runs", pilot_id=pilot.id).json()["items"]:
        if other["id"] != run.run_id:
            api.post(f"/api/runs/{other['id']}:cancel", {"reason": "not needed"})
    worker.start(run, from_step=0)
    worker.checkpoint(run, step=34)
    worker.finish(run, step=34, outcome="released")
    return run


def claimed(worker: PlantedWorker) -> ClaimedRun:
    claim = worker.claim()
    assert claim is not None
    return claim.runs[0]


def give_back_as_often_as_it_comes(worker: PlantedWorker, run: ClaimedRun) -> int:
    """How often a worker that may not read the run's checkpoints was given it."""
    times = 0
    while (claim := worker.claim()) is not None:
        (again,) = [one for one in claim.runs if one.run_id == run.run_id]
        worker.finish(again, step=34, outcome="released", wall_clock_s=0, reason="store_refused")
        times += 1
    return times


def test_a_worker_is_given_it_three_times_and_another_one_goes_on(
    api: Api, run: ClaimedRun
) -> None:
    worker = api.worker(name="without the right")
    assert give_back_as_often_as_it_comes(worker, run) == MOST_OF_A_WORKER
    state = api.run(run.run_id)
    assert (state.status, state.reason) == ("queued", "store_refused")
    again = claimed(api.worker(name="with the right"))
    assert (again.run_id, again.checkpoints[0].step) == (run.run_id, 34)


def told(api: Api, pilot_id: str) -> list[tuple[int, int, str]]:
    """Runs, workers that could take them, and the reason of every row of the live page."""
    live = decode(LiveView, api.get(f"/api/pilots/{pilot_id}/live").json())
    return sorted((one.kind.runs, one.workers, one.reason) for one in live.queues)


def test_the_live_page_tells_runs_apart_that_no_worker_here_may_read(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    first, second = claimed(worker), claimed(worker)
    for run in (first, second):
        worker.start(run, from_step=0)
        worker.checkpoint(run, step=34)
        worker.finish(run, step=34, outcome="released")
    for _ in range(MOST_OF_A_WORKER):
        again = claimed(worker)
        assert again.run_id == first.run_id
        worker.finish(again, step=34, outcome="released", wall_clock_s=0, reason="store_refused")
    assert told(api, pilot.id) == [(1, 0, "store_refused"), (1, 1, "next"), (2, 1, "next")]
    api.worker(name="with the right")
    assert told(api, pilot.id) == [(1, 1, "next"), (1, 2, "next"), (2, 2, "next")]


def test_started_anew_a_worker_is_asked_again(api: Api, run: ClaimedRun) -> None:
    give_back_as_often_as_it_comes(api.worker(name="one"), run)
    assert claimed(api.worker(name="one again")).run_id == run.run_id


def test_once_it_was_read_it_is_as_if_nothing_had_been_refused(api: Api, run: ClaimedRun) -> None:
    refused = api.worker(name="without the right")
    give_back_as_often_as_it_comes(refused, run)
    reader = api.worker(name="with the right")
    again = claimed(reader)
    reader.start(again, from_step=34)
    reader.finish(again, step=34, outcome="released")
    assert give_back_as_often_as_it_comes(refused, run) == MOST_OF_A_WORKER


def test_where_nobody_may_read_them_the_run_fails_and_can_be_tried_again(
    api: Api, run: ClaimedRun
) -> None:
    workers = [api.worker(name=f"worker {number}") for number in range(3)]
    times = [give_back_as_often_as_it_comes(worker, run) for worker in workers]
    assert sum(times) == MOST_IN_ALL
    state = api.run(run.run_id)
    assert (state.status, state.reason) == ("failed", "store_refused_too_often")
    api.post(f"/api/runs/{run.run_id}:retry", {"reason": "they may now"}).raise_for_status()
    again = claimed(workers[0])
    assert (again.run_id, again.checkpoints[0].step) == (run.run_id, 34)


def test_a_store_that_does_not_answer_is_no_refusal_however_often_it_happens(
    api: Api, run: ClaimedRun
) -> None:
    worker = api.worker(name="far away")
    for _ in range(MOST_IN_ALL + 1):
        worker.finish(claimed(worker), step=34, outcome="released", reason="store_away")
    assert api.run(run.run_id).status == "queued"


def test_a_worker_hears_whether_runs_go_on_from_its_store(api: Api, run: ClaimedRun) -> None:
    assert api.worker(name="same store").welcome.store_in_use
    assert not api.worker(name="another", store_url="file:///elsewhere").welcome.store_in_use
    other = replace(DEVICE, name="another")
    assert not api.worker(name="unlike", device=other).welcome.store_in_use
    api.post(f"/api/runs/{run.run_id}:cancel", {"reason": "over"}).raise_for_status()
    assert not api.worker(name="after it").welcome.store_in_use
