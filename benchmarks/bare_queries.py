"""What the bare app asks of the tables, and its answers in the API's shape."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import Connection, Row, bindparam, func, select

from backend.metric_store import down_sampled, joined, unpack
from backend.tables import AttemptRow, ChunkRow, RunRow, WorkerRow
from planner.exchange.states import RunState, Series
from planner.pilots.pilot import Pilot, runs_of_confirmation
from planner.pilots.run import Run
from planner.pilots.workload import BUILT_IN
from planner.schedules.schedule import plan_steps

_WALL_CLOCK_S = (
    select(func.sum(AttemptRow.wall_clock_s))
    .where(AttemptRow.run_id == RunRow.id)
    .correlate(RunRow)
    .scalar_subquery()
)

_RUNS = (
    select(
        *(RunRow.id, RunRow.pilot_id, RunRow.schedule, RunRow.rate_multiplier, RunRow.seed),
        *(RunRow.purpose, RunRow.status, RunRow.priority, RunRow.attempt, RunRow.step),
        *(RunRow.steps_planned, RunRow.reason, RunRow.detail, WorkerRow.name),
        *(RunRow.created_at, RunRow.started_at, RunRow.ended_at, RunRow.device_count),
        _WALL_CLOCK_S.label("wall_clock_s"),
        func.coalesce(AttemptRow.bundle_size, 1).label("bundle_size"),
    )
    .outerjoin(WorkerRow, WorkerRow.id == RunRow.worker_id)
    .outerjoin(AttemptRow, (AttemptRow.run_id == RunRow.id) & (AttemptRow.number == RunRow.attempt))
)
_RUN = _RUNS.where(RunRow.id == bindparam("run_id"))
_PAGE = (
    _RUNS.order_by(RunRow.created_at, RunRow.pilot_id, RunRow.number)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_TOTAL = select(func.count()).select_from(RunRow)
_QUEUE = (
    select(RunRow.id)
    .where(RunRow.status == "queued")
    .order_by(RunRow.priority.desc(), RunRow.queued_at, RunRow.pilot_id, RunRow.number)
)
_CHUNKS = (
    select(ChunkRow.steps, ChunkRow.columns, ChunkRow.samples)
    .where(ChunkRow.run_id == bindparam("run_id"), ChunkRow.series_group == bindparam("group"))
    .order_by(ChunkRow.attempt, ChunkRow.number)
)


def run_of_id(connection: Connection, run_id: str) -> dict[str, Any]:
    """One run."""
    row = connection.execute(_RUN, {"run_id": run_id}).one()
    return _runs(connection, [row])[0]


def runs_of_page(connection: Connection, page: int, page_size: int) -> dict[str, Any]:
    """A page of runs, oldest first."""
    asked = {"limit": page_size, "offset": (page - 1) * page_size}
    items = _runs(connection, connection.execute(_PAGE, asked).all())
    total = connection.scalar(_TOTAL)
    return {"items": items, "page": page, "page_size": page_size, "total": total}


def run_state(told: dict[str, Any]) -> RunState:
    """The same, typed."""
    return RunState(**told | {"run": Run(**told["run"])})


def _runs(connection: Connection, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    waiting = any(row.status == "queued" for row in rows)
    queue = connection.scalars(_QUEUE).all() if waiting else ()
    places = {run_id: place for place, run_id in enumerate(queue, start=1)}
    return [_run(row, places) for row in rows]


def _run(row: Row[Any], places: dict[str, int]) -> dict[str, Any]:
    return {
        "id": row.id,
        "pilot_id": row.pilot_id,
        "run": {
            "schedule": row.schedule,
            "rate_multiplier": row.rate_multiplier,
            "seed": row.seed,
            "purpose": row.purpose,
        },
        "status": row.status,
        "priority": row.priority,
        "attempt": row.attempt,
        "step": row.step,
        "steps_planned": row.steps_planned,
        "queue_position": places.get(row.id),
        "reason": row.reason,
        "detail": row.detail,
        "worker": row.name,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "wall_clock_s": row.wall_clock_s,
        "bundle_size": row.bundle_size,
        "device_count": row.device_count,
    }


def series_of(connection: Connection, run_id: str, group: str, points: int) -> dict[str, Any]:
    """One group of the series of a run that had one attempt."""
    rows = connection.execute(_CHUNKS, {"run_id": run_id, "group": group})
    block = joined(
        [unpack(steps=row.steps, columns=row.columns, samples=row.samples) for row in rows]
    )
    shown = down_sampled(block, points=points)
    return {
        "group": group,
        "steps": block.steps[shown].tolist(),
        "columns": {
            name: [None if math.isnan(value) else value for value in values[shown].tolist()]
            for name, values in zip(block.columns, block.samples, strict=True)
        },
        "attempts": np.ones(len(shown), dtype=np.int64).tolist(),
        "total_points": len(block.steps),
    }


def series_state(told: dict[str, Any]) -> Series:
    """The same, typed."""
    columns = {name: tuple(values) for name, values in told["columns"].items()}
    arrays = {name: tuple(told[name]) for name in ("steps", "attempts")}
    return Series(**told | arrays | {"columns": columns})


def new_runs(pilot_id: str, pilot: Pilot, now: datetime) -> list[RunRow]:
    """Queued runs of a pilot without a sweep."""
    samples = BUILT_IN[pilot.workload].training_samples
    steps = {
        schedule.name: plan_steps(
            schedule, training_samples=samples, epochs=pilot.budget.epochs
        ).steps
        for schedule in pilot.schedules
    }
    selected = {schedule.name: 1.0 for schedule in pilot.schedules}
    finalists = [schedule.name for schedule in pilot.candidates]
    return [
        RunRow(
            id=uuid4().hex,
            pilot_id=pilot_id,
            number=number,
            schedule=run.schedule,
            rate_multiplier=run.rate_multiplier,
            seed=run.seed,
            purpose=run.purpose,
            status="queued",
            queued_at=now,
            created_at=now,
            steps_planned=steps[run.schedule or ""],
            final_metrics={},
        )
        for number, run in enumerate(runs_of_confirmation(pilot, selected, finalists))
    ]
