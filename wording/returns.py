"""What a plan returns, in words: each number with how it is to be read."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.economics.break_even import BreakEven
from planner.economics.business_case import BusinessCase
from planner.economics.cashflow import Irr, Payback
from planner.reviews.provenance import Number
from planner.reviews.review import Review
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money, money, money_range
from wording.numbers import number, percent, ratio
from wording.times import months
from wording.verdict import probability_text

LARGEST_RATE = 10.0
"""Yearly return above which only "more than" is said: its digits would say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One number of a plan: which, how it is called, what it is, and how it is to be read."""

    number: Number
    label: str
    value: str
    meaning: str


def returns_of(review: Review, case: BusinessCase, language: Language) -> list[Return]:
    """Everything that a plan returns, and where it would return nothing."""
    return [
        _net_benefit(review, case, language),
        _scenarios(case, language),
        *_paybacks(review, case, language),
        _internal_rate(case.irr, language),
        _on_investment(case, language),
        *_break_evens(case.break_even, review, case, language),
    ]


def _line(name: Number, value: str, meaning: str, language: Language) -> Return:
    label = say(f"returns.name.{name}", language)
    return Return(number=name, label=label, value=value, meaning=meaning)


def _net_benefit(review: Review, case: BusinessCase, language: Language) -> Return:
    band, assumed = case.propagation.npv, review.assumptions
    reading = [
        money_range(band.low.amount, band.high.amount, band.low.currency, language),
        say(
            "returns.probability",
            language,
            npv=probability_text(language, value=case.propagation.odds.npv_positive),
        ),
        say(
            "returns.assumed_flows",
            language,
            horizon=say("format.months", language, months=assumed.horizon_months),
            rate=percent(assumed.discount_rate_per_year, language, decimals=1),
        ),
    ]
    value = compact_money(case.npv.amount, case.npv.currency, language)
    return _line("net_benefit", value, " · ".join(reading), language)


def _scenarios(case: BusinessCase, language: Language) -> Return:
    found = case.propagation.scenarios
    worst, base, best = (
        compact_money(one.amount, one.currency, language)
        for one in (found.pessimistic, found.base, found.optimistic)
    )
    value = say("returns.case", language, worst=worst, base=base, best=best)
    return _line("scenarios", value, say("provenance.scenarios", language), language)


def _paybacks(review: Review, case: BusinessCase, language: Language) -> Iterator[Return]:
    in_time = say(
        "returns.in_time",
        language,
        limit=say("format.months", language, months=review.assumptions.payback_limit_months),
        probability=probability_text(language, value=case.propagation.odds.payback_in_time),
    )
    reading = " · ".join(filter(None, (in_time, _lost(case.payback, language))))
    yield _line("payback", _months(case.payback, language), reading, language)
    later = case.discounted_payback
    reading = _lost(later, language) or say("provenance.discounted_payback", language)
    yield _line("discounted_payback", _months(later, language), reading, language)


def _internal_rate(found: Irr, language: Language) -> Return:
    rates = [_rate(rate, language) for rate in found.annual_fractions]
    if found.kind == "none":
        value, reading = say("format.none", language), say("returns.rate_none", language)
    elif found.kind == "several":
        value = say("returns.several", language)
        reading = say("returns.rate_several", language, rates=", ".join(rates))
    else:
        value, reading = rates[0], say("provenance.internal_rate", language)
    return _line("internal_rate", value, reading, language)


def _on_investment(case: BusinessCase, language: Language) -> Return:
    outlay = case.investment.counted
    if case.roi_fraction is None:
        value, reading = say("format.not_defined", language), say("returns.no_outlay", language)
    else:
        spent = money(outlay.amount, outlay.currency, language)
        value = ratio(case.roi_fraction, language, decimals=1)
        reading = say("returns.on_outlay", language, outlay=spent)
    return _line("return_on_investment", value, reading, language)


def _break_evens(
    found: BreakEven, review: Review, case: BusinessCase, language: Language
) -> Iterator[Return]:
    trainings, share = found.trainings_per_month, found.time_ratio
    value = reading = None
    if trainings is not None:
        value = number(trainings, language, decimals=2)
        assumed = number(review.assumptions.trainings_per_month, language)
        reading = say("returns.trainings_from", language, assumed=assumed)
    yield _or_none("break_even_trainings", value, reading, "trainings", language)
    value = reading = None
    if share is not None:
        value = percent(share, language, decimals=1)
        measured = percent(case.time_ratio, language, decimals=1)
        reading = say("returns.time_below", language, measured=measured)
    yield _or_none("break_even_time", value, reading, "time", language)
    yield _price(found, language)


def _or_none(
    name: Number, value: str | None, reading: str | None, what: str, language: Language
) -> Return:
    none, never = say("format.none", language), say(f"returns.{what}_never", language)
    return _line(name, value or none, reading or never, language)


def _price(found: BreakEven, language: Language) -> Return:
    price, value, reading = found.price_per_device_h, None, None
    if price is not None:
        value = money(price.amount, price.currency, language, decimals=2)
        side = "above" if found.pays_above_price else "below"
        reading = say(f"returns.price_{side}", language)
    return _or_none("break_even_price", value, reading, "price", language)


def _months(found: Payback, language: Language) -> str:
    if found.months is None:
        return say("format.never", language)
    return months(found.months, language) if found.months else say("format.immediate", language)


def _lost(found: Payback, language: Language) -> str:
    """An earlier crossing that did not last; empty where there was none."""
    if found.lost_crossing_months is None:
        return ""
    return say(
        "returns.lost_crossing", language, months=months(found.lost_crossing_months, language)
    )


def _rate(annual_fraction: float, language: Language) -> str:
    if annual_fraction > LARGEST_RATE:
        return say("format.more_than", language, value=percent(LARGEST_RATE, language))
    return percent(annual_fraction, language, decimals=1)
