"""The ratio of mean times: what money is paid for, and how sure some pairs make us of it.

For lognormal times ``E[T_c]/E[T_b] = exp(mean log ratio + (s_c^2 - s_b^2)/2)``. The second term,
the correction, is estimated from the same few pairs as the first. It is half the covariance of
``D = log c - log b`` and ``S = log c + log b``, which the regression of S on D takes apart: a
slope, known as well as any mean, and the scale of D, known as badly as any variance and to one
side. The distances of all three from their estimates are put together as squares (MOVER: Zou &
Donner 2008; for one lognormal mean Zou, Huo & Taleban 2009).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from planner.inference.statistics import (
    FEWEST_PAIRS,
    Interval,
    check_confidence,
    log_ratios,
    logarithms,
    t_quantile,
)

Logs = NDArray[np.float64]

MOST_SCALE_PROBABILITY = 0.99
"""The scale's distances grow no further beyond it: of three pairs hardly anything is known there,
and a mean over the tail would not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What unequal scatter adds to the mean log ratio.

    Attributes:
        value_log: ``(s_c^2 - s_b^2)/2``.
        spread_log: Standard error of it, were the scale of the log ratios known.
    """

    value_log: float
    spread_log: float


def correction(candidate: Sequence[float], baseline: Sequence[float]) -> Correction:
    """Of pairs of times; nothing for fewer than two."""
    ours, theirs = logarithms(candidate, "candidate"), logarithms(baseline, "baseline")
    if min(len(ours), len(theirs)) < 2:
        return Correction(value_log=0.0, spread_log=0.0)
    (of_ratio, between), (_, of_sum) = np.cov(ours - theirs, ours + theirs)
    around_slope = max(float(of_ratio * of_sum - between**2), 0.0) / (len(ours) - 1)
    return Correction(value_log=float(between) / 2, spread_log=math.sqrt(around_slope) / 2)


def ratio_of_means(candidate: Sequence[float], baseline: Sequence[float]) -> float:
    """``E[candidate] / E[baseline] = exp(mean log ratio + (s_c^2 - s_b^2) / 2)``."""
    mean_log = float(np.mean(log_ratios(candidate, baseline)))
    return math.exp(mean_log + correction(candidate, baseline).value_log)


def mean_ratio(
    candidate: Sequence[float], baseline: Sequence[float], *, confidence: float = 0.9
) -> Interval | None:
    """Interval of the ratio of means; None for fewer than three pairs.

    Its ``mean_log`` is the log of the ratio of means, ``sd_log`` that of the log ratios alone.
    """
    check_confidence(confidence)
    logs = log_ratios(candidate, baseline)
    n = len(logs)
    if n < FEWEST_PAIRS:
        return None
    added = correction(candidate, baseline)
    sd_log = float(np.std(logs, ddof=1))
    middle = float(np.mean(logs)) + added.value_log
    upper = (1 + confidence) / 2
    low, high = deviations_log(
        np.array([-1.0, 1.0]) * t_quantile(upper, n),
        scale_distances(np.array([1 - upper, upper]), n - 1),
        spread_log=sd_log / math.sqrt(n),
        added=added,
    ).tolist()
    return Interval(
        low=math.exp(middle + low),
        mid=math.exp(middle),
        high=math.exp(middle + high),
        n=n,
        mean_log=middle,
        sd_log=sd_log,
    )


def deviations_log(
    t: Logs, scale: tuple[Logs, Logs], *, spread_log: float, added: Correction
) -> Logs:
    """How far the log of the ratio of means may be from its estimate, at each probability.

    Args:
        t: Quantiles of Student's t.
        scale: `scale_distances` at the same probabilities.
        spread_log: Standard error of the mean log ratio.
        added: What unequal scatter adds.
    """
    near = t * math.hypot(spread_log, added.spread_log)
    if not added.value_log:
        return near
    growth, shrinkage = scale
    away = (t > 0) == (added.value_log > 0)
    of_scale = added.value_log * np.where(away, growth, shrinkage)
    return np.asarray(np.sign(t) * np.hypot(near, of_scale))


def scale_distances(probability: Logs, degrees: int) -> tuple[Logs, Logs]:
    """Shares by which a variance may be above and below its estimate, by the chi-square law."""
    p = np.minimum(np.maximum(probability, 1 - probability), MOST_SCALE_PROBABILITY)
    growth = degrees / special.chdtri(degrees, p) - 1
    shrinkage = 1 - degrees / special.chdtri(degrees, 1 - p)
    return growth, np.maximum(shrinkage, 0.0)
