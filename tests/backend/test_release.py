"""Release: a worker that leaves gives its run back at once, and nobody waits for a lease."""

import pytest

from planner.exchange.work import Claim
from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture
def worker(api: Api) -> PlantedWorker:
    api.create(a_pilot(seeds={"confirmation": [11]}), throughput=planted_curve())
    return api.worker()


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def test_a_released_run_is_queued_at_once_and_goes_on_from_its_checkpoint(
    api: Api, worker: PlantedWorker
) -> None:
    (run,) = claimed(worker).runs
    worker.start(run, from_step=0)
    worker.checkpoint(run, step=34)
    released = worker.finish(run, step=34, outcome="released")
    assert (released.status, released.queue_position, released.ended_at) == ("queued", 1, None)
    (again,) = claimed(api.worker(name="another")).runs
    assert (again.run_id, again.attempt) == (run.run_id, 2)
    assert again.checkpoints[0].step == 34


def test_a_release_is_no_loss_however_often_it_happens(api: Api, worker: PlantedWorker) -> None:
    for _ in range(5):
        (run,) = claimed(worker).runs
        worker.finish(run, step=0, outcome="released")
    assert api.run(run.run_id).status == "queued"


def test_a_release_that_is_sent_again_gets_the_same_answer(api: Api, worker: PlantedWorker) -> None:
    (run,) = claimed(worker).runs
    first = worker.finish(run, step=0, outcome="released")
    assert worker.finish(run, step=0, outcome="released") == first
    claimed(api.worker(name="another"))
    assert worker.finish(run, step=0, outcome="released").attempt == 2
    assert api.run(run.run_id).status == "running"


def test_a_released_attempt_writes_nothing_more(worker: PlantedWorker) -> None:
    claim = claimed(worker)
    worker.finish(claim.runs[0], step=0, outcome="released")
    late = worker.write(claim.runs[0], "start", {"from_step": 0})
    assert problem(late) == (409, "attempt_fenced", None)
    assert worker.beat(claim) == "fenced"


@pytest.mark.parametrize(("order", "becomes"), [("cancel", "cancelled"), ("pause", "paused")])
def test_what_somebody_had_asked_for_is_what_a_release_becomes(
    api: Api, worker: PlantedWorker, order: str, becomes: str
) -> None:
    (run,) = claimed(worker).runs
    api.post(f"/api/runs/{run.run_id}:{order}", {"reason": "asked"}).raise_for_status()
    assert worker.finish(run, step=0, outcome="released").status == becomes


def test_the_log_says_that_the_worker_let_go_and_the_time_is_on_the_bill(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    (run,) = claimed(worker).runs
    worker.start(run, from_step=0)
    clock.pass_s(10)
    worker.finish(run, step=34, outcome="released", wall_clock_s=9.0)
    pilot_id = api.run(run.run_id).pilot_id
    live = api.get(f"/api/pilots/{pilot_id}/live").json()
    (told,) = [event for event in live["events"] if event["kind"] == "run_released"]
    assert told["params"]["step"] == 34
    assert live["spent_device_h"] == pytest.approx(9.0 / 3600)
