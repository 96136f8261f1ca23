"""Times to target when some runs never reached it: censored at the budget, never dropped."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from planner.bounds import check_not_negative, check_positive
from planner.refusal import require


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalStep:
    """From ``time_s`` on, ``share_fraction`` of the runs have not reached the target."""

    time_s: float
    share_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """Kaplan-Meier estimate with every censored run censored at the same budget.

    Attributes:
        steps: One for every distinct time at which a run reached the target, rising.
        median_s: Smallest time at which at most half of the runs are still on the way; None
            (not defined) when more than half never arrived.
        restricted_mean_s: Mean of ``min(time, budget)``.
        reached: Runs that reached the target.
        runs: All runs.
        budget_s: Where the others are censored.
    """

    steps: tuple[SurvivalStep, ...]
    median_s: float | None
    restricted_mean_s: float
    reached: int
    runs: int
    budget_s: float


def survival(times_s: Sequence[float | None], *, budget_s: float) -> Survival:
    """Kaplan-Meier, median and restricted mean of one arm.

    A run that diverged, was cancelled or capped is censored at the budget like one that used it
    up: when it stopped says something about it, so its stop is no fair censoring time.

    Args:
        times_s: Time to target of every run; None or a time above the budget is censored.
        budget_s: Time the runs were given.
    """
    check_positive(budget_s, "budget_s")
    require(bool(times_s), "times_s", "runs_missing")
    for place, time_s in enumerate(times_s):
        if time_s is not None:
            check_not_negative(time_s, f"times_s[{place}]")
    runs = len(times_s)
    arrivals = sorted(time for time in times_s if time is not None and time <= budget_s)
    steps = tuple(
        SurvivalStep(time_s=time, share_fraction=(runs - bisect_right(arrivals, time)) / runs)
        for time in sorted(set(arrivals))
    )
    return Survival(
        steps=steps,
        median_s=next((step.time_s for step in steps if step.share_fraction <= 0.5), None),
        restricted_mean_s=fsum([*arrivals, *[budget_s] * (runs - len(arrivals))]) / runs,
        reached=len(arrivals),
        runs=runs,
        budget_s=budget_s,
    )
