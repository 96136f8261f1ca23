"""Whether a candidate's final quality is not worse than the baseline's, within a tolerance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_not_negative
from planner.inference.statistics import check_confidence, fewest_seeds, t_quantile
from planner.refusal import require

Direction = Literal["below", "above"]
"""Where better values of a metric lie."""

QualityStatus = Literal["non_inferior", "inferior", "unresolved"]

FEWEST_PAIRS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityVerdict:
    """The paired difference in final quality; positive is better for the candidate.

    Attributes:
        status: ``non_inferior`` if ``low > -tolerance``, ``inferior`` if ``high < -tolerance``.
        low: Lower one-sided limit of the mean difference; None for fewer than two pairs.
        mid: Mean difference; None without pairs.
        high: Upper one-sided limit; None for fewer than two pairs.
        sd: Standard deviation of the paired differences; None for fewer than two pairs.
        n: Pairs.
        seeds_needed: Pairs that would settle the gate if mean and deviation stayed as they are;
            None if no number of up to 10,000 would, or nothing is known of the deviation.
    """

    status: QualityStatus
    low: float | None
    mid: float | None
    high: float | None
    sd: float | None
    n: int
    seeds_needed: int | None


def judge_quality(
    candidate: Sequence[float],
    baseline: Sequence[float],
    *,
    tolerance: float,
    direction: Direction,
    confidence: float = 0.95,
) -> QualityVerdict:
    """Non-inferiority by one-sided Student t limits on the differences paired by seed.

    Args:
        candidate: Final value of the quality metric by seed.
        baseline: The same for the baseline, in the same order of seeds.
        tolerance: Largest acceptable worsening, in the metric's own unit.
        direction: Side on which the metric improves.
        confidence: Of each one-sided limit.
    """
    check_confidence(confidence)
    check_not_negative(tolerance, "tolerance")
    better = _improvements(candidate, baseline, direction)
    n = len(better)
    if n < FEWEST_PAIRS:
        mid = float(better[0]) if n else None
        return QualityVerdict(
            status="unresolved", low=None, mid=mid, high=None, sd=None, n=n, seeds_needed=None
        )
    mean, sd = float(np.mean(better)), float(np.std(better, ddof=1))

    def half_width(pairs: int) -> float:
        return t_quantile(confidence, pairs) * sd / math.sqrt(pairs)

    low, high = mean - half_width(n), mean + half_width(n)
    return QualityVerdict(
        status=_status(low, high, tolerance),
        low=low,
        mid=mean,
        high=high,
        sd=sd,
        n=n,
        seeds_needed=fewest_seeds(
            lambda pairs: half_width(pairs) < abs(mean + tolerance), FEWEST_PAIRS
        ),
    )


def _improvements(
    candidate: Sequence[float], baseline: Sequence[float], direction: Direction
) -> NDArray[np.float64]:
    """Paired differences, positive where the candidate is better."""
    require(len(candidate) == len(baseline), "candidate", "lengths_differ", expected=len(baseline))
    sign = 1.0 if direction == "above" else -1.0
    better = sign * (np.asarray(candidate, np.float64) - np.asarray(baseline, np.float64))
    require(bool(np.all(np.isfinite(better))), "candidate", "not_finite")
    return better


def _status(low: float, high: float, tolerance: float) -> QualityStatus:
    if low > -tolerance:
        return "non_inferior"
    return "inferior" if high < -tolerance else "unresolved"
