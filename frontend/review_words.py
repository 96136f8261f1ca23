"""The verdict of a review in sentences."""

from collections.abc import Iterator

from planner.arm import Comparison
from planner.business_case import BusinessCase
from planner.review import Review
from planner.schedule_review import ScheduleReview
from planner.verdict import VerdictFacts
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.numbers import number
from wording.times import months
from wording.verdict import (
    Band,
    headline,
    measured_sentence,
    payback_sentence,
    probability_sentence,
    quality_sentence,
    risk_sentence,
)


def verdict_headline(verdict: VerdictFacts, language: Language) -> str:
    """What to do, and why."""
    return headline(
        language,
        kind=verdict.kind,
        reason=verdict.reason,
        schedule=verdict.schedule,
        settle=verdict.settle,
    )


def verdict_reasons(review: Review, reviewed: ScheduleReview, language: Language) -> Iterator[str]:
    """What it is worth and what was measured."""
    if review.unavailable is not None:
        yield say(f"unavailable.{review.unavailable}", language)
    if reviewed.case is not None:
        yield payback_sentence(
            language,
            band=payback_band(reviewed.case),
            limit_months=review.assumptions.payback_limit_months,
            horizon_months=review.assumptions.horizon_months,
        )
    interval = reviewed.comparison.time_ratio if reviewed.comparison else None
    training = reviewed.training
    yield measured_sentence(
        language,
        schedule=reviewed.schedule,
        time_ratio=(interval.low, interval.mid, interval.high) if interval else None,
        reached=reviewed.measured.reached,
        runs=reviewed.measured.runs,
        cost=money(training.cost.amount, training.cost.currency, language) if training else None,
    )
    if review.quality is not None:
        yield quality_sentence(
            language,
            metric=review.quality.metric,
            difference=quality_difference(reviewed.comparison),
            tolerance=review.quality.tolerance,
        )


def verdict_risks(verdict: VerdictFacts, language: Language) -> Iterator[str]:
    """How sure it is, and what could most likely prove it wrong."""
    npv_positive = verdict.npv_positive_probability
    in_time = verdict.payback_in_time_probability
    if npv_positive is not None and in_time is not None:
        yield probability_sentence(
            language,
            npv_positive=npv_positive,
            payback_in_time=in_time,
            required=verdict.required_probability,
            look=verdict.look,
            looks=verdict.looks,
        )
    yield risk_sentence(
        language, risk=verdict.largest_risk, assumption=verdict.largest_risk_assumption
    )


def payback_band(case: BusinessCase) -> Band:
    """P10, the value at the assumptions as they are, P90; None is never."""
    band = case.propagation.payback
    return band.low_months, case.payback.months, band.high_months


def payback_value(value: float | None, language: Language) -> str:
    """A payback for cards and tables."""
    if value is None:
        return say("format.never", language)
    return months(value, language) if value > 0 else say("format.immediate", language)


def payback_range(case: BusinessCase, language: Language) -> str:
    """P10 to P90 of the payback, the unit said once; empty where it is never within the horizon."""
    low, _, high = payback_band(case)
    if low is None:
        return ""
    ends = (
        number(low, language, decimals=1),
        say("format.never", language) if high is None else months(high, language),
    )
    return say("format.range", language, low=ends[0], high=ends[1])


def quality_difference(comparison: Comparison | None) -> tuple[float, float, float] | None:
    """Low, mean and high of the paired difference; None while it is not settled."""
    found = comparison.quality if comparison else None
    if found is None or found.low is None or found.mid is None or found.high is None:
        return None
    return found.low, found.mid, found.high
