"""The schedule that a run was trained under, read off its logged rate and batch size.

Every form that a `Schedule` can state is fitted, planned as it would be trained, and held against
every logged row; one that misses a row is not inferred.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planner.imports.inferred_batch import batch_candidates
from planner.imports.logged_run import LoggedRun
from planner.imports.rate_shapes import Rows, fitted, rounded, shapes
from planner.imports.warm_ups import warm_ups
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule, StepTable, plan_steps

TOLERANCE_RATIO = 1e-3
"""Largest distance of a logged rate from the planned one, over the planned one."""

_SMALL_FRACTION = 1e-3
"""Of the peak: near zero a distance is set against this."""

MOST_WARM_UP_EPOCHS = 100
FEWEST_ROWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredSchedule:
    """What a log says of its schedule.

    Attributes:
        schedule: None where no form fits every row; ``reason`` says why.
        reason: Message key below ``import.not_inferred``; None where a schedule was inferred.
        deviation_ratio: Largest distance of a logged rate from the planned one, over the latter.
        deviation_step: Steps done where it is.
        steps_ahead: 1 where rows state the rate of the step before, 0 of the step to come.
        also: Other forms of rate that fit every row as well.
        others: The plainest schedule of each of these forms.
    """

    schedule: Schedule | None
    reason: str | None = None
    deviation_ratio: float = 0.0
    deviation_step: int = 0
    steps_ahead: int = 0
    also: tuple[str, ...] = ()
    others: tuple[Schedule, ...] = ()


def inferred_schedule(
    run: LoggedRun, *, training_samples: int, epochs: int | None = None
) -> InferredSchedule:
    """The plainest schedule that says what the log says.

    Args:
        run: With its rate and batch size.
        training_samples: Samples of one epoch.
        epochs: That the run was planned for; None: it ended where its log does.
    """
    reason = _lacking(run)
    if reason is not None:
        return InferredSchedule(schedule=None, reason=reason)
    rows, momentum = _held_rows(run), _momentum(run)
    found: list[InferredSchedule] = []
    for ahead in (0, 1):
        if rows.steps[0] < ahead:
            continue
        for batch in _batches(rows, ahead, training_samples, epochs):
            found += _fits(rows, ahead, batch, momentum, training_samples)
        if found:
            break
    if not found:
        return InferredSchedule(schedule=None, reason="no_form_fits")
    found.sort(key=_free_numbers)
    plainest = {_form(one): one.schedule for one in reversed(found) if one.schedule is not None}
    forms = tuple(dict.fromkeys(_form(one) for one in found))[1:]
    return replace(found[0], also=forms, others=tuple(plainest[form] for form in forms))


def _lacking(run: LoggedRun) -> str | None:
    """What the log must say and does not."""
    said = np.isfinite(run.learning_rate)
    if said.sum() < FEWEST_ROWS or (run.learning_rate[said] < 0).any():
        return "rate_unknown"
    if not np.isfinite(run.batch_size).any():
        return "batch_unknown"
    momentum = run.momentum[np.isfinite(run.momentum)]
    if len(momentum) and float(np.ptp(momentum)) > TOLERANCE_RATIO:
        return "momentum_changes"
    return None


def _momentum(run: LoggedRun) -> Momentum:
    """What every row says, or what a schedule has that says nothing."""
    said = run.momentum[np.isfinite(run.momentum)]
    return Momentum(value=rounded(float(said[0]))) if len(said) else Momentum()


def _free_numbers(found: InferredSchedule) -> int:
    """How much a form could have been bent to the rows: a table of stages fits nearly all."""
    if found.schedule is None:
        return 0
    rate = found.schedule.learning_rate
    return len(rate.milestones_epochs) + len(rate.rates) + 3 * (rate.warm_up is not None)


def _form(found: InferredSchedule) -> str:
    if found.schedule is None:
        return ""
    rate = found.schedule.learning_rate
    return rate.decay if rate.growth is None else "growth"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Logged:
    """Rows that say a rate, with the batch that holds there."""

    name: str
    steps: NDArray[np.int64]
    rate: NDArray[np.float64]
    batch: NDArray[np.int64]


def _held_rows(run: LoggedRun) -> _Logged:
    """Rows with a rate; a batch holds until another one is said."""
    told = np.flatnonzero(np.isfinite(run.batch_size))
    place = np.clip(np.searchsorted(told, np.arange(len(run.steps)), side="right") - 1, 0, None)
    batch = np.rint(run.batch_size[told[place]]).astype(np.int64)
    rate = run.learning_rate
    chosen = np.isfinite(rate)
    return _Logged(
        name=run.schedule, steps=run.steps[chosen], rate=rate[chosen], batch=batch[chosen]
    )


def _batches(
    rows: _Logged, ahead: int, training_samples: int, epochs: int | None
) -> Iterator[tuple[BatchSize, StepTable]]:
    """Batch curves that say every row's batch, with the table of their steps."""
    at = rows.steps - ahead
    for batch in batch_candidates(at, rows.batch, training_samples=training_samples):
        table = _planned(batch, at, training_samples, epochs)
        if table is not None and bool((table.batch_size[at] == rows.batch).all()):
            yield batch, table


def _planned(
    batch: BatchSize, at: NDArray[np.int64], training_samples: int, epochs: int | None
) -> StepTable | None:
    """The steps of a batch curve, in as many epochs as the rows need."""
    rate = LearningRate(initial=1.0)
    schedule = Schedule(name="batch", learning_rate=rate, batch_size=batch)
    needed, count = int(at[-1]) + 1, epochs or 1
    while True:
        try:
            table = plan_steps(schedule, training_samples=training_samples, epochs=count)
        except Refusal:
            return None
        if table.steps >= needed:
            last = count if epochs else int(table.epoch[needed - 1]) + 1
            if last == count:
                return table
            return plan_steps(schedule, training_samples=training_samples, epochs=last)
        if epochs:
            return None
        count *= 2


def _fits(
    rows: _Logged,
    ahead: int,
    planned: tuple[BatchSize, StepTable],
    momentum: Momentum,
    training_samples: int,
) -> Iterator[InferredSchedule]:
    """Every schedule with this batch curve that says every row's rate."""
    batch, table = planned
    for rate in _rates(rows, ahead, table):
        schedule = Schedule(
            name=rows.name,
            learning_rate=rate,
            batch_size=batch,
            momentum=momentum,
            epochs=table.epochs,
        )
        curve = plan_steps(
            schedule, training_samples=training_samples, epochs=table.epochs
        ).learning_rate
        expected = curve[rows.steps - ahead]
        distance = np.abs(rows.rate - expected) / (expected + _SMALL_FRACTION * curve.max())
        worst = int(np.argmax(distance))
        if distance[worst] <= TOLERANCE_RATIO:
            yield InferredSchedule(
                schedule=schedule,
                deviation_ratio=float(distance[worst]),
                deviation_step=int(rows.steps[worst]),
                steps_ahead=ahead,
            )


def _rates(rows: _Logged, ahead: int, table: StepTable) -> Iterator[LearningRate]:
    """Curves that may fit, the plainest first; with a changing batch also those that follow it."""
    at = rows.steps - ahead
    growth = table.batch_size[at] / table.batch_size[0]
    rules: tuple[tuple[RateToBatch | None, float], ...] = ((None, 0.0),)
    if growth.max() > 1:
        rules += ((RateToBatch(rule="linear"), 1.0), (RateToBatch(rule="square_root"), 0.5))
    for rule, power in rules:
        for rate in _plain_rates(at, rows.rate / growth**power, table):
            yield replace(rate, to_batch=rule)


def _plain_rates(
    at: NDArray[np.int64], rate: NDArray[np.float64], table: StepTable
) -> Iterator[LearningRate]:
    yield from _decays(at, rate, table, warm_up=0)
    if rate[0] < rate.max() * (1 - TOLERANCE_RATIO):
        yield from _stairs(at, rate, table)
        longest = min(int(table.epoch[at[np.argmax(rate)]]) + 1, MOST_WARM_UP_EPOCHS, table.epochs)
        for warm_up in range(longest, 0, -1):
            yield from _decays(at, rate, table, warm_up=warm_up)


def _stairs(
    at: NDArray[np.int64], rate: NDArray[np.float64], table: StepTable
) -> Iterator[LearningRate]:
    """Geometric growth over the whole run."""
    if (rate <= 0).any():
        return
    for every in range(1, table.epochs):
        last = -(-table.epochs // every) - 1
        jumps = (table.epoch[at] // every) / last
        if float(np.ptp(jumps)) == 0:
            continue
        slope, start = np.polyfit(jumps, np.log(rate), 1)
        low, high = rounded(float(np.exp(start))), rounded(float(np.exp(start + slope)))
        if np.isfinite(high) and high > low > 0:
            yield LearningRate(initial=low, growth=RateGrowth(maximum=high, every_epochs=every))


def _decays(
    at: NDArray[np.int64], rate: NDArray[np.float64], table: StepTable, *, warm_up: int
) -> Iterator[LearningRate]:
    first = int(np.searchsorted(table.epoch, warm_up))
    after = at >= first
    if after.sum() < FEWEST_ROWS - 1:
        return
    rest = Rows(
        step=at[after] - first,
        epoch=table.epoch[at[after]] - warm_up,
        rate=rate[after],
        steps=table.steps - first,
        epochs=table.epochs - warm_up,
    )
    for shape in shapes(rest):
        peak, minimum = fitted(rest.rate, shape)
        if not np.isfinite(peak) or peak <= 0:
            continue
        if np.abs(minimum + (peak - minimum) * shape.share_fraction - rest.rate).max() > (
            TOLERANCE_RATIO * peak
        ):
            continue
        base = LearningRate(initial=peak)
        more = {"decay": shape.decay, "minimum": minimum, **shape.more}
        if warm_up == 0:
            yield replace(base, **more)
            continue
        for start, warm in warm_ups(at[~after], rate[~after], table, peak, warm_up):
            yield LearningRate(initial=start, warm_up=warm, **more)
