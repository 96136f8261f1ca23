"""Steps against samples: what a larger batch saves in steps, and costs in samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from planner.bounds import check_not_negative, check_positive
from planner.chart import Axis, Chart, Series

FEWEST_BATCH_SIZES = 3

DRAWN_POINTS = 40

NotOffered = Literal["too_few_batch_sizes", "rate_not_retuned", "no_trade_off_seen"]
"""Message keys below ``batch_trade_off.``: why nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTrial:
    """What one constant batch size took to the target.

    Attributes:
        name: Of the schedule.
        batch_size: Samples a step.
        steps_to_target: Mean over its runs.
        retuned: Whether the learning rate was chosen anew at this batch, not at an edge.
    """

    name: str
    batch_size: int
    steps_to_target: float
    retuned: bool

    def __post_init__(self) -> None:
        check_positive(self.batch_size, "batch_size")
        check_positive(self.steps_to_target, "steps_to_target")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsAndSamples:
    """``S(B) = S_min (1 + B_crit/B)`` and ``E(B) = S_min B_crit (1 + B/B_crit)``.

    Attributes:
        smallest_steps: S_min, steps at an infinite batch.
        critical_batch_size: B_crit, where steps and samples are both twice their smallest.
        residual_fraction: Largest relative distance of a trial from the fit.
        chart: Samples against steps: trials as points, the fit as a line.
    """

    smallest_steps: float
    critical_batch_size: float
    residual_fraction: float
    chart: Chart

    def steps(self, batch_size: float) -> float:
        """S(B)."""
        return self.smallest_steps * (1 + self.critical_batch_size / batch_size)

    def samples(self, batch_size: float) -> float:
        """E(B) = B S(B)."""
        return batch_size * self.steps(batch_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTradeOff:
    """The trade-off, or why it is not offered.

    Attributes:
        trials: By rising batch.
        fit: None where it is not offered.
        not_offered: Why; None where it is.
    """

    trials: tuple[BatchTrial, ...]
    fit: StepsAndSamples | None
    not_offered: NotOffered | None


def batch_trade_off(trials: Sequence[BatchTrial]) -> BatchTradeOff:
    """The trade-off of at least three batch sizes, the rate re-tuned at each.

    ``S = S_min + S_min B_crit / B`` is fitted by the smallest sum of squared relative distances.
    """
    ordered = tuple(sorted(trials, key=lambda trial: trial.batch_size))
    tuned = [trial for trial in ordered if trial.retuned]
    if len({trial.batch_size for trial in ordered}) < FEWEST_BATCH_SIZES:
        return BatchTradeOff(trials=ordered, fit=None, not_offered="too_few_batch_sizes")
    if len({trial.batch_size for trial in tuned}) < FEWEST_BATCH_SIZES:
        return BatchTradeOff(trials=ordered, fit=None, not_offered="rate_not_retuned")
    batch = np.array([float(trial.batch_size) for trial in tuned])
    steps = np.array([trial.steps_to_target for trial in tuned])
    rows = np.stack([1 / steps, 1 / (batch * steps)], axis=1)
    smallest, product = (float(found) for found in np.linalg.lstsq(rows, np.ones(len(rows)))[0])
    if not (smallest > 0 and product > 0):
        return BatchTradeOff(trials=ordered, fit=None, not_offered="no_trade_off_seen")
    distance = np.abs((smallest + product / batch) / steps - 1)
    critical = product / smallest
    fit = StepsAndSamples(
        smallest_steps=smallest,
        critical_batch_size=critical,
        residual_fraction=float(distance.max()),
        chart=_chart(tuned, smallest=smallest, critical=critical),
    )
    return BatchTradeOff(trials=ordered, fit=fit, not_offered=None)


def growth_batch_size(*, half_saturation_batch_size: float, noise_batch_size: float) -> float:
    """``B* = sqrt(b_half B_noise)``: the cheapest batch of one device in billed time."""
    check_not_negative(half_saturation_batch_size, "half_saturation_batch_size")
    check_not_negative(noise_batch_size, "noise_batch_size")
    return sqrt(half_saturation_batch_size * noise_batch_size)


def half_saturation_of_devices(
    *, overhead_s: float, communication_s: float, device_count: int, samples_per_s: float
) -> float:
    """b_half of K devices together: ``(t0 + comm) K r``."""
    return (overhead_s + communication_s) * device_count * samples_per_s


def _chart(trials: Sequence[BatchTrial], *, smallest: float, critical: float) -> Chart:
    sizes = np.geomspace(trials[0].batch_size, trials[-1].batch_size, DRAWN_POINTS)
    steps = smallest * (1 + critical / sizes)
    return Chart(
        key="batch_trade_off",
        x=Axis(label="steps", logarithmic=True),
        y=Axis(label="samples", logarithmic=True),
        series=(
            Series(
                name="fitted",
                role="candidate",
                x=tuple(steps[::-1].tolist()),
                y=tuple((sizes * steps)[::-1].tolist()),
            ),
            Series(
                name="trials",
                role="point",
                x=tuple(trial.steps_to_target for trial in trials),
                y=tuple(trial.batch_size * trial.steps_to_target for trial in trials),
            ),
        ),
    )
