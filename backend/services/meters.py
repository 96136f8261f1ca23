"""What the meters of runs say, for the live page."""

from collections.abc import Mapping, Sequence

import numpy as np

from backend.metric_store import Block
from backend.repositories import attempts, chunks
from backend.services import records
from backend.services.traces import MOST_CHUNKS, trace_of, values_of
from backend.tables import AttemptRow
from backend.unit_of_work import UnitOfWork
from planner.exchange.page_states import LiveMeters, Trace
from planner.measurements.meter_summary import meter_summary
from planner.schedules.schedule import Stage


def meters(
    work: UnitOfWork, run_ids: Sequence[str], stages: Mapping[str, Sequence[Stage]]
) -> dict[str, LiveMeters]:
    """Of the runs whose meters were read; ``stages`` by run, empty while its plan is unknown."""
    if not run_ids:
        return {}
    began = attempts.started(work.session, run_ids)
    stored = chunks.some_of_runs(work.session, run_ids, "meters", most=MOST_CHUNKS)
    found = {}
    for run_id in run_ids:
        block = records.live_block(stored[run_id], began[run_id])
        newest = max((chunk.attempt for chunk in stored[run_id]), default=0)
        live = _live(block, stages.get(run_id, ()), _wall_clock_s(began[run_id], newest))
        if live is not None:
            found[run_id] = live
    return found


def _live(block: Block, stages: Sequence[Stage], wall_clock_s: float | None) -> LiveMeters | None:
    summary = meter_summary(
        block.steps.tolist(),
        {name: values_of(block, name) for name in block.columns},
        stages=stages,
        wall_clock_s=wall_clock_s,
    )
    if summary is None:
        return None
    return LiveMeters(
        summary=summary,
        curvature_ratio=_readings(block, "curvature_ratio"),
        mechanical_energy=_readings(block, "mechanical_energy"),
    )


def _readings(block: Block, column: str) -> Trace:
    """The readings of one meter: where it was not read there is no gap, only less to see."""
    if column not in block.columns:
        return Trace()
    read = ~np.isnan(block.column(column))
    return trace_of(
        Block(steps=block.steps[read], columns=block.columns, samples=block.samples[:, read]),
        column,
    )


def _wall_clock_s(began: Sequence[AttemptRow], number: int) -> float | None:
    return next((row.wall_clock_s for row in began if row.number == number), None)
