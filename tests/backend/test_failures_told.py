"""Failed runs hold their pilot up, so people are told of them."""

from typing import Any
from uuid import uuid4

from backend.threads.reaper import sweep
from planner.exchange.work import Claim
from planner.pilots.pilot import Pilot
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve


def told(api: Api) -> list[dict[str, Any]]:
    """Everything that was told, oldest first."""
    inbox = api.get("/api/notifications").raise_for_status().json()
    return list(reversed(inbox["notifications"]["items"]))


def created(api: Api, pilot: Pilot) -> str:
    """Id of a new pilot whose speed is known."""
    return api.create(pilot, throughput=planted_curve(), key=uuid4().hex).id


def claimed(worker: PlantedWorker) -> Claim:
    claim = worker.claim()
    assert claim is not None
    return claim


def test_a_failed_run_is_told_once_and_its_pilot_waits(api: Api) -> None:
    pilot_id = created(api, a_pilot(seeds={"confirmation": [11]}))
    worker = api.worker()
    run = claimed(worker).runs[0]
    for _ in range(3):
        worker.finish(run, step=7, outcome="failed")
    worker.train(claimed(worker).runs[0])
    (found,) = told(api)
    assert (found["kind"], found["run_id"]) == ("run_failed", run.run_id)
    assert (found["facts"]["seed"], found["facts"]["step"]) == (run.seed, 7)
    assert api.pilot(pilot_id).phase == "confirmation"
    api.post(f"/api/runs/{run.run_id}:retry", {"reason": ""}).raise_for_status()
    worker.finish(claimed(worker).runs[0], step=9, outcome="failed")
    assert [one["facts"]["attempt"] for one in told(api)] == [1, 2]


def test_a_failed_measurement_of_the_device_is_told(api: Api) -> None:
    pilot_id = api.create(a_pilot(), throughput=None, key=uuid4().hex).id
    worker = api.worker()
    worker.finish(claimed(worker).runs[0], step=0, outcome="failed")
    (found,) = told(api)
    assert (found["kind"], found["pilot_id"]) == ("run_failed", pilot_id)
    assert found["facts"]["schedule"] == ""


def test_a_run_that_loses_its_workers_too_often_is_told_as_failed(
    api: Api, clock: StillClock
) -> None:
    created(api, a_pilot())
    settings = api.installation.settings
    for _ in range(settings.lost_attempts_limit):
        assert told(api) == []
        run = claimed(api.worker(name=uuid4().hex)).runs[0]
        clock.pass_s(2 * settings.lease_s)
        sweep(api.installation)
    assert api.run(run.run_id).status == "failed"
    assert [(one["kind"], one["run_id"]) for one in told(api)] == [("run_failed", run.run_id)]


def test_nobody_is_told_of_a_run_that_fails_after_its_pilot_was_cancelled(api: Api) -> None:
    pilot_id = created(api, a_pilot())
    worker = api.worker()
    run = claimed(worker).runs[0]
    api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": ""}).raise_for_status()
    worker.finish(run, step=7, outcome="failed")
    assert told(api) == []
