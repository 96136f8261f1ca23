"""The five numbers that a manager reads first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from planner.economics.business_case import BusinessCase
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money, money_range
from wording.numbers import number, percent, ratio
from wording.payback import payback_range, payback_value
from wording.review import payback_band, quality_difference
from wording.verdict import difference_text

Tone = Literal["good", "caution", "bad", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One number as people read it.

    Attributes:
        label: What it is.
        value: The number.
        range: How sure it is, or what it is measured against; empty for nothing.
        tone: Whether the range speaks for or against.
    """

    label: str
    value: str
    range: str = ""
    tone: Tone = "plain"


def five_cards(review: Review, reviewed: ScheduleReview, language: Language) -> tuple[Card, ...]:
    """Net benefit, payback, return on investment, time and quality against today."""
    return tuple(_cards(review, reviewed, language))


def _cards(review: Review, reviewed: ScheduleReview, language: Language) -> Iterator[Card]:
    horizon = number(review.assumptions.horizon_months, language)
    titles = (
        say("card.net_benefit", language, months=horizon),
        say("card.payback", language),
        say("card.return_on_investment", language),
    )
    if reviewed.case is None:
        missing = say("format.not_available", language)
        yield from (Card(label=title, value=missing) for title in titles)
    else:
        yield _net_benefit(reviewed.case, titles[0], language)
        yield _payback(reviewed.case, review, titles[1], language)
        yield _return(reviewed.case, titles[2], language)
    yield _time(reviewed, language)
    yield _quality(review, reviewed, language)


def _net_benefit(case: BusinessCase, title: str, language: Language) -> Card:
    band, currency = case.propagation.npv, case.npv.currency
    shown = money_range(band.low.amount, band.high.amount, currency, language)
    return Card(
        label=title,
        value=compact_money(case.npv.amount, currency, language),
        range=say("page.review.range_80", language, range=shown),
        tone=_tone(good=band.low.amount > 0, bad=band.high.amount < 0),
    )


def _payback(case: BusinessCase, review: Review, title: str, language: Language) -> Card:
    low, mid, high = payback_band(case)
    limit = review.assumptions.payback_limit_months
    shown = payback_range(case, language)
    if shown:
        shown = say("page.review.range_80", language, range=shown)
    else:
        horizon = say("format.months", language, months=review.assumptions.horizon_months)
        shown = say("page.review.not_within", language, horizon=horizon)
    return Card(
        label=title,
        value=payback_value(mid, language),
        range=shown,
        tone=_tone(good=high is not None and high <= limit, bad=low is None or low > limit),
    )


def _return(case: BusinessCase, title: str, language: Language) -> Card:
    outlay = case.investment.counted
    roi = case.roi_fraction
    return Card(
        label=title,
        value=say("format.not_defined", language)
        if roi is None
        else ratio(roi, language, decimals=1),
        range=say(
            "page.review.on_outlay",
            language,
            outlay=compact_money(outlay.amount, outlay.currency, language),
        ),
    )


def _time(reviewed: ScheduleReview, language: Language) -> Card:
    title = say("card.time_to_target", language)
    measured, comparison = reviewed.measured, reviewed.comparison
    interval = comparison.time_ratio if comparison else None
    if interval is not None:
        ends = (percent(interval.low, language), percent(interval.high, language))
        shown = say("format.range", language, low=ends[0], high=ends[1])
        return Card(
            label=title,
            value=percent(interval.mid, language),
            range=say("page.review.range_90", language, range=shown),
            tone=_tone(good=interval.high < 1, bad=interval.low > 1),
        )
    if not measured.runs:
        return Card(label=title, value=say("format.not_measured", language))
    reached = say("page.review.reached_of", language, reached=measured.reached, runs=measured.runs)
    if not measured.reached:
        value = say("format.not_reached", language)
        return Card(label=title, value=value, range=reached, tone="bad")
    return Card(
        label=title,
        value=say("page.review.not_claimed", language),
        range=reached,
        tone=_tone(good=False, bad=measured.reached < measured.runs),
    )


def _quality(review: Review, reviewed: ScheduleReview, language: Language) -> Card:
    title = say("card.quality", language)
    found = reviewed.comparison.quality if reviewed.comparison else None
    difference = quality_difference(reviewed.comparison)
    if review.quality is None:
        return Card(label=title, value=say("format.not_measured", language))
    if found is None or difference is None:
        return Card(label=title, value=say("quality.unresolved", language))
    metric = review.quality.metric
    low, mid, high = (
        difference_text(language, metric=metric, value=value, signed=True) for value in difference
    )
    shown = say("format.range", language, low=low, high=high)
    return Card(
        label=title,
        value=mid,
        range=say("page.review.range_90", language, range=shown),
        tone=_tone(good=found.status == "non_inferior", bad=found.status == "inferior"),
    )


def _tone(*, good: bool, bad: bool) -> Tone:
    if good:
        return "good"
    return "bad" if bad else "caution"
