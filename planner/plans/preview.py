"""A schedule as the few points that draw its curves."""

import numpy as np
from numpy.typing import NDArray

from planner.plans.plan_facts import Preview
from planner.schedules.momentum import MomentumForm, effective_rate
from planner.schedules.schedule import StepTable

MOST_POINTS = 400


def preview(
    table: StepTable, *, form: MomentumForm, spent_s: NDArray[np.float64] | None = None
) -> Preview:
    """Both sides of every jump, and where there are too many an even choice of steps.

    Jumps of the batch size always stay, as long as they alone are not too many.

    Args:
        table: The schedule's steps.
        form: Of momentum.
        spent_s: Seconds before each step, and perhaps at the end; None where they are unknown.
    """
    shown = _shown(table)
    effective = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    return Preview(
        step=tuple(shown.tolist()),
        epoch=tuple((table.samples[shown] / table.training_samples).tolist()),
        samples=tuple(table.samples[shown].tolist()),
        learning_rate=tuple(table.learning_rate[shown].tolist()),
        effective_learning_rate=tuple(effective[shown].tolist()),
        batch_size=tuple(table.batch_size[shown].tolist()),
        time_s=None if spent_s is None else tuple(spent_s[shown].tolist()),
    )


def _shown(table: StepTable) -> NDArray[np.int64]:
    """Rising steps, the first and the last among them."""
    ends = np.array([0, table.steps - 1])
    batches = _both_sides(np.diff(table.batch_size) != 0)
    rates = _both_sides(np.diff(table.learning_rate) != 0)
    shown = np.unique(np.concatenate([ends, batches, rates]))
    if len(shown) > MOST_POINTS:
        room = MOST_POINTS - len(batches)
        kept = batches if room >= MOST_POINTS // 2 else batches[:0]
        even = np.linspace(0, table.steps - 1, MOST_POINTS - len(kept)).round()
        shown = np.unique(np.concatenate([even.astype(np.int64), kept]))
    return shown.astype(np.int64)


def _both_sides(jumps: NDArray[np.bool_]) -> NDArray[np.int64]:
    before = np.flatnonzero(jumps)
    return np.unique(np.concatenate([before, before + 1]))
