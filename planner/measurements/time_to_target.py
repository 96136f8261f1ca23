"""Time to target: where a run crossed its target, between two evaluations."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.pilots.target import Target
from planner.refusal import require

LOGARITHMIC_METRICS = frozenset({"train_loss", "validation_loss", "full_gradient_norm"})
"""Metrics that fall by factors: between two evaluations their logarithm is taken as linear."""

LASTING_METRICS = frozenset({"full_gradient_norm"})
"""Metrics that start on the good side and leave it: only an entry that lasts counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where a run reached its target for good.

    Attributes:
        step: Steps done, interpolated between two evaluations.
        time_s: Seconds of training up to there, evaluations excluded.
        samples: Samples seen up to there.
        epochs: The same in epochs.
        low_step: Last evaluation before it; the same as ``high_step`` at the start of a run.
        high_step: First evaluation that holds.
    """

    step: float
    time_s: float
    samples: float
    epochs: float
    low_step: int
    high_step: int


def time_to_target(
    target: Target,
    *,
    steps: NDArray[np.int64],
    values: NDArray[np.float64],
    elapsed_s: NDArray[np.float64],
    samples: NDArray[np.int64],
    training_samples: int,
) -> Crossing | None:
    """Where the run crossed ``target``, or None if it never did.

    The crossing is the first of ``sustained_evaluations`` evaluations in a row that hold. All of
    them must exist: an entry with fewer evaluations left in the run does not count. The gradient
    norm, which starts low, must also hold from there to the end of the run. A value that is not
    finite does not hold. A run that holds from its first evaluation crosses there.

    Args:
        target: What must be reached.
        steps: Steps done at each evaluation, rising; 0 is the evaluation before training.
        values: The target's metric at each evaluation; NaN where it is missing.
        elapsed_s: Seconds of training at each evaluation, composed.
        samples: Samples seen at each evaluation.
        training_samples: Samples in one epoch.
    """
    for field, column in (("values", values), ("elapsed_s", elapsed_s), ("samples", samples)):
        require(len(column) == len(steps), field, "lengths_differ", expected=len(steps))
    require(bool(np.all(np.diff(steps) > 0)), "steps", "not_rising")
    holds = reached(values, target)
    high = _first_sustained(
        holds, target.sustained_evaluations, to_the_end=target.metric in LASTING_METRICS
    )
    if high is None:
        return None
    low = max(high - 1, 0)
    fraction = _crossing_fraction(values[low], values[high], target)
    seen = _between(float(samples[low]), float(samples[high]), fraction)
    return Crossing(
        step=_between(float(steps[low]), float(steps[high]), fraction),
        time_s=_between(float(elapsed_s[low]), float(elapsed_s[high]), fraction),
        samples=seen,
        epochs=seen / training_samples,
        low_step=int(steps[low]),
        high_step=int(steps[high]),
    )


def reached(values: NDArray[np.float64], target: Target) -> NDArray[np.bool_]:
    """Whether each value is on the target's good side; a value that is not finite is not."""
    good = values <= target.value if target.direction == "below" else values >= target.value
    return good & np.isfinite(values)


def _first_sustained(holds: NDArray[np.bool_], needed: int, *, to_the_end: bool) -> int | None:
    """Index of the first of ``needed`` True in a row, or None."""
    if to_the_end:
        misses = np.flatnonzero(~holds)
        first = int(misses[-1]) + 1 if len(misses) else 0
        return first if len(holds) - first >= needed else None
    if len(holds) < needed:
        return None
    in_a_row = np.lib.stride_tricks.sliding_window_view(holds, needed).all(axis=1)
    return int(np.argmax(in_a_row)) if in_a_row.any() else None


def _crossing_fraction(before: float, after: float, target: Target) -> float:
    """Share of the way between two evaluations, in [0, 1].

    Without a finite value before it the crossing is placed at the evaluation that showed it.
    """
    if not math.isfinite(before) or before == after:
        return 1.0
    positive = min(before, after, target.value) > 0
    if target.metric in LOGARITHMIC_METRICS and positive:
        fraction = math.log(before / target.value) / math.log(before / after)
    else:
        fraction = (before - target.value) / (before - after)
    return min(max(fraction, 0.0), 1.0)


def _between(low: float, high: float, fraction: float) -> float:
    return low + (high - low) * fraction
