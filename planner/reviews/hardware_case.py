"""One pilot on several kinds of hardware side by side: time, cost, worth and payback on each."""

from dataclasses import dataclass, replace

from planner.economics.business_case import BusinessCase, TrainingFacts, training_facts_today
from planner.economics.cashflow import Payback
from planner.economics.energy import EnergyUse
from planner.economics.rates import HardwareProfile, RateCard
from planner.money import Money
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged, case_of, paces_of, today_of, with_evaluations
from planner.reviews.metered import training_energy
from planner.reviews.pace import Pace, Unavailable
from planner.reviews.production_on import production_on


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareCase:
    """What a schedule is worth on one kind of hardware, against today's schedule on the same.

    Attributes:
        price: What one device costs.
        device_count: Devices that train together.
        schedule: The candidate.
        unavailable: Why no time can be stated there; then no number is.
        today: One training under today's schedule.
        training: One training under the candidate.
        npv: Net present value.
        npv_positive_probability: P(NPV > 0).
        payback: Simple payback.
        energy: Electricity and carbon of the candidate's training; None where not known.
    """

    price: RateCard
    device_count: int
    schedule: str
    unavailable: Unavailable | None
    today: TrainingFacts | None = None
    training: TrainingFacts | None = None
    npv: Money | None = None
    npv_positive_probability: float | None = None
    payback: Payback | None = None
    energy: EnergyUse | None = None


def hardware_cases(arm: Arm, judged: Judged) -> tuple[HardwareCase, ...]:
    """The candidate of an arm on every hardware that the review compares, in the order asked."""
    return tuple(_on(profile, arm, judged) for profile in judged.given.compared)


def _on(profile: HardwareProfile, arm: Arm, judged: Judged) -> HardwareCase:
    given = judged.given
    production = given.production
    if production is not None:
        moved = production_on(profile, given.home or given.hardware, production)
        if isinstance(moved, str):
            return _told(profile, arm, unavailable=moved)
        production = moved
    given = replace(given, hardware=profile)
    paces = paces_of(given, judged.races, judged.laid_out, production)
    if not isinstance(paces, Pace):
        return _told(profile, arm, unavailable=paces)
    there = replace(
        judged,
        given=given,
        production=production,
        paces=paces,
    )
    today = today_of(there)
    facts = None
    if today is not None:
        facts = with_evaluations(training_facts_today(today), there.baseline, there)
    told = _told(profile, arm, today=facts)
    case = case_of(arm, there, today)
    if case is None:
        return told
    energy = training_energy(arm, there, device_h=case.training.device_h)
    return replace(_priced(told, case), energy=energy)


def _told(
    profile: HardwareProfile,
    arm: Arm,
    *,
    unavailable: Unavailable | None = None,
    today: TrainingFacts | None = None,
) -> HardwareCase:
    return HardwareCase(
        price=profile.rate_card,
        device_count=profile.device_count,
        schedule=arm.schedule,
        unavailable=unavailable,
        today=today,
    )


def _priced(told: HardwareCase, case: BusinessCase) -> HardwareCase:
    return replace(
        told,
        training=case.training,
        npv=case.npv,
        npv_positive_probability=case.propagation.odds.npv_positive,
        payback=case.payback,
    )
