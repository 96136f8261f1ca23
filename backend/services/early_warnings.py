"""Signs that a run may leave the healthy range, for the live page."""

from collections.abc import Mapping, Sequence

from backend.metric_store import Block
from backend.repositories import attempts, chunks
from backend.services import records
from backend.services.traces import MOST_CHUNKS, values_of
from backend.tables import RunRow
from backend.unit_of_work import UnitOfWork
from planner.exchange.work import SeriesGroup
from planner.measurements.early_warning import (
    EarlyWarning,
    curvature_warning,
    loss_warning,
)
from planner.pilots.run import RunStatus
from planner.schedules.schedule import Stage

WATCHED: tuple[RunStatus, ...] = ("queued", "running", "paused", "capped", "diverged")
"""Runs of which a warning still says something: one that ended well needs none."""


def early_warnings(
    work: UnitOfWork, rows: Sequence[RunRow], stages: Mapping[str, Sequence[Stage]]
) -> dict[str, tuple[EarlyWarning, ...]]:
    """Of the runs that have any; ``stages`` by run, empty while its plan is unknown."""
    watched = [row.id for row in rows if row.status in WATCHED and row.attempt > 0]
    if not watched:
        return {}
    looks, read = _live(work, watched, "watch"), _live(work, watched, "meters")
    found = {}
    for run_id in watched:
        look, meters = looks[run_id], read[run_id]
        signs = (
            loss_warning(
                look.steps.tolist(),
                averages=values_of(look, "average"),
                bests=values_of(look, "best"),
                limits=values_of(look, "limit"),
            ),
            curvature_warning(
                meters.steps.tolist(),
                values_of(meters, "curvature_ratio"),
                stages=stages.get(run_id, ()),
            ),
        )
        warned = tuple(sign for sign in signs if sign is not None)
        if warned:
            found[run_id] = warned
    return found


def _live(work: UnitOfWork, run_ids: Sequence[str], group: SeriesGroup) -> dict[str, Block]:
    """What counts of one group of each run."""
    began = attempts.started(work.session, run_ids)
    stored = chunks.some_of_runs(work.session, run_ids, group, most=MOST_CHUNKS)
    return {run_id: records.live_block(stored[run_id], began[run_id]) for run_id in run_ids}
