"""P17: the life cycle against a model: whatever people, workers and clocks do, both agree."""

import gc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from backend.tables.pilots import PilotRow
from backend.tables.runs import RunRow
from backend.threads.reaper import sweep
from planner.exchange.work import Claim, Finish
from tests.faults.conftest import Often, PromiseOf
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, StillClock, a_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve

STEPS = 20
"""Most events of one example."""

ENDS = {
    "failed": "failed",
    "diverged": "diverged",
    "cancelled": "cancelled",
    "paused": "paused",
    "released": "queued",
}
OBEYED = {
    "cancel": {"cancelled": "cancelled", "paused": "cancelled", "released": "cancelled"},
    "pause": {"released": "paused"},
}
"""What a wish makes of the way in which a trainer stopped."""
OVER = {"succeeded", "diverged", "capped", "cancelled"}

ALLOWED = {
    "cancel": {"queued": "cancelled", "paused": "cancelled", "failed": "cancelled"},
    "pause": {"queued": "paused"},
    "resume": {"paused": "queued"},
    "retry": {"failed": "queued", "diverged": "queued"},
}
"""What an order makes of a run that is not running."""


@dataclass
class Modelled:
    """One run as the design describes it."""

    status: str = "queued"
    wish: str | None = None
    attempt: int = 0
    lost: int = 0
    devices: int = 1


class LifeCycle(RuleBasedStateMachine):
    """Four runs, two of which want two devices; a worker with one, another with two; one clock."""

    claims = Bundle("claims")

    def __init__(self, api: Api, happened: Counter[str]) -> None:
        super().__init__()
        self.api, self.clock, self.happened = api, api.clock, happened
        devices = [{"schedule": "growing batch", "counts": [2]}]
        pilot = a_pilot(devices=devices)
        self.pilot_id = api.create(pilot, throughput=planted_curve(), key=uuid4().hex).id
        planned = api.runs(self.pilot_id)
        self.order_of = [run.id for run in planned]
        self.runs = {run.id: Modelled(devices=run.device_count) for run in planned}
        self.workers = {devices: api.worker(device_count=devices) for devices in (1, 2)}
        self.worker_of: dict[int, PlantedWorker] = {}
        happened["examples"] += 1

    def teardown(self) -> None:
        answer = self.api.post(f"/api/pilots/{self.pilot_id}:cancel", {"reason": "over"})
        assert answer.status_code in (200, 409)
        self.lose_everything()
        left = {run.status for run in self.api.runs(self.pilot_id)}
        assert left <= OVER | {"failed"}

    @property
    def over(self) -> bool:
        return all(run.status in OVER for run in self.runs.values())

    def current(self, claim: Claim) -> bool:
        (run,) = claim.runs
        known = self.runs[run.run_id]
        return known.status == "running" and known.attempt == run.attempt

    @rule(target=claims, devices=st.sampled_from([1, 2]))
    def claim(self, devices: int) -> Claim | None:
        waiting = [
            run_id
            for run_id in self.order_of
            if self.runs[run_id].status == "queued" and self.runs[run_id].devices <= devices
        ]
        claim = self.workers[devices].claim()
        assert (claim.runs[0].run_id if claim else None) == (waiting[0] if waiting else None)
        if claim:
            run = self.runs[waiting[0]]
            run.status, run.wish, run.attempt = "running", None, run.attempt + 1
            self.worker_of[claim.token] = self.workers[devices]
        return claim

    @rule(claim=claims)
    def beat(self, claim: Claim | None) -> None:
        if claim:
            wish = self.runs[claim.runs[0].run_id].wish or "continue"
            worker = self.worker_of[claim.token]
            assert worker.beat(claim) == (wish if self.current(claim) else "fenced")

    @rule(claim=consumes(claims), outcome=st.sampled_from(sorted(ENDS)))
    def finish(self, claim: Claim | None, outcome: str) -> None:
        if not claim:
            return
        run = self.runs[claim.runs[0].run_id]
        end = Finish(outcome=outcome, step=0, wall_clock_s=0, final_metrics={})  # type: ignore[arg-type]
        worker = self.worker_of[claim.token]
        answer = worker.write(claim.runs[0], "finish", end)
        assert answer.status_code == (200 if self.current(claim) else 409)
        if self.current(claim):
            run.status = OBEYED.get(run.wish or "", {}).get(outcome, ENDS[outcome])
            run.wish = None

    @rule(claim=consumes(claims))
    def succeed(self, claim: Claim | None) -> None:
        if claim and self.current(claim):
            self.worker_of[claim.token].train(claim.runs[0])
            run = self.runs[claim.runs[0].run_id]
            run.status, run.wish = "succeeded", None

    @rule(place=st.integers(0, 3), order=st.sampled_from(sorted(ALLOWED)))
    def order(self, place: int, order: str) -> None:
        run_id = self.order_of[place]
        run, was_over = self.runs[run_id], self.over
        answer = self.api.post(f"/api/runs/{run_id}:{order}", {"reason": ""})
        if run.status == "running" and order in ("cancel", "pause"):
            assert answer.status_code == 200
            run.wish = order
        elif run.status in ALLOWED[order] and not (was_over and order == "retry"):
            assert answer.status_code == 200
            run.status = ALLOWED[order][run.status]
            run.lost = 0 if run.status == "queued" else run.lost
        else:
            assert answer.status_code == 409

    @rule()
    def lose_everything(self) -> None:
        self.clock.pass_s(3001)
        sweep(self.api.installation)
        for run in self.runs.values():
            if run.status == "running":
                run.lost += 1
                lost = "failed" if run.lost >= 3 else "queued"
                run.status = {"cancel": "cancelled", "pause": "paused"}.get(run.wish or "", lost)
                run.wish = None

    @invariant()
    def both_agree(self) -> None:
        with self.api.installation.database.read() as session:
            found = session.execute(
                select(RunRow.id, RunRow.status, RunRow.attempt).where(
                    RunRow.pilot_id == self.pilot_id
                )
            )
            stored = {run_id: (status, attempt) for run_id, status, attempt in found}
            phase = session.scalar(select(PilotRow.phase).where(PilotRow.id == self.pilot_id))
        assert stored == {run_id: (run.status, run.attempt) for run_id, run in self.runs.items()}
        assert phase == ("done" if self.over else "confirmation")
        self.happened["events"] += 1


@pytest.mark.faults
@pytest.mark.timeout(1200)
def test_whatever_people_workers_and_clocks_do_the_queue_is_what_its_design_says(
    tmp_path: Path,
    database: dict[str, str],
    often: Often,
    promise: PromiseOf,
    request: pytest.FixtureRequest,
) -> None:
    happened: Counter[str] = Counter()
    examples = often(whole=100 if database else 300, short=200)
    if request.config.getoption("--thorough"):
        examples = 300 if database else 1700
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    quiet = {"beat_s": 1000, "lease_s": 3000}
    with an_api(tmp_path, StillClock(), **quiet, **database) as api:
        gc.freeze()  # else every full collection looks through all that was loaded
        machine = seed(request.config.option.fault_seed)(lambda: LifeCycle(api, happened))
        run_state_machine_as_test(machine, settings=chosen)
    promise("P17").add(**happened)
