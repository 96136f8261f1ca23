"""The learning-rate sweep: which schedule is fastest at which rate, and where that flips."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from planner.reviews.race import Race


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRanking:
    """The schedules at one rate multiplier.

    Attributes:
        rate_multiplier: Factor on every schedule's whole rate curve.
        fastest_first: Names by mean of ``min(time, budget)`` on the selection seeds; those that
            never reached the target at this rate are left out.
    """

    rate_multiplier: float
    fastest_first: tuple[str, ...]


def rate_rankings(races: Iterable[Race], *, budget_s: float) -> tuple[RateRanking, ...]:
    """One ranking a rate multiplier that was tried, rising; empty without a sweep."""
    tried: dict[float, dict[str, list[Race]]] = {}
    for race in races:
        if race.purpose == "selection":
            by_schedule = tried.setdefault(race.rate_multiplier, {})
            by_schedule.setdefault(race.schedule, []).append(race)
    return tuple(
        RateRanking(
            rate_multiplier=multiplier,
            fastest_first=_fastest_first(tried[multiplier], budget_s),
        )
        for multiplier in sorted(tried)
    )


def restricted_time_s(races: Iterable[Race], budget_s: float) -> float:
    """Mean of ``min(time, budget)``."""
    return fmean(race.crossing.time_s if race.crossing else budget_s for race in races)


def _fastest_first(by_schedule: dict[str, list[Race]], budget_s: float) -> tuple[str, ...]:
    reached = [
        name
        for name, races in by_schedule.items()
        if any(race.crossing is not None for race in races)
    ]
    return tuple(sorted(reached, key=lambda name: restricted_time_s(by_schedule[name], budget_s)))
