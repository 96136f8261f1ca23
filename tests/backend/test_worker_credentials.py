"""What a worker and an attempt were given ends: by time, by the attempt's end, or by an order."""

import httpx
import pytest

from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve, post

AN_HOUR_S = 3600.0


def claims(api: Api, worker: PlantedWorker) -> httpx.Response:
    path = f"/api/workers/{worker.welcome.worker_id}/claims"
    return post(api.http, path, {}, worker.welcome.worker_token)


def revoke(api: Api, worker: PlantedWorker) -> httpx.Response:
    return api.post(f"/api/workers/{worker.welcome.worker_id}:revoke", {})


def test_a_worker_that_was_not_heard_of_for_a_month_registers_again(api: Api) -> None:
    worker = api.worker()
    api.clock.pass_s(29 * 24 * AN_HOUR_S)
    assert claims(api, worker).status_code == 204
    api.clock.pass_s(25 * AN_HOUR_S)
    assert problem(claims(api, worker)) == (401, "credential_unknown", None)
    assert claims(api, api.worker()).status_code == 204


def test_beats_keep_a_worker_in_for_as_long_as_it_beats(api: Api) -> None:
    worker = api.worker()
    term_s = api.installation.settings.lease_s
    api.clock.pass_s(30 * 24 * AN_HOUR_S - term_s)
    for _ in range(6):
        assert claims(api, worker).status_code == 204
        api.clock.pass_s(term_s)
    api.clock.pass_s(2 * term_s)
    assert problem(claims(api, worker)) == (401, "credential_unknown", None)


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_jumps_ends_the_credential_of_no_worker_that_is_there(
    api: Api, days: int
) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    api.clock.jump(days=days)
    assert worker.beat(claim) == "continue"


def test_a_worker_that_is_shut_out_does_nothing_more_and_its_run_goes_to_another(
    api: Api,
) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    run = claim.runs[0]
    assert revoke(api, worker).raise_for_status().json()["run_ids"] == []
    assert problem(claims(api, worker)) == (401, "credential_unknown", None)
    start = f"/api/runs/{run.run_id}/attempts/{run.attempt}/start"
    late = post(api.http, start, {"from_step": 0}, run.attempt_token)
    assert problem(late)[:2] == (409, "attempt_fenced")
    assert api.run(run.run_id).status == "queued"
    taken = api.worker(name="another").claim()
    assert taken is not None
    assert (taken.runs[0].run_id, taken.runs[0].attempt) == (run.run_id, run.attempt + 1)


def test_runs_of_workers_that_are_shut_out_were_not_lost_however_often_it_happens(api: Api) -> None:
    limit = api.installation.settings.lost_attempts_limit
    pilot = api.create(a_pilot(), throughput=planted_curve())
    for number in range(limit + 1):
        worker = api.worker(name=f"worker {number}")
        claim = worker.claim()
        assert claim is not None
        worker.start(claim.runs[0], from_step=0)
        revoke(api, worker).raise_for_status()
    run = api.run(claim.runs[0].run_id)
    assert (run.status, run.reason, run.attempt) == ("queued", "", limit + 1)
    kinds = [event["kind"] for event in api.get(f"/api/pilots/{pilot.id}/live").json()["events"]]
    assert kinds.count("run_released") == limit + 1


def test_a_worker_is_shut_out_once_and_one_that_is_not_there_is_told(api: Api) -> None:
    worker = api.worker()
    for _ in range(2):
        revoke(api, worker).raise_for_status()
    entries = api.get("/api/audit", subject=worker.welcome.worker_id).json()["items"]
    assert [entry["action"] for entry in entries] == ["worker.revoke", "worker.register"]
    assert problem(api.post("/api/workers/none:revoke", {}))[:2] == (404, "worker_not_found")


def test_an_attempt_s_credential_is_good_for_nothing_once_the_attempt_has_ended(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    run = claim.runs[0]
    worker.finish(run, step=0, outcome="paused", wall_clock_s=1.0)
    before = api.run(run.run_id)
    bodies: dict[str, object] = {
        "start": {"from_step": 0},
        "series": {
            "seq": 0,
            "group": "train",
            "columns": {"loss": [1.0]},
            "steps": [1],
            "wall_clock_s": 1.0,
        },
        "checkpoints": {
            "step": 0,
            "path": f"{run.run_id}/a{run.attempt}/step-0",
            "sha256": "0" * 64,
            "size_bytes": 1,
        },
        "log": {"first_line": 1, "lines": ["late"]},
        "throughput": planted_curve(),
        "finish": {"outcome": "succeeded", "step": 0, "wall_clock_s": 1.0, "final_metrics": {}},
    }
    for what, body in bodies.items():
        path = f"/api/runs/{run.run_id}/attempts/{run.attempt}/{what}"
        answer = post(api.http, path, body, run.attempt_token)
        assert problem(answer)[:2] == (409, "attempt_fenced"), (what, answer.text)
    assert api.run(run.run_id) == before
