"""How often a schedule reaches the target, and what one success costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray
from scipy import special

from planner.bounds import check_at_least, check_not_negative
from planner.inference.statistics import check_confidence
from planner.refusal import require

RESAMPLING_SEED = 20251
"""Seed of every resampling of runs: a review is the same number whenever it is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate:
    """Successes among runs, with what is known of the rate behind them.

    In the propagation the rate is Beta-distributed (Jeffreys): ``Beta(k + 1/2, n - k + 1/2)``.

    Attributes:
        successes: Runs that reached the target, k.
        runs: All runs, n.
    """

    successes: int
    runs: int

    def __post_init__(self) -> None:
        check_at_least(self.runs, 1, "runs")
        check_at_least(self.successes, 0, "successes")
        require(self.successes <= self.runs, "successes", "more_successes_than_runs")

    @property
    def alpha(self) -> float:
        """First parameter of the Beta distribution, ``k + 1/2``."""
        return self.successes + 0.5

    @property
    def beta(self) -> float:
        """Second parameter of the Beta distribution, ``n - k + 1/2``."""
        return self.runs - self.successes + 0.5

    def quantile(self, p: float) -> float:
        """Quantile ``p`` of the Beta distribution; ``quantile(0.2)`` is a lower 80 % bound."""
        return float(special.betaincinv(self.alpha, self.beta, p))

    def limits(self, *, confidence: float = 0.9) -> tuple[float, float]:
        """Exact two-sided Clopper-Pearson limits."""
        check_confidence(confidence)
        tail = (1 - confidence) / 2
        misses = self.runs - self.successes
        high = float(special.betaincinv(self.successes + 1, misses, 1 - tail)) if misses else 1.0
        return self._exact_low(tail), high

    def lower_limit(self, *, confidence: float = 0.95) -> float:
        """Exact one-sided lower Clopper-Pearson limit."""
        check_confidence(confidence)
        return self._exact_low(1 - confidence)

    def _exact_low(self, tail: float) -> float:
        """Rate at which ``successes`` or more would be seen with probability ``tail``."""
        k = self.successes
        return float(special.betaincinv(k, self.runs - k + 1, tail)) if k else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessCost:
    """Cost of all runs of one arm for each that reached the target, runs resampled.

    Attributes:
        low: Lower limit, in the unit of the costs.
        mid: What was measured.
        high: Upper limit; None (no limit) where that share of the resamples had no success.
        n: Runs.
    """

    low: float
    mid: float
    high: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessCostRatio:
    """Cost per success of the candidate over the baseline's, pairs of runs resampled.

    Attributes:
        low: Lower limit; 0 where the baseline had no success in that share of the resamples.
        mid: The ratio of what was measured.
        high: Upper limit; None (no limit) where the candidate had no success in them.
        n: Pairs.
    """

    low: float
    mid: float
    high: float | None
    n: int


def cost_per_success(costs: Sequence[float], reached: Sequence[bool]) -> float | None:
    """Cost of all runs over the number that reached the target; None for no success."""
    _check_arm(costs, reached, "costs")
    successes = sum(reached)
    return fsum(costs) / successes if successes else None


def success_cost(
    costs: Sequence[float],
    reached: Sequence[bool],
    *,
    seed: int,
    confidence: float = 0.9,
    resamples: int = 10_000,
) -> SuccessCost | None:
    """Interval of one arm's cost per success; None for no success.

    Args:
        costs: Cost of every run, in any one unit.
        reached: Whether it reached the target.
        seed: Of the resampling.
        confidence: Of the two-sided percentile interval.
        resamples: Number of resampled sets of runs.
    """
    check_confidence(confidence)
    measured = cost_per_success(costs, reached)
    if measured is None:
        return None
    runs = resampled_pairs(len(costs), resamples=resamples, seed=seed)
    low, high = _percentiles(_resampled_cost(costs, reached, runs), confidence)
    return SuccessCost(low=low, mid=measured, high=high, n=len(costs))


def success_cost_ratio(
    candidate_costs: Sequence[float],
    candidate_reached: Sequence[bool],
    baseline_costs: Sequence[float],
    baseline_reached: Sequence[bool],
    *,
    seed: int,
    confidence: float = 0.9,
    resamples: int = 10_000,
) -> SuccessCostRatio | None:
    """Interval of the ratio of the two costs per success; None when an arm has no success.

    The arms are paired by seed, so whole pairs are resampled.

    Args:
        candidate_costs: Cost of every run, in any one unit, in the baseline's order of seeds.
        candidate_reached: Whether it reached the target.
        baseline_costs: The same for the baseline.
        baseline_reached: The same for the baseline.
        seed: Of the resampling.
        confidence: Of the two-sided percentile interval.
        resamples: Number of resampled sets of pairs.
    """
    check_confidence(confidence)
    require(
        len(candidate_costs) == len(baseline_costs),
        "candidate_costs",
        "lengths_differ",
        expected=len(baseline_costs),
    )
    candidate = cost_per_success(candidate_costs, candidate_reached)
    baseline = cost_per_success(baseline_costs, baseline_reached)
    if candidate is None or not baseline:
        return None
    pairs = resampled_pairs(len(baseline_costs), resamples=resamples, seed=seed)
    drawn_candidate = _resampled_cost(candidate_costs, candidate_reached, pairs)
    drawn_baseline = _resampled_cost(baseline_costs, baseline_reached, pairs)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = drawn_candidate / drawn_baseline
    low, high = _percentiles(ratios[~np.isnan(ratios)], confidence)
    return SuccessCostRatio(low=low, mid=candidate / baseline, high=high, n=len(baseline_costs))


def resampled_pairs(n: int, *, resamples: int, seed: int) -> NDArray[np.int64]:
    """Indices of pairs drawn with replacement, shape (resamples, n)."""
    return np.random.default_rng(seed).integers(0, n, size=(resamples, n))


def _resampled_cost(
    costs: Sequence[float], reached: Sequence[bool], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Cost per success of every resample; infinite for those without success."""
    spent = np.asarray(costs, dtype=np.float64)[pairs].sum(axis=1)
    successes = np.asarray(reached, dtype=np.float64)[pairs].sum(axis=1)
    per_success = np.full(len(pairs), np.inf)
    np.divide(spent, successes, out=per_success, where=successes > 0)
    return per_success


def _percentiles(draws: NDArray[np.float64], confidence: float) -> tuple[float, float | None]:
    """The draws that cut the same share off at either end; None for an infinite upper one."""
    ordered = np.sort(draws)
    cut = int((1 - confidence) / 2 * (len(ordered) - 1))
    low, high = float(ordered[cut]), float(ordered[-1 - cut])
    return low, high if np.isfinite(high) else None


def _check_arm(costs: Sequence[float], reached: Sequence[bool], field: str) -> None:
    require(len(costs) == len(reached), field, "lengths_differ", expected=len(reached))
    for place, cost in enumerate(costs):
        check_not_negative(cost, f"{field}[{place}]")
