"""Series as small pictures: some chunks of a run, down-sampled to a few points."""

import math
from collections.abc import Sequence

import numpy as np

from backend import metric_store
from backend.metric_store import Block
from backend.repositories import attempts, chunks
from backend.services import records
from backend.unit_of_work import UnitOfWork
from planner.exchange.page_states import Trace
from planner.exchange.work import SeriesGroup

MOST_POINTS = 60

MOST_CHUNKS = 12
"""Chunks that are read of one run; of a longer one an even choice, the last among them."""


def traces(
    work: UnitOfWork,
    run_ids: Sequence[str],
    group: SeriesGroup,
    column: str,
    *,
    superseded: bool = False,
) -> dict[str, Trace]:
    """One column of each of several runs: what counts, or what later attempts superseded."""
    if not run_ids:
        return {}
    began = attempts.started(work.session, run_ids)
    stored = chunks.some_of_runs(work.session, run_ids, group, most=MOST_CHUNKS)
    block = records.superseded_block if superseded else records.live_block
    return {run_id: trace_of(block(stored[run_id], began[run_id]), column) for run_id in run_ids}


def trace_of(block: Block, column: str) -> Trace:
    """One column of a block, as a few points."""
    if column not in block.columns:
        return Trace()
    values = block.column(column)
    one = Block(steps=block.steps, columns=(column,), samples=values[np.newaxis])
    shown = metric_store.down_sampled(one, points=MOST_POINTS)
    return Trace(
        steps=tuple(block.steps[shown].tolist()),
        values=tuple(None if math.isnan(value) else value for value in values[shown].tolist()),
    )


def values_of(block: Block, column: str) -> list[float | None]:
    """A column as the planner takes it: None where nothing finite was read, or nothing at all."""
    if column not in block.columns:
        return [None] * len(block.steps)
    return [None if math.isnan(value) else value for value in block.column(column).tolist()]
