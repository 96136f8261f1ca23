"""What people ask of runs and pilots."""

import pytest

from planner.exchange.work import Claim
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture
def pilot_id(api: Api) -> str:
    return api.create(a_pilot(), throughput=planted_curve()).id


@pytest.fixture
def worker(api: Api, pilot_id: str) -> PlantedWorker:
    assert pilot_id
    return api.worker()


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def ask(api: Api, run_id: str, order: str) -> str:
    answer = api.post(f"/api/runs/{run_id}:{order}", {"reason": "asked"}).raise_for_status()
    status: str = answer.json()["status"]
    return status


def test_a_queued_run_is_cancelled_at_once(api: Api, pilot_id: str) -> None:
    run = api.runs(pilot_id)[0]
    assert ask(api, run.id, "cancel") == "cancelled"
    assert (api.run(run.id).detail, api.run(run.id).queue_position) == ("asked", None)


@pytest.mark.parametrize(
    ("order", "outcome", "becomes"),
    [("cancel", "cancelled", "cancelled"), ("pause", "paused", "paused")],
)
def test_a_running_run_stops_when_its_trainer_has_heard_of_it(
    api: Api, worker: PlantedWorker, order: str, outcome: str, becomes: str
) -> None:
    claim = claimed(worker)
    (run,) = claim.runs
    assert ask(api, run.run_id, order) == "running"
    assert worker.beat(claim) == order
    assert worker.finish(run, step=3, outcome=outcome).status == becomes


def test_a_cancel_overtakes_a_pause_that_was_asked_before(api: Api, worker: PlantedWorker) -> None:
    claim = claimed(worker)
    (run,) = claim.runs
    ask(api, run.run_id, "pause")
    ask(api, run.run_id, "cancel")
    assert worker.beat(claim) == "cancel"
    assert worker.finish(run, step=3, outcome="paused").status == "cancelled"


def test_a_run_that_ended_before_it_heard_of_the_cancel_keeps_its_success(
    api: Api, worker: PlantedWorker
) -> None:
    (run,) = claimed(worker).runs
    ask(api, run.run_id, "cancel")
    assert worker.train(run).status == "succeeded"


def test_a_paused_run_waits_until_it_is_resumed(api: Api, pilot_id: str) -> None:
    first, *others = api.runs(pilot_id)
    assert ask(api, first.id, "pause") == "paused"
    worker = api.worker()
    assert len(worker.work_until_idle()) == len(others)
    assert api.pilot(pilot_id).phase == "confirmation"
    assert ask(api, first.id, "resume") == "queued"
    worker.work_until_idle()
    assert api.pilot(pilot_id).phase == "done"


@pytest.mark.parametrize("outcome", ["failed", "diverged"])
def test_a_run_that_went_wrong_can_be_tried_again(
    api: Api, worker: PlantedWorker, outcome: str
) -> None:
    (run,) = claimed(worker).runs
    assert worker.finish(run, step=3, outcome=outcome).status == outcome
    assert ask(api, run.run_id, "retry") == "queued"
    again = claimed(worker).runs[0]
    assert (again.run_id, again.attempt) == (run.run_id, 2)


def test_a_failed_run_blocks_its_phase_and_a_diverged_one_does_not(
    api: Api, pilot_id: str, worker: PlantedWorker
) -> None:
    failed, diverged = claimed(worker).runs[0], claimed(worker).runs[0]
    worker.finish(diverged, step=3, outcome="diverged")
    worker.finish(failed, step=3, outcome="failed")
    worker.work_until_idle()
    assert api.pilot(pilot_id).phase == "confirmation"
    ask(api, failed.run_id, "cancel")
    assert api.pilot(pilot_id).phase == "done"


@pytest.mark.parametrize("order", ["resume", "retry"])
def test_an_order_that_the_status_does_not_allow_is_refused(
    api: Api, pilot_id: str, order: str
) -> None:
    run = api.runs(pilot_id)[0]
    answer = api.post(f"/api/runs/{run.id}:{order}", {"reason": ""})
    assert problem(answer) == (409, "transition_refused", None)
    assert answer.json()["params"] == {"status": "queued", "event": order}


def test_cancelling_a_pilot_ends_all_its_runs(
    api: Api, pilot_id: str, worker: PlantedWorker
) -> None:
    claim = claimed(worker)
    answer = api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": "too dear"})
    assert answer.raise_for_status().json()["run_counts"] == {"cancelled": 3, "running": 1}
    assert worker.beat(claim) == "cancel"
    worker.finish(claim.runs[0], step=1, outcome="cancelled")
    state = api.pilot(pilot_id)
    assert (state.phase, state.run_counts) == ("cancelled", {"cancelled": 4})
    again = api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": ""})
    assert problem(again) == (409, "pilot_over", None)


def test_a_run_that_its_cancelled_pilot_asked_to_stop_cannot_be_paused_instead(
    api: Api, pilot_id: str, worker: PlantedWorker
) -> None:
    claim = claimed(worker)
    api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": "too dear"}).raise_for_status()
    answer = api.post(f"/api/runs/{claim.runs[0].run_id}:pause", {"reason": ""})
    assert problem(answer) == (409, "pilot_over", None)
    assert worker.beat(claim) == "cancel"


def test_a_run_of_a_pilot_that_is_over_is_not_run_again(
    api: Api, pilot_id: str, worker: PlantedWorker
) -> None:
    (run,) = claimed(worker).runs
    worker.finish(run, step=3, outcome="diverged")
    worker.work_until_idle()
    assert api.pilot(pilot_id).phase == "done"
    answer = api.post(f"/api/runs/{run.run_id}:retry", {"reason": ""})
    assert problem(answer) == (409, "pilot_over", None)


@pytest.mark.parametrize("path", ["/api/runs/none", "/api/pilots/none", "/api/prices/none"])
def test_what_does_not_exist_is_not_found(api: Api, path: str) -> None:
    noun = path.split("/")[2].removesuffix("s")
    assert problem(api.get(path)) == (404, f"{noun}_not_found", None)


def test_lists_come_in_pages(api: Api, pilot_id: str) -> None:
    first = api.get("/api/runs", pilot_id=pilot_id, page_size=3).json()
    second = api.get("/api/runs", pilot_id=pilot_id, page_size=3, page=2).json()
    assert (len(first["items"]), len(second["items"]), first["total"]) == (3, 1, 4)
    assert api.get("/api/runs", status="running").json()["total"] == 0
    assert api.get("/api/pilots", status="done").json()["total"] == 0
    assert api.get("/api/pilots").json()["total"] == 1


def test_the_worker_and_its_runs_are_shown(api: Api, worker: PlantedWorker) -> None:
    claim = claimed(worker)
    (shown,) = api.get("/api/workers").json()
    assert (shown["name"], shown["seen_ago_s"]) == ("planted", 0)
    assert shown["run_ids"] == [claim.runs[0].run_id]
    (workload,) = [
        known
        for known in api.get("/api/workloads").json()
        if known["workload"]["name"] == "digits-mlp"
    ]
    assert workload["served_by"] == ["planted"]
