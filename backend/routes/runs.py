"""Runs and their series, for people."""

from typing import Annotated

from fastapi import Query

from backend.routes.dependencies import PageNumber, PageSize, Reading, SearchText, Writing
from backend.routes.guarded import guarded
from backend.services import records, run_logs, runs
from planner.exchange.run_log import MOST_LINES_SHOWN, RunLog
from planner.exchange.states import Page, RunOrder, RunPriority, RunState, Series
from planner.exchange.work import SeriesGroup
from planner.pilots.run import Purpose, RunStatus
from planner.schedules.schedule import MOST_STEPS

router = guarded(tags=["runs"])


@router.get("/runs")
def list_runs(
    work: Reading,
    pilot_id: str | None = None,
    status: RunStatus | None = None,
    purpose: Purpose | None = None,
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[RunState]:
    """Runs, oldest first."""
    return runs.page(
        work, pilot_id=pilot_id, status=status, purpose=purpose, page=page, page_size=page_size
    )


@router.get("/runs/{run_id}")
def read_run(run_id: str, work: Reading) -> RunState:
    """One run."""
    return runs.state(work, run_id)


@router.get("/runs/{run_id}/series")
def read_series(
    run_id: str,
    work: Reading,
    group: SeriesGroup = "evaluation",
    points: Annotated[int, Query(ge=100, le=1000)] = 1000,
    after_step: Annotated[int | None, Query(ge=-1, le=MOST_STEPS)] = None,
    superseded: bool = False,
) -> Series:
    """One group of series, down-sampled so that no spike is hidden.

    With ``after_step``, the next points as they are: start at -1 and go on from the last step.
    """
    return records.series(
        work, run_id, group, points=points, after_step=after_step, superseded=superseded
    )


@router.get("/runs/{run_id}/log")
def read_log(
    run_id: str,
    work: Reading,
    attempt: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    search: SearchText = "",
    limit: Annotated[int, Query(ge=1, le=MOST_LINES_SHOWN)] = 200,
) -> RunLog:
    """The newest lines that the trainer printed and that hold ``search``, whatever the case.

    Without ``attempt``, those of the last attempt that printed anything.
    """
    return run_logs.read(work, run_id, attempt=attempt, search=search, limit=limit)


@router.post("/runs/{run_id}:cancel")
def cancel_run(run_id: str, body: RunOrder, work: Writing) -> RunState:
    """Cancels a run; a running one is asked to stop."""
    return runs.order(work, run_id, "cancel", reason=body.reason)


@router.post("/runs/{run_id}:pause")
def pause_run(run_id: str, body: RunOrder, work: Writing) -> RunState:
    """Pauses a run; a running one saves a checkpoint first."""
    return runs.order(work, run_id, "pause", reason=body.reason)


@router.post("/runs/{run_id}:resume")
def resume_run(run_id: str, body: RunOrder, work: Writing) -> RunState:
    """Queues a paused run again."""
    return runs.order(work, run_id, "resume", reason=body.reason)


@router.post("/runs/{run_id}:retry")
def retry_run(run_id: str, body: RunOrder, work: Writing) -> RunState:
    """Queues a failed, diverged or capped run again."""
    return runs.order(work, run_id, "retry", reason=body.reason)


@router.post("/runs/{run_id}:prioritise")
def prioritise_run(run_id: str, body: RunPriority, work: Writing) -> RunState:
    """Moves a run in the queue."""
    return runs.prioritise(work, run_id, body.priority)
