"""A review in words: the verdict's sentences, and the table that people read first."""

from collections.abc import Iterator

from planner.economics.business_case import BusinessCase, TrainingFacts
from planner.economics.cost import SECONDS_PER_HOUR
from planner.reviews.comparison import Comparison
from planner.reviews.provenance import COMPARED
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.verdict import VerdictFacts
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.numbers import number, ratio, significant
from wording.times import duration
from wording.verdict import (
    Band,
    headline,
    measured_sentence,
    payback_sentence,
    payback_text,
    probability_sentence,
    quality_sentence,
    risk_sentence,
    unclaimed_sentence,
)
from wording.went_back import went_back_sentences

COLUMNS = ("schedule", *COMPARED, "verdict")
"""Keys below ``table.``."""

NOTHING = "\N{EN DASH}"
"""Stands in a cell that has no meaning for its row."""


def verdict_sentences(review: Review, language: Language) -> list[str]:
    """What to do and why, what it is worth, what was measured, how sure it is, what is at risk."""
    reviewed = next(
        found for found in review.schedules if found.schedule == review.verdict.schedule
    )
    return [
        verdict_headline(review.verdict, language),
        *verdict_reasons(review, reviewed, language),
        *verdict_risks(review.verdict, language),
    ]


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
    yield _measured_sentence(review, reviewed, language)
    if review.quality is not None:
        yield quality_sentence(
            language,
            metric=review.quality.metric,
            difference=quality_difference(reviewed.comparison),
            tolerance=review.quality.tolerance,
        )
    yield from _transferred_sentence(reviewed, review, language)
    yield from went_back_sentences(review, reviewed, language)


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


def comparison_rows(review: Review, language: Language) -> list[list[str]]:
    """One row of texts a schedule, in the order of `COLUMNS`."""
    return [_row(reviewed, language) for reviewed in review.schedules]


def payback_band(case: BusinessCase) -> Band:
    """P10, the value at the assumptions as they are, P90; None is never."""
    band = case.propagation.payback
    return band.low_months, case.payback.months, band.high_months


def quality_difference(comparison: Comparison | None) -> tuple[float, float, float] | None:
    """Low, mean and high of the paired difference; None while it is not settled."""
    found = comparison.quality if comparison else None
    if found is None or found.low is None or found.mid is None or found.high is None:
        return None
    return found.low, found.mid, found.high


def _measured_sentence(review: Review, reviewed: ScheduleReview, language: Language) -> str:
    comparison, measured = reviewed.comparison, reviewed.measured
    interval = comparison.time_ratio if comparison else None
    if interval is None:
        return unclaimed_sentence(
            language,
            schedule=reviewed.schedule,
            reached=measured.reached,
            runs=measured.runs,
            pairs=comparison.pairs if comparison else 0,
            censored_pairs=comparison.censored_pairs if comparison else 0,
        )
    training = reviewed.training if review.production is None else None
    return measured_sentence(
        language,
        schedule=reviewed.schedule,
        time_ratio=(interval.low, interval.mid, interval.high),
        cost=_cost(training, language) if training else None,
    )


def _transferred_sentence(
    reviewed: ScheduleReview, review: Review, language: Language
) -> Iterator[str]:
    """What the pilot means for the production training: carried over, not measured."""
    training, today = reviewed.training, review.today
    if review.production is None or training is None or today is None:
        return
    yield say(
        "verdict.transferred",
        language,
        time=duration(training.training_h * SECONDS_PER_HOUR, language),
        time_today=duration(today.training_h * SECONDS_PER_HOUR, language),
        cost=_cost(training, language),
        cost_today=money(today.cost_today.amount, today.cost_today.currency, language),
    )


def _cost(training: TrainingFacts, language: Language) -> str:
    return money(training.cost.amount, training.cost.currency, language)


def _row(reviewed: ScheduleReview, language: Language) -> list[str]:
    measured = reviewed.measured
    training = reviewed.training
    verdict = reviewed.verdict
    return [
        reviewed.schedule,
        _rate(reviewed, language),
        say("table.k_of_n", language, k=measured.reached, n=measured.runs),
        _count(measured.epochs_to_target, language, decimals=1),
        _count(measured.steps_to_target, language),
        _count(measured.samples_to_target, language),
        _time(reviewed, language),
        _cost(training, language) if training else say("format.not_available", language),
        _payback(reviewed, language),
        _verdict(verdict, language) if verdict else say("role.baseline", language),
    ]


def _rate(reviewed: ScheduleReview, language: Language) -> str:
    """The factor chosen; one at the edge of the grid asks for a wider grid."""
    rate = ratio(reviewed.rate_multiplier, language, decimals=1)
    return say("table.at_edge", language, rate=rate) if reviewed.rate_at_edge else rate


def _payback(reviewed: ScheduleReview, language: Language) -> str:
    """Payback with its range; the baseline replaces nothing and has none."""
    if reviewed.role == "baseline":
        return NOTHING
    if reviewed.case is None:
        return say("format.not_available", language)
    return payback_text(language, band=payback_band(reviewed.case))


def _verdict(verdict: VerdictFacts, language: Language) -> str:
    return say(f"decision.{verdict.kind}", language)


def _time(reviewed: ScheduleReview, language: Language) -> str:
    """Interval of the time to target; the budget where runs are censored, nothing without runs."""
    measured = reviewed.measured
    if not measured.runs:
        return NOTHING
    interval = measured.time_to_target_s
    if interval is not None:
        low, mid, high = (
            duration(s, language) for s in (interval.low, interval.mid, interval.high)
        )
        return say("format.interval", language, value=mid, low=low, high=high)
    if measured.median_time_to_target_s is not None:
        return duration(measured.median_time_to_target_s, language)
    return say("format.more_than", language, value=duration(measured.budget_s, language))


def _count(value: float | None, language: Language, *, decimals: int = 0) -> str:
    if value is None:
        return say("format.not_reached", language)
    return (
        number(value, language, decimals=decimals) if decimals else significant(value, language, 4)
    )
