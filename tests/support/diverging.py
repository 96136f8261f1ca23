"""A pilot whose runs leave the healthy range where a test says so.

One epoch is 1,078 samples: 34 steps at batch 32, 17 at 64. "growing batch" takes 2 x 34 + 2 x 17 =
102 steps and begins its second stage at step 68; "today" takes 4 x 34 = 136.
"""

from dataclasses import replace

from backend.wire.codec import decode
from planner.exchange.page_states import LiveRun, LiveView
from planner.exchange.work import Claim, ClaimedRun
from planner.pilots.divergence import Rollback
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import (
    PlantedWorker,
    chunks_of,
    falling_loss,
    planted_curve,
    table_of,
)

HALF = Rollback(at_step=90, to_step=68, rate_factor=0.5)
QUARTER = Rollback(at_step=95, to_step=68, rate_factor=0.25)
TO_TODAY = Rollback(at_step=90, to_step=68, follows="today")


def claimed(
    api: Api, policy: str, *, schedule: str = "growing batch"
) -> tuple[Claim, PlantedWorker]:
    """The first run of a schedule of a pilot with this policy, and who holds it."""
    pilot = a_pilot(seeds={"confirmation": [11]}, divergence={"policy": policy})
    api.create(pilot, throughput=planted_curve())
    worker = api.worker()
    while (claim := worker.claim()) is not None:
        (run,) = claim.runs
        if run.schedule is not None and run.schedule.name == schedule:
            return claim, worker
    raise AssertionError("no such run was queued")


def trained_to(worker: PlantedWorker, run: ClaimedRun, step: int, *, from_step: int = 0) -> None:
    """Reports an attempt up to a step, its evaluations left out."""
    if from_step == 0:
        worker.start(run, from_step=0)
    whole = chunks_of(run, table_of(run), lambda *_: falling_loss(0.2), from_step=from_step)[0]
    kept = step - from_step
    chunk = replace(
        whole,
        steps=whole.steps[:kept],
        columns={name: column[:kept] for name, column in whole.columns.items()},
    )
    worker.write(run, "series", chunk).raise_for_status()


def went_back(
    worker: PlantedWorker, run: ClaimedRun, back: Rollback, *, to_step: int
) -> ClaimedRun:
    """Diverges at step 90, goes back, and trains up to a step; the run as its next attempt."""
    trained_to(worker, run, 90)
    again = worker.roll_back(run, back)
    trained_to(worker, again, to_step, from_step=back.to_step)
    return again


def watched(api: Api, run_id: str) -> tuple[LiveView, LiveRun]:
    """The live page of its pilot, and the run on it."""
    answer = api.get(f"/api/pilots/{api.run(run_id).pilot_id}/live").raise_for_status()
    view = decode(LiveView, answer.json())
    return view, next(live for live in view.runs if live.run.id == run_id)
