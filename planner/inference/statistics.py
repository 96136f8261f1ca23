"""Paired seeds: how much faster a candidate is, and how sure five seeds make us."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from planner.bounds import check_not_negative, check_positive
from planner.refusal import require

FEWEST_PAIRS = 3
"""Below it no interval is given: two pairs have an interval six times as wide as five."""

FEWEST_PAIRS_FOR_BOOTSTRAP = 20
"""Below it BCa intervals cover far less than they say (0.80 instead of 0.90 at five pairs)."""

MOST_SEEDS_PLANNED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A positive quantity that was averaged on its logarithm, with its confidence limits.

    Attributes:
        low: Lower limit.
        mid: ``exp(mean_log)``: a geometric mean, or the median of a log-normal quantity.
        high: Upper limit.
        n: Seeds behind it.
        mean_log: Mean of the logarithms.
        sd_log: Their standard deviation, with ``n - 1``.
    """

    low: float
    mid: float
    high: float
    n: int
    mean_log: float
    sd_log: float


def paired_ratio(
    candidate: Sequence[float], baseline: Sequence[float], *, confidence: float = 0.9
) -> Interval | None:
    """Student t interval of candidate / baseline, paired by seed on log ratios.

    Both sequences hold positive values (times, costs) in the same order of seeds, none censored:
    a pair with a censored run allows no such claim. None for fewer than three pairs.
    """
    return log_interval(log_ratios(candidate, baseline), confidence=confidence)


def geometric_mean(values: Sequence[float], *, confidence: float = 0.9) -> Interval | None:
    """Student t interval of one arm's positive values on logarithms; None for fewer than three."""
    return log_interval(logarithms(values, "values"), confidence=confidence)


def log_interval(logs: NDArray[np.float64], *, confidence: float = 0.9) -> Interval | None:
    """Student t interval of ``exp(mean(logs))``; None for fewer than three values."""
    check_confidence(confidence)
    n = len(logs)
    if n < FEWEST_PAIRS:
        return None
    mean, sd = float(np.mean(logs)), float(np.std(logs, ddof=1))
    half_width = t_quantile((1 + confidence) / 2, n) * sd / math.sqrt(n)
    return Interval(
        low=math.exp(mean - half_width),
        mid=math.exp(mean),
        high=math.exp(mean + half_width),
        n=n,
        mean_log=mean,
        sd_log=sd,
    )


def bootstrap_ratio(
    candidate: Sequence[float], baseline: Sequence[float], *, seed: int, confidence: float = 0.9
) -> Interval | None:
    """BCa bootstrap interval of the same ratio, as a second line; None for fewer than 20 pairs."""
    check_confidence(confidence)
    logs = log_ratios(candidate, baseline)
    if len(logs) < FEWEST_PAIRS_FOR_BOOTSTRAP:
        return None
    from scipy.stats import bootstrap  # half a second of every start, and few pilots have 20 pairs

    mean, sd = float(np.mean(logs)), float(np.std(logs, ddof=1))
    low = high = mean
    if sd > 0:
        low, high = bootstrap(
            (logs,),
            np.mean,
            confidence_level=confidence,
            method="BCa",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return Interval(
        low=math.exp(low),
        mid=math.exp(mean),
        high=math.exp(high),
        n=len(logs),
        mean_log=mean,
        sd_log=sd,
    )


def seeds_needed(
    sd_log: float, *, half_width_fraction: float = 0.1, confidence: float = 0.9
) -> int | None:
    """Fewest seeds whose interval reaches at most ``1 + half_width_fraction`` times its middle.

    Assumes that ``sd_log``, the paired standard deviation of the log ratio, stays as it is. None
    for more than 10,000 seeds.
    """
    check_not_negative(sd_log, "sd_log")
    check_positive(half_width_fraction, "half_width_fraction")
    check_confidence(confidence)
    allowed = math.log1p(half_width_fraction)
    return fewest_seeds(
        lambda n: t_quantile((1 + confidence) / 2, n) * sd_log / math.sqrt(n) <= allowed,
        FEWEST_PAIRS,
    )


def fewest_seeds(enough: Callable[[int], bool], fewest: int) -> int | None:
    """Smallest n from ``fewest`` on with ``enough(n)``, once true always true; None if too many."""
    high = fewest
    while not enough(high):
        high *= 2
        if high > MOST_SEEDS_PLANNED:
            return None
    low = max(fewest, high // 2)
    return low + bisect_left(range(low, high), True, key=enough)


def check_confidence(confidence: float) -> None:
    """Refuses a confidence that is not strictly between 0 and 1."""
    require(0 < confidence < 1, "confidence", "not_a_probability")


def t_quantile(p: float, n: int) -> float:
    """Quantile ``p`` of Student's t with ``n - 1`` degrees of freedom."""
    return float(special.stdtrit(n - 1, p))


def log_ratios(candidate: Sequence[float], baseline: Sequence[float]) -> NDArray[np.float64]:
    """``log(candidate / baseline)`` of every pair."""
    require(len(candidate) == len(baseline), "candidate", "lengths_differ", expected=len(baseline))
    return logarithms(candidate, "candidate") - logarithms(baseline, "baseline")


def logarithms(values: Sequence[float], field: str) -> NDArray[np.float64]:
    """Natural logarithms; refuses, at ``field``, a value that has none."""
    array = np.asarray(values, dtype=np.float64)
    require(bool(np.all(np.isfinite(array) & (array > 0))), field, "not_positive")
    return np.log(array)


def all_positive(values: Iterable[float]) -> bool:
    """Whether every value has a logarithm; a run that was over at its very start has none."""
    return all(value > 0 and math.isfinite(value) for value in values)
