"""What to do next about the best candidate: add seeds, settle an assumption, or decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from planner.economics.assumptions import Assumptions
from planner.economics.business_case import BusinessCase
from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.ownership import HOURS_PER_YEAR
from planner.inference.seed_value import evsi
from planner.money import Money
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.verdict import Reason, VerdictFacts

NextKind = Literal[
    "add_seeds", "decide", "settle_assumption", "no_look_left", "not_finished", "not_known"
]
"""Message keys below ``next_step.``."""

MOST_MORE_SEEDS = 10
"""Seeds that are offered to be added at once."""

HOURS_PER_MONTH = HOURS_PER_YEAR / 12

BEYOND_MONEY: frozenset[Reason] = frozenset({"quality_inferior", "hit_rate_low", "never_reached"})
"""Proven faults: whatever more seeds say of the saving, they do not change this decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreSeeds:
    """What so many more seeds are worth and cost, in the review's currency.

    Attributes:
        seeds: Seeds that would be added, k.
        worth: Expected gain from changing one's mind after them.
        device_h: Device-hours of their runs, all finalists and the baseline.
        device_cost: These at the rate of the device that the pilot runs on.
        people_cost: Attention of engineers to these runs.
        delayed_saving: Saving that is had later because the decision waits for them.
    """

    seeds: int
    worth: Money
    device_h: float
    device_cost: Money
    people_cost: Money
    delayed_saving: Money

    @property
    def cost(self) -> Money:
        """Sum of the three costs."""
        return self.device_cost + self.people_cost + self.delayed_saving

    @property
    def net(self) -> Money:
        """Worth less cost; positive speaks for adding them."""
        return self.worth - self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The next step about one candidate.

    Attributes:
        kind: What is advised.
        schedule: The candidate.
        seeds: With ``add_seeds``, how many; otherwise the number whose worth is nearest to its
            cost or most above it, to show both amounts; None where nothing can be computed.
        settle: With ``settle_assumption``, its name: the largest bar of the tornado that no seed
            narrows.
        options: One for each number of seeds, 1 to 10; empty where nothing can be computed, and
            where a proven fault has decided whatever the saving is.
        looks_left: Looks at the confirmation that are not used up.
    """

    kind: NextKind
    schedule: str
    seeds: int | None
    settle: str | None
    options: tuple[MoreSeeds, ...]
    looks_left: int

    @property
    def shown(self) -> MoreSeeds | None:
        """The option whose amounts the sentence names."""
        return next((option for option in self.options if option.seeds == self.seeds), None)


def next_step(
    judged: Judged, reviewed: Sequence[ScheduleReview], verdict: VerdictFacts
) -> NextStep:
    """The next step about the candidate that the verdict is on.

    More seeds are advised where their expected worth for the decision is above what they cost,
    a look is left, and knowing the speed-up would decide at all.
    """
    found = next(one for one in reviewed if one.schedule == verdict.schedule)
    looks_left = max(0, judged.given.pilot.looks - judged.given.look)
    options = () if _decided_without_money(verdict) else _options(judged, found)
    best = max(options, key=lambda option: option.net.amount, default=None)
    kind = _kind(judged, found, verdict, best, looks_left=looks_left)
    return NextStep(
        kind=kind,
        schedule=verdict.schedule,
        seeds=best.seeds if best is not None else None,
        settle=verdict.settle if kind == "settle_assumption" else None,
        options=options,
        looks_left=looks_left,
    )


def device_h_of_a_seed(arms: Sequence[Arm]) -> float:
    """Device-hours of one seed in each of some arms, as their runs were billed on average."""
    means = [fmean(race.billed_s for race in arm.races) for arm in arms if arm.races]
    return math.fsum(means) / SECONDS_PER_HOUR


def _kind(
    judged: Judged,
    found: ScheduleReview,
    verdict: VerdictFacts,
    best: MoreSeeds | None,
    *,
    looks_left: int,
) -> NextKind:
    if not all(arm.complete for arm in _confirmed(judged)):
        return "not_finished"
    if _decided_without_money(verdict):
        return "decide"
    if verdict.reason == "settle_assumption":
        return "settle_assumption"
    if found.case is None or best is None:
        return "not_known"
    if best.net.amount <= 0:
        return "decide"
    return "add_seeds" if looks_left else "no_look_left"


def _decided_without_money(verdict: VerdictFacts) -> bool:
    return verdict.kind == "do_not_adopt" and verdict.reason in BEYOND_MONEY


def _confirmed(judged: Judged) -> list[Arm]:
    """The arms that more confirmation seeds would be run for."""
    return [arm for arm in judged.arms if arm.purpose == "confirmation"]


def _options(judged: Judged, found: ScheduleReview) -> tuple[MoreSeeds, ...]:
    case, pairs = found.case, found.comparison.pairs if found.comparison else 0
    a_seed_h = device_h_of_a_seed(_confirmed(judged) or [judged.baseline])
    if case is None or pairs < 1:
        return ()
    assumptions, propagation = judged.given.assumptions, case.propagation
    return tuple(
        MoreSeeds(
            seeds=seeds,
            worth=Money(
                amount=evsi(
                    mean=propagation.npv.mean.amount,
                    seed_sd=propagation.npv_seed_sd.amount,
                    seeds=pairs,
                    more_seeds=seeds,
                ),
                currency=assumptions.currency,
            ),
            device_h=seeds * a_seed_h,
            device_cost=judged.pilot_rate * (seeds * a_seed_h),
            people_cost=_people_cost(seeds * a_seed_h, assumptions),
            delayed_saving=_delayed_saving(seeds * a_seed_h, case, assumptions),
        )
        for seeds in range(1, MOST_MORE_SEEDS + 1)
    )


def _people_cost(device_h: float, assumptions: Assumptions) -> Money:
    """Attention to the runs at the loaded rate."""
    attended_h = device_h * assumptions.attention_fraction
    return Money(amount=attended_h * assumptions.engineer_rate_per_h, currency=assumptions.currency)


def _delayed_saving(device_h: float, case: BusinessCase, assumptions: Assumptions) -> Money:
    """What a full month saves, for the hours that one device needs; a loss is not delayed."""
    a_month = assumptions.trainings_per_month * case.value.total.amount
    return Money(
        amount=max(0.0, a_month) * device_h / HOURS_PER_MONTH, currency=assumptions.currency
    )
