"""How often a schedule reaches the target, and what one success costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray
from scipy import special

from planner.bounds import check_at_least, check_not_negative
from planner.inference.statistics import all_positive, check_confidence
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

    def quantile(self, p: float, *, more: int = 0) -> float:
        """Quantile ``p`` of the Beta distribution; ``quantile(0.2)`` is a lower 80 % bound.

        Args:
            p: Probability.
            more: Runs to come, of which just the share that did so far would reach the target.
        """
        grown = 1 + more / self.runs
        successes, misses = self.successes * grown, (self.runs - self.successes) * grown
        return float(special.betaincinv(successes + 0.5, misses + 0.5, p))

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
    """Cost of all runs of one arm for each that reached the target.

    Attributes:
        low: Lower limit, in the unit of the costs.
        mid: What was measured.
        high: Upper limit.
        n: Runs.
    """

    low: float
    mid: float
    high: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessCostRatio:
    """Cost per success of the candidate over the baseline's.

    Attributes:
        low: Lower limit.
        mid: The ratio of what was measured.
        high: Upper limit.
        n: Pairs.
    """

    low: float
    mid: float
    high: float
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

    Runs are resampled for what one of them costs; the hit rate is drawn from its Beta
    distribution, as in the money: resampled successes alone are too sure of a few runs.

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
    generator = np.random.default_rng(seed)
    runs = generator.integers(0, len(costs), size=(resamples, len(costs)))
    rates = _drawn_rates(reached, generator, resamples)
    low, high = _percentiles(_resampled_cost(costs, runs) / rates, confidence)
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

    Nor is there one where a run cost nothing: no ratio is made of nothing.

    The arms are paired by seed, so whole pairs are resampled for what a run costs; both hit rates
    are drawn from their Beta distributions, as in the money.

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
    if candidate is None or baseline is None:
        return None
    if not all_positive([*candidate_costs, *baseline_costs]):
        return None
    generator = np.random.default_rng(seed)
    pairs = generator.integers(0, len(baseline_costs), size=(resamples, len(baseline_costs)))
    ours = _resampled_cost(candidate_costs, pairs)
    ours /= _drawn_rates(candidate_reached, generator, resamples)
    theirs = _resampled_cost(baseline_costs, pairs)
    theirs /= _drawn_rates(baseline_reached, generator, resamples)
    low, high = _percentiles(ours / theirs, confidence)
    return SuccessCostRatio(low=low, mid=candidate / baseline, high=high, n=len(baseline_costs))


def _resampled_cost(costs: Sequence[float], runs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean cost of the runs of every resample; ``runs`` has the shape (resamples, n)."""
    return np.asarray(np.asarray(costs, dtype=np.float64)[runs].mean(axis=1))


def _drawn_rates(
    reached: Sequence[bool], generator: np.random.Generator, draws: int
) -> NDArray[np.float64]:
    """Hit rates that the runs leave possible."""
    rate = HitRate(successes=sum(reached), runs=len(reached))
    return generator.beta(rate.alpha, rate.beta, size=draws)


def _percentiles(draws: NDArray[np.float64], confidence: float) -> tuple[float, float]:
    """The two quantiles that cut the same share off at either end."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(draws, (tail, 1 - tail))
    return float(low), float(high)


def _check_arm(costs: Sequence[float], reached: Sequence[bool], field: str) -> None:
    require(len(costs) == len(reached), field, "lengths_differ", expected=len(reached))
    for place, cost in enumerate(costs):
        check_not_negative(cost, f"{field}[{place}]")
