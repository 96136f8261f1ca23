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
from planner.reviews.judged import Judged, evidence_of
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.unsettled import seeds_to_settle
from planner.reviews.verdict import Reason, VerdictFacts

NextKind = Literal[
    "add_seeds",
    "may_add_seeds",
    "settle_quality",
    "settle_hit_rate",
    "first_seeds",
    "not_worth_it",
    "not_by_seeds",
    "decide",
    "settle_assumption",
    "no_look_left",
    "not_finished",
    "not_known",
]
"""Message keys below ``next_step.``."""

ASKS_FOR_SEEDS: frozenset[NextKind] = frozenset(
    {"add_seeds", "settle_quality", "settle_hit_rate", "first_seeds"}
)
"""Steps that are: add seeds."""

_SETTLED_BY_SEEDS: dict[Reason, NextKind] = {
    "quality_unresolved": "settle_quality",
    "hit_rate_unresolved": "settle_hit_rate",
}
"""Questions that no amount of money is about."""

NOT_BY_SEEDS: frozenset[Reason] = frozenset(
    {
        "never_reached",
        "not_available",
        "nothing_priced",
        "exploratory",
        "selection_unfinished",
        "quality_not_measured",
        "baseline_rate_unresolved",
    }
)
"""What keeps a verdict open and no seed would settle."""

SMALLEST_GAIN = 0.01
"""Of the review's currency: a gain that people would read as zero advises nothing."""

MOST_MORE_SEEDS = 10
"""Seeds that are offered to be added at once."""

HOURS_PER_MONTH = HOURS_PER_YEAR / 12

BEYOND_MONEY: frozenset[Reason] = frozenset({"quality_inferior", "hit_rate_low", "never_reached"})
"""Proven faults: whatever more seeds say of the saving, they do not change this decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreSeeds:
    """What so many more seeds are worth and cost, in the review's currency, all after tax.

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
        seeds: Where seeds are asked for, how many; otherwise the number whose worth is nearest to
            its cost or most above it, to show both amounts; None where nothing can be computed.
        settle: With ``settle_assumption``, its name: the largest bar of the tornado that no seed
            narrows.
        options: One for each number of seeds, 1 to 10; empty where nothing can be computed, and
            where a proven fault has decided whatever the saving is.
        looks_left: Looks at the confirmation that are not used up.
        needed: More seeds that would settle what the verdict leaves open, if all stayed as
            measured, perhaps more than can be added at once; None where no count would.
    """

    kind: NextKind
    schedule: str
    seeds: int | None
    settle: str | None
    options: tuple[MoreSeeds, ...]
    looks_left: int
    needed: int | None = None

    @property
    def shown(self) -> MoreSeeds | None:
        """The option whose amounts the sentence names."""
        return next((option for option in self.options if option.seeds == self.seeds), None)

    @property
    def cost_of_needed(self) -> Money | None:
        """What the seeds that are needed cost: every one of them as much as the first."""
        if self.needed is None or not self.options:
            return None
        return self.options[0].cost * self.needed


def next_step(
    judged: Judged, reviewed: Sequence[ScheduleReview], verdict: VerdictFacts
) -> NextStep:
    """The next step about the candidate that the verdict is on.

    It never speaks against the verdict. Where that is open for a question beyond money, it says
    how many seeds the question takes; where money leaves it open, more seeds are advised if their
    expected worth for the decision is above what they cost, a look is left, and knowing the
    speed-up would decide at all.
    """
    found = next(one for one in reviewed if one.schedule == verdict.schedule)
    looks_left = max(0, judged.given.pilot.looks - judged.given.look)
    options = () if _decided_without_money(verdict) else _options(judged, found)
    best = max(options, key=lambda option: option.net.amount, default=None)
    gains = best is not None and best.net.amount >= SMALLEST_GAIN
    kind: NextKind = "not_finished"
    if _finished(judged):
        open_for = _open_for if verdict.kind == "extend" else _decided
        kind = open_for(verdict, found.case, gains=gains, looks_left=looks_left)
    needed = _needed(kind, verdict, found, judged)
    shown = best.seeds if best is not None else None
    return NextStep(
        kind=kind,
        schedule=verdict.schedule,
        seeds=shown if needed is None else min(needed, MOST_MORE_SEEDS),
        settle=verdict.settle if kind == "settle_assumption" else None,
        options=options,
        looks_left=looks_left,
        needed=needed,
    )


def device_h_of_a_seed(arms: Sequence[Arm]) -> float:
    """Device-hours of one seed in each of some arms, as their runs were billed on average."""
    means = [fmean(race.billed_s for race in arm.races) for arm in arms if arm.races]
    return math.fsum(means) / SECONDS_PER_HOUR


def _open_for(
    verdict: VerdictFacts, case: BusinessCase | None, *, gains: bool, looks_left: int
) -> NextKind:
    """The step that leads on from a verdict that is open."""
    if verdict.reason == "settle_assumption":
        return "settle_assumption"
    if verdict.reason in NOT_BY_SEEDS:
        return "not_by_seeds"
    if not looks_left:
        return "no_look_left"
    if verdict.reason in _SETTLED_BY_SEEDS:
        return _SETTLED_BY_SEEDS[verdict.reason]
    if case is None:
        return "first_seeds"
    return "add_seeds" if gains else "not_worth_it"


def _decided(
    verdict: VerdictFacts, case: BusinessCase | None, *, gains: bool, looks_left: int
) -> NextKind:
    """The step after a verdict that says yes or no: to act on it, if perhaps not at once."""
    if case is None and not _decided_without_money(verdict):
        return "not_known"
    return "may_add_seeds" if gains and looks_left else "decide"


def _needed(
    kind: NextKind, verdict: VerdictFacts, found: ScheduleReview, judged: Judged
) -> int | None:
    """Seeds that settle what is open, where that is what the step is about."""
    asked = kind in ASKS_FOR_SEEDS and kind != "add_seeds"
    if not asked or found.comparison is None:
        return None
    arm = next(arm for arm in judged.arms if arm.schedule == found.schedule)
    evidence = evidence_of(arm, judged, found.comparison, found.case)
    return seeds_to_settle(verdict.reason, found.comparison, evidence)


def _decided_without_money(verdict: VerdictFacts) -> bool:
    return verdict.kind == "do_not_adopt" and verdict.reason in BEYOND_MONEY


def _confirmed(judged: Judged) -> list[Arm]:
    """The arms that more confirmation seeds would be run for."""
    return [arm for arm in judged.arms if arm.purpose == "confirmation"]


def _finished(judged: Judged) -> bool:
    """Whether no run of a confirmation is to come, be it one that no selection has begun yet."""
    confirmed = _confirmed(judged)
    begun = bool(confirmed) or not judged.given.pilot.seeds.confirmation
    return begun and all(arm.complete for arm in confirmed)


def _options(judged: Judged, found: ScheduleReview) -> tuple[MoreSeeds, ...]:
    case, pairs = found.case, found.comparison.pairs if found.comparison else 0
    a_seed_h = device_h_of_a_seed(_confirmed(judged) or [judged.baseline])
    if case is None or pairs < 1:
        return ()
    assumptions, propagation = judged.given.assumptions, case.propagation
    kept = 1 - assumptions.tax_fraction
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
            device_cost=judged.pilot_rate * (kept * seeds * a_seed_h),
            people_cost=_people_cost(seeds * a_seed_h, assumptions) * kept,
            delayed_saving=_delayed_saving(seeds * a_seed_h, case, assumptions) * kept,
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
