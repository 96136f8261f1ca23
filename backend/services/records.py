"""What runs recorded: series with their superseded points apart, and records for the review."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from backend import metric_store
from backend.metric_store import Block
from backend.repositories import attempts, chunks, runs, series_rows
from backend.repositories.run_rows import ShownRow
from backend.repositories.series_rows import Packed, Start
from backend.tables import AttemptRow, ChunkRow, RunRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import not_found
from planner.exchange.states import Series
from planner.exchange.work import SeriesGroup
from planner.measurements.gradient_noise import NoiseReading, mean_reading
from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.run import Attempt, Purpose, Run

LOGGED_S = "elapsed_s"
"""Column of the seconds that were logged elsewhere, beside the metrics of an evaluation."""


def series(
    work: UnitOfWork,
    run_id: str,
    group: SeriesGroup,
    *,
    points: int,
    after_step: int | None = None,
    superseded: bool = False,
) -> Series:
    """One group of a run's series: its live points, or the ones a later attempt superseded.

    The whole of it is down-sampled to ``points``; with ``after_step``, the next ``points`` are
    given as they are.

    Raises:
        RequestError: There is no such run.
    """
    found = series_rows.of_run(work.session, run_id, group)
    if found is None:
        raise not_found("run", run_id)
    began, stored = found
    chosen = _chosen(_by_attempt(stored), began, superseded=superseded)
    block = metric_store.joined([block for _, block in chosen])
    owners = np.concatenate(
        [np.full(len(block.steps), number) for number, block in chosen] or [np.empty(0, int)]
    )
    if after_step is None:
        shown = metric_store.down_sampled(block, points=points)
    else:
        shown = np.flatnonzero(block.steps > after_step)[:points]
    return Series(
        group=group,
        steps=tuple(block.steps[shown].tolist()),
        columns={name: _told(block.column(name)[shown]) for name in block.columns},
        attempts=tuple(owners[shown].tolist()),
        total_points=len(block.steps),
    )


def _told(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    """Values as they go over the wire; None where one was not finite."""
    if not np.isnan(values).any():
        return tuple(values.tolist())
    return tuple(None if math.isnan(value) else value for value in values.tolist())


def of_pilot(
    work: UnitOfWork, pilot_id: str, *, purpose: Purpose | None = None
) -> tuple[RunRecord, ...]:
    """Every run of a pilot with its attempts and live measurements, in the pilot's order."""
    rows = runs.of_pilot(work.session, pilot_id, purpose=purpose)
    run_ids = [row.id for row in rows]
    began = attempts.started(work.session, run_ids)
    stored = chunks.of_runs(work.session, run_ids, "evaluation")
    metered = chunks.of_runs(work.session, run_ids, "meters")
    return tuple(
        RunRecord(
            run_id=row.id,
            run=run_of(row),
            status=row.status,
            attempts=tuple(attempt_of(attempt) for attempt in began[row.id]),
            measurements=_measurements(stored[row.id], began[row.id]),
            final_metrics=row.final_metrics,
            noise=_noise(metered[row.id], began[row.id]),
        )
        for row in rows
    )


def run_of(row: RunRow | ShownRow) -> Run:
    """What is run, without its state."""
    return _run(row.schedule, row.rate_multiplier, row.seed, row.purpose)


@lru_cache(maxsize=4096)
def _run(schedule: str | None, rate_multiplier: float, seed: int, purpose: Purpose) -> Run:
    """Checked once: pilots have the same schedules and seeds, and pages are asked for again."""
    return Run(schedule=schedule, rate_multiplier=rate_multiplier, seed=seed, purpose=purpose)


def live_block(stored: Sequence[ChunkRow], began: Sequence[AttemptRow]) -> Block:
    """The points of some chunks that no later attempt superseded, by rising step."""
    return _joined(stored, began, superseded=False)


def superseded_block(stored: Sequence[ChunkRow], began: Sequence[AttemptRow]) -> Block:
    """The other points, attempt by attempt, each by rising step."""
    return _joined(stored, began, superseded=True)


def _joined(stored: Sequence[ChunkRow], began: Sequence[AttemptRow], *, superseded: bool) -> Block:
    chosen = _chosen(_by_attempt(stored), began, superseded=superseded)
    return metric_store.joined([block for _, block in chosen])


def _measurements(
    stored: Sequence[ChunkRow], began: Sequence[AttemptRow]
) -> tuple[Measurement, ...]:
    """Live evaluations by rising step."""
    block = live_block(stored, began)
    logged = block.columns.index(LOGGED_S) if LOGGED_S in block.columns else None
    return tuple(
        Measurement(
            step=int(step),
            metrics={
                name: float(value)
                for name, value in zip(block.columns, values, strict=True)
                if not math.isnan(value) and name != LOGGED_S
            },
            elapsed_s=None if logged is None else _finite(values[logged]),
        )
        for step, values in zip(block.steps, block.samples.T, strict=True)
    )


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _noise(stored: Sequence[ChunkRow], began: Sequence[AttemptRow]) -> NoiseReading | None:
    """Mean of the live readings of the gradient's noise."""
    block = live_block(stored, began)
    if not {"gradient_noise", "gradient_square"} <= set(block.columns):
        return None
    both = zip(block.column("gradient_noise"), block.column("gradient_square"), strict=True)
    return mean_reading(
        NoiseReading(noise=float(noise), gradient_square=float(square))
        for noise, square in both
        if math.isfinite(noise) and math.isfinite(square)
    )


def attempt_of(row: AttemptRow) -> Attempt:
    """An attempt as the planner judges it."""
    from_step = row.from_step or 0
    return Attempt(
        number=row.number,
        from_step=from_step,
        to_step=max(from_step, row.to_step),
        evaluations=row.evaluations,
        wall_clock_s=row.wall_clock_s,
        bundle_size=row.bundle_size,
        cause=row.cause,
        rate_factor=row.rate_factor,
        follows=row.follows,
        meters_s=row.meters_s,
        energy_j=_energy_j(row),
        device_count=row.device_count,
    )


def _energy_j(row: AttemptRow) -> float | None:
    """Up to the attempt's end as up to its meter's last reading, as caps count it.

    The meter is of the first of its devices; the others draw as much.
    """
    if row.energy_j is None or not row.metered_s:
        return None
    power_w = row.energy_j * row.device_count / row.metered_s
    return power_w * (row.wall_clock_s or row.metered_s)


def _by_attempt(stored: Sequence[ChunkRow | Packed]) -> dict[int, Block]:
    """All points of each attempt."""
    parts: dict[int, list[Block]] = {}
    for row in stored:
        block = metric_store.unpack(steps=row.steps, columns=row.columns, samples=row.samples)
        parts.setdefault(row.attempt, []).append(block)
    return {number: metric_store.joined(blocks) for number, blocks in parts.items()}


def _chosen(
    blocks: dict[int, Block], began: Sequence[AttemptRow | Start], *, superseded: bool
) -> list[tuple[int, Block]]:
    """Points of each attempt, oldest first, that count or that do not.

    An attempt supersedes what earlier ones recorded after the step that it started from, and
    what it recorded itself again.
    """
    chosen: list[tuple[int, Block]] = []
    live_until = math.inf
    for attempt in reversed(began):
        block = blocks.get(attempt.number)
        if block is not None:
            live = block.steps <= live_until
            mask = ~live if superseded else live
            chosen.append((attempt.number, _masked(block, mask)))
            if len(block.steps):
                live_until = min(live_until, float(block.steps[0]) - 1)
        live_until = min(live_until, float(attempt.from_step or 0))
    return chosen[::-1]


def _masked(block: Block, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Block:
    if mask.all():
        return block
    return Block(steps=block.steps[mask], columns=block.columns, samples=block.samples[:, mask])
