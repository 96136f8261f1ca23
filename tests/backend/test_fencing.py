"""Fencing: an attempt that is no longer a run's own changes nothing."""

import pytest

from backend.threads.reaper import sweep
from planner.exchange.work import Claim, Finish
from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.late_writes import KINDS, every_write
from tests.support.planted_worker import PlantedWorker, planted_curve, table_of


@pytest.fixture
def worker(api: Api) -> PlantedWorker:
    api.create(a_pilot(), throughput=planted_curve())
    return api.worker()


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


@pytest.mark.parametrize("what", KINDS)
def test_a_late_write_of_a_lost_attempt_is_refused(
    api: Api, clock: StillClock, worker: PlantedWorker, what: str
) -> None:
    late = claimed(worker)
    clock.pass_s(16)
    sweep(api.installation)
    now = claimed(worker)
    assert now.runs[0].run_id == late.runs[0].run_id
    before = api.run(now.runs[0].run_id)
    answer = worker.write(late.runs[0], what, every_write(worker, late)[what])
    assert problem(answer) == (409, "attempt_fenced", None)
    assert api.run(now.runs[0].run_id) == before


def test_a_supervisor_that_was_given_up_is_told_so_by_its_next_beat(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    late = claimed(worker)
    assert worker.beat(late) == "continue"
    clock.pass_s(16)
    sweep(api.installation)
    assert worker.beat(late) == "fenced"
    now = claimed(worker)
    assert worker.beat(late) == "fenced"
    assert worker.beat(now) == "continue"


def test_another_worker_s_beat_does_not_keep_a_run_alive(api: Api, worker: PlantedWorker) -> None:
    claim = claimed(worker)
    assert api.worker(name="another").beat(claim) == "fenced"


def test_the_credential_of_one_attempt_is_no_good_for_another_run(worker: PlantedWorker) -> None:
    first, second = claimed(worker).runs[0], claimed(worker).runs[0]
    path = f"/api/runs/{second.run_id}/attempts/1/start"
    headers = {"Authorization": f"Bearer {first.attempt_token}"}
    answer = worker.http.post(path, json={"from_step": 0}, headers=headers)
    assert problem(answer) == (403, "not_allowed", None)


def test_a_finish_that_is_sent_again_gets_the_same_answer(api: Api, worker: PlantedWorker) -> None:
    (run,) = claimed(worker).runs
    first = worker.train(run)
    assert worker.finish(run, step=table_of(run).steps) == first
    assert api.run(run.run_id).status == "succeeded"


def test_a_success_without_its_last_steps_in_the_database_is_not_believed(
    worker: PlantedWorker,
) -> None:
    (run,) = claimed(worker).runs
    worker.start(run, from_step=0)
    end = Finish(outcome="succeeded", step=136, wall_clock_s=1.0, final_metrics={})
    assert problem(worker.write(run, "finish", end)) == (409, "series_missing", None)


def test_series_before_the_start_are_refused(worker: PlantedWorker) -> None:
    claim = claimed(worker)
    chunk = every_write(worker, claim)["series"]
    assert problem(worker.write(claim.runs[0], "series", chunk)) == (
        409,
        "attempt_not_started",
        None,
    )
