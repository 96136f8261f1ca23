"""One line of a line-up as facts: what its runs measured, and what its pilot's review says."""

from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from planner.economics.energy import JOULES_PER_KWH
from planner.line_ups.entrant import Entrant
from planner.money import Money, exchange
from planner.pilots.run import Purpose
from planner.refusal import Refusal
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged
from planner.reviews.measured import Measured, measure
from planner.reviews.metered import metered_power
from planner.reviews.verdict import Decision
from planner.schedules.schedule import Role

Lacking = Literal["not_priced", "not_exchanged", "power_unknown", "never_evaluated", "no_run_ended"]
"""Message keys below ``line_up.lacking.``: why a line cannot be drawn along an axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What one device of a pilot draws while its runs have it.

    Attributes:
        mean_w: Watts.
        estimated: Where no meter read all of the runs.
    """

    mean_w: float
    estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackSpan:
    """A payback with its 80 % range; None is never within the horizon.

    Attributes:
        months: At the pilot's own assumptions.
        low_months: P10.
        high_months: P90.
    """

    months: float | None
    low_months: float | None
    high_months: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSpan:
    """Cost of one training on the pilot's own hardware, with its 80 % range where there is one."""

    cost: Money
    low: Money | None
    high: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One schedule of one pilot in a line-up.

    Attributes:
        name: Of its line; unlike any other in the line-up.
        pilot_id: Of its pilot.
        pilot: Name of its pilot.
        schedule: Name of the schedule.
        role: What it is in its own pilot.
        pinned: Whether all others are held against it.
        group: Number of the chart that it is drawn in, from 0.
        rate_multiplier: Factor on its rate curve.
        seeds_from: Purpose of its seeds.
        seeds: Of the runs that are shown.
        as_reviewed: Whether these are the runs that the review counts; only then there is money.
        measured: What these runs measured.
        cost: Of one training, in the currency of the line-up; None where it cannot be stated.
        payback: None without a case.
        verdict: None for a pilot's own baseline and for runs that the review does not count.
        energy_to_target_kwh: Of the training up to the target, mean over the runs that reached
            it; None where power is not known or none did.
        energy_estimated: Where no meter read all of the runs.
        lacking: Why it is not in the chart; None where it is.
    """

    name: str
    pilot_id: str
    pilot: str
    schedule: str
    role: Role
    pinned: bool
    group: int
    rate_multiplier: float
    seeds_from: Purpose
    seeds: tuple[int, ...]
    as_reviewed: bool
    measured: Measured
    cost: CostSpan | None
    payback: PaybackSpan | None
    verdict: Decision | None
    energy_to_target_kwh: float | None
    energy_estimated: bool
    lacking: Lacking | None


def entry_of(one: Entrant, *, group: int, currency: str, lacking: Lacking | None) -> Entry:
    """The facts of one line."""
    who, arm = one.participant, one.arm
    power = power_of(arm, who.judged)
    times_s = [race.crossing.time_s for race in arm.races if race.crossing is not None]
    kwh = power.mean_w * fmean(times_s) / JOULES_PER_KWH if power and times_s else None
    verdict = one.reviewed.verdict
    return Entry(
        name=one.name,
        pilot_id=who.choice.pilot_id,
        pilot=who.review.pilot,
        schedule=arm.schedule,
        role=arm.role,
        pinned=one.pinned,
        group=group,
        rate_multiplier=arm.rate_multiplier,
        seeds_from=arm.purpose,
        seeds=tuple(race.seed for race in arm.races),
        as_reviewed=one.as_reviewed,
        measured=measure(arm, budget_s=who.judged.budget_s),
        cost=_cost(one, currency) if one.as_reviewed else None,
        payback=_payback(one) if one.as_reviewed else None,
        verdict=verdict.kind if verdict and one.as_reviewed else None,
        energy_to_target_kwh=kwh,
        energy_estimated=power.estimated if power else False,
        lacking=lacking,
    )


def power_of(arm: Arm, judged: Judged) -> Power | None:
    """As meters read it over the runs of an arm, else from board power and load; None unknown."""
    read = metered_power(arm.races)
    if read is not None:
        return Power(mean_w=read.mean_w, estimated=not read.of_all)
    facility, board_w = judged.given.assumptions.facility, judged.given.pilot_rate.board_w
    if facility is None or facility.load_fraction is None or board_w is None:
        return None
    return Power(mean_w=board_w * facility.load_fraction, estimated=True)


def exchanged(one: Entrant, money: Money, currency: str) -> Money | None:
    """In the currency of the line-up, at the rates of the pilot's own review; None without one."""
    try:
        return exchange(money, currency, one.participant.review.assumptions.exchange_rates)
    except Refusal:
        return None


def _cost(one: Entrant, currency: str) -> CostSpan | None:
    training, case = one.reviewed.training, one.reviewed.case
    today = one.participant.review.today
    if training is None:
        return None
    cost = exchanged(one, training.cost, currency)
    if cost is None:
        return None
    if case is None or today is None:
        return CostSpan(cost=cost, low=None, high=None)
    low, high = (
        exchanged(one, today.candidate_cost(ratio), currency)
        for ratio in (case.time_ratio_low, case.time_ratio_high)
    )
    return CostSpan(cost=cost, low=low, high=high)


def _payback(one: Entrant) -> PaybackSpan | None:
    case = one.reviewed.case
    if case is None:
        return None
    band = case.propagation.payback
    return PaybackSpan(
        months=case.payback.months, low_months=band.low_months, high_months=band.high_months
    )
