"""The inputs of a review's money, each a cell with a name that formulas read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.reports.xlsx.term import Value
from planner.economics.assumptions import Assumptions, Range
from planner.economics.cost import spot_factor
from planner.economics.depreciation import RATES_BY_LIFE
from planner.economics.investment import TrainingComparison
from planner.economics.ownership import Ownership
from planner.economics.rates import SpotTerms
from planner.money import ExchangeRate
from planner.reviews.ingredient import Origin
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.assumption_fields import FIELDS, Field
from wording.catalogue import say
from wording.language import Language

SMALLEST = 1e-9
"""Of an input that something is divided by."""

RENT = "rent_per_device_h"
TIME_RATIO = "time_ratio"
"""Followed by the place of a candidate, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One input.

    Attributes:
        name: Of its cell; never a user's text.
        label: What people call it.
        value: As the review has it; a word where one of several is chosen.
        unit: Key below ``workbook.unit.``; empty where the number format says it.
        number: Name of its number format.
        origin: Whether it was measured, assumed or is a price.
        source: Where a price was read.
        currency: Of its amount, where it is one.
        low: Smallest value that may be entered.
        high: Largest one; None is no limit.
        whole: Whether only whole numbers make sense.
        choices: The only values there are; empty for numbers.
        fixed: Whether the review's times rest on it, so that no formula can follow a change.
        ends: Between which it is uncertain.
    """

    name: str
    label: str
    value: Value
    unit: str
    number: str
    origin: Origin
    source: str = ""
    currency: str = ""
    low: float = 0.0
    high: float | None = None
    whole: bool = False
    choices: tuple[str, ...] = ()
    fixed: bool = False
    ends: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGroup:
    """Inputs that stand together.

    Attributes:
        title: Key below ``workbook.group.``.
        inputs: In order.
    """

    title: str
    inputs: tuple[Given, ...]


def given_groups(
    review: Review, cases: Sequence[ScheduleReview], language: Language, *, last_month: int
) -> list[GivenGroup]:
    """Every input, in the order of the sheet.

    Args:
        review: Of which they are the inputs.
        cases: Candidates with a case, in the order of the workbook.
        language: Of their labels.
        last_month: Last one that the tables of the workbook have.
    """
    groups = {
        "training": (*_training(review, language), *_ratios(review, cases, language)),
        "price": tuple(_prices(review, language)),
        "assumptions": tuple(_assumptions(review.assumptions, language, last_month)),
    }
    return [GivenGroup(title=title, inputs=inputs) for title, inputs in groups.items() if inputs]


def exchange_name(currency: str) -> str:
    """Name of the cell with the rate that leads from a currency to the review's."""
    return f"exchange_rate_{currency}"


def exchange_to(assumptions: Assumptions, currency: str) -> ExchangeRate | None:
    """The recorded rate between a currency and the review's; None where none is needed."""
    pair = {currency, assumptions.currency}
    found = (rate for rate in assumptions.exchange_rates if {rate.base, rate.quote} == pair)
    return next(found, None)


def choice_words(name: str, language: Language) -> tuple[str, ...]:
    """The values of an input that is one of several, in words: the first is yes or straight."""
    return tuple(say(f"workbook.choice.{word}", language) for word in _CHOICES[name])


_CHOICES = {
    "count_sunk_pilot_cost": ("counted", "not_counted"),
    "depreciation": ("straight_line", "declining_balance"),
}

_UNITS = {
    "_per_h": "per_h",
    "_per_day": "per_day",
    "_per_month": "per_month",
    "_trainings": "trainings",
    "_months": "months",
    "_years": "years",
    "_h": "h",
}
"""Unit of a field by the end of its name; the first that fits."""

_OWNED = ("purchase", "residual", "maintenance_per_year", "energy_price_per_kwh")


def _training(review: Review, language: Language) -> Iterator[Given]:
    today = review.today
    if today is None:
        return
    known: Origin = "assumed" if review.production else "measured"
    yield Given(
        name="training_h",
        label=_said("assumption.training_h", language),
        value=_uninterrupted_h(review, today),
        unit="h",
        number="decimal",
        origin=known,
        low=SMALLEST,
    )
    for name, count in (
        ("device_count", today.device_count),
        ("candidate_device_count", today.candidate_device_count),
    ):
        yield Given(
            name=name,
            label=say(f"workbook.input.{name}", language),
            value=count,
            unit="devices",
            number="decimal",
            origin=known,
            fixed=True,
        )
    yield Given(
        name="overhead_fraction",
        label=_said("assumption.overhead_fraction", language),
        value=today.overhead_fraction,
        unit="",
        number="percent",
        origin=known,
        high=0.99,
    )


def _uninterrupted_h(review: Review, today: TrainingComparison) -> float:
    """Today's hours without the interruptions by which spot terms lengthen them."""
    spot = review.price.spot
    if review.production is not None:
        return review.production.training_h
    if spot is None:
        return today.training_h
    return today.training_h / spot_factor(
        interruptions_per_device_h=spot.interruptions_per_device_h,
        device_count=today.device_count,
        checkpoint_interval_h=spot.checkpoint_interval_h,
        restart_h=spot.restart_h,
    )


def _ratios(review: Review, cases: Sequence[ScheduleReview], language: Language) -> Iterator[Given]:
    for place, reviewed in enumerate(cases, start=1):
        if reviewed.case is None:
            continue
        yield Given(
            name=f"{TIME_RATIO}_{place}",
            label=say("workbook.input.time_ratio", language, schedule=reviewed.schedule),
            value=reviewed.case.time_ratio,
            unit="of_today",
            number="ratio",
            origin="calculated" if review.production else "measured",
        )
    yield Given(
        name="pilot_device_h",
        label=_said("ingredient.pilot_device_h", language),
        value=review.pilot_device_h,
        unit="h",
        number="decimal",
        origin="measured",
    )


def _prices(review: Review, language: Language) -> Iterator[Given]:
    card, assumed = review.price, review.assumptions
    if card.ownership is None or card.ownership.case == "bought_by_plan":
        yield Given(
            name=RENT,
            label=_said("ingredient.price_per_device_h", language),
            value=card.rent_per_gpu_hour.amount,
            unit="per_h",
            number="price",
            origin="assumed" if card.kind == "own" else "price",
            source="" if card.kind == "own" else card.reference,
            currency=card.rent_per_gpu_hour.currency,
        )
    if card.spot is not None:
        yield from _spot(card.spot, language)
    if card.ownership is not None:
        yield from _owned(card.ownership, card.reference, language)
    yield from _exchange(review, language)
    yield Given(
        name="pilot_rate_per_device_h",
        label=_said("ingredient.pilot_rate", language),
        value=review.pilot_rate_per_device_h.amount,
        unit="per_h",
        number="price",
        origin="price",
        currency=assumed.currency,
    )


def _exchange(review: Review, language: Language) -> Iterator[Given]:
    card = review.price
    amounts = [card.rent_per_gpu_hour]
    if card.ownership is not None:
        amounts.append(card.ownership.device.purchase)
    for currency in dict.fromkeys(amount.currency for amount in amounts):
        rate = exchange_to(review.assumptions, currency)
        if rate is not None:
            yield Given(
                name=exchange_name(currency),
                label=say(
                    "page.assumptions.exchange_rate", language, quote=rate.quote, base=rate.base
                ),
                value=rate.rate,
                unit="",
                number="exact",
                origin="price",
                source=", ".join(part for part in (rate.source, rate.as_of) if part),
                low=SMALLEST,
            )


def _spot(terms: SpotTerms, language: Language) -> Iterator[Given]:
    for name, unit in (
        ("interruptions_per_device_h", ""),
        ("checkpoint_interval_h", "h"),
        ("restart_h", "h"),
    ):
        yield Given(
            name=name,
            label=_said(f"page.prices.field_{name}", language),
            value=float(getattr(terms, name)),
            unit=unit,
            number="exact",
            origin="price",
            low=SMALLEST if name == "checkpoint_interval_h" else 0.0,
        )


def _owned(ownership: Ownership, source: str, language: Language) -> Iterator[Given]:
    device = ownership.device
    for name in _OWNED:
        amount = getattr(device, name)
        yield Given(
            name=f"owned_{name}",
            label=_said(f"page.prices.field_{name}", language),
            value=amount.amount,
            unit="per_kwh" if name.endswith("_per_kwh") else _per_year(name),
            number="price",
            origin="price",
            source=source,
            currency=amount.currency,
        )
    numbers = [("life_years", "years", "decimal"), ("use_fraction", "", "percent")]
    numbers += [(name, "w", "decimal") for name in ("use_w", "idle_w")] + [("pue", "", "decimal")]
    values = {name: float(getattr(device, name)) for name, _, _ in numbers}
    if ownership.case == "already_bought":
        numbers.append(("reuse_fraction", "", "percent"))
        values["reuse_fraction"] = ownership.reuse_fraction
    for name, unit, number in numbers:
        share = number == "percent"
        yield Given(
            name=f"owned_{name}",
            label=_said(f"page.prices.field_{name}", language),
            value=values[name],
            unit=unit,
            number=number,
            origin="price",
            low=SMALLEST if name in ("life_years", "use_fraction") else 0.0,
            high=1.0 if share else None,
        )


def _assumptions(assumed: Assumptions, language: Language, last_month: int) -> Iterator[Given]:
    for field in FIELDS:
        if field.name != "confidence":
            yield _of_field(field, assumed, language, last_month)
        if field.name == "validation_trainings":
            words = choice_words("count_sunk_pilot_cost", language)
            chosen = words[0 if assumed.count_sunk_pilot_cost else 1]
            yield _choice("count_sunk_pilot_cost", words, chosen, language)
        if field.name == "tax_fraction":
            words = choice_words("depreciation", language)
            chosen = words[0 if assumed.depreciation == "straight_line" else 1]
            yield _choice("depreciation", words, chosen, language)


def _of_field(field: Field, assumed: Assumptions, language: Language, last_month: int) -> Given:
    number = "percent" if field.per_cent else "price" if field.is_money else "decimal"
    high = field.high
    if high is not None and field.per_cent:
        high /= 100
    if field.name == "horizon_months":
        high = last_month
    life = tuple(str(years) for years in RATES_BY_LIFE) if field.name == "useful_life_years" else ()
    return Given(
        name=field.name,
        label=_said(f"assumption.{field.name}", language),
        value=float(getattr(assumed, field.name)),
        unit="" if field.per_cent else _unit(field),
        number=number,
        origin="assumed",
        currency=assumed.currency if field.is_money else "",
        low=field.low / (100 if field.per_cent else 1),
        high=high,
        whole=field.is_whole,
        choices=life,
        ends=assumed.ranges.get(field.name),
    )


def _unit(field: Field) -> str:
    ending = next((found for found in _UNITS if field.name.endswith(found)), "")
    return _UNITS.get(ending, "money" if field.is_money else "")


def _per_year(name: str) -> str:
    return "per_year" if name.endswith("_per_year") else "money"


def _choice(name: str, words: tuple[str, ...], chosen: str, language: Language) -> Given:
    return Given(
        name=name,
        label=_said(f"assumption.{name}", language),
        value=chosen,
        unit="",
        number="",
        origin="assumed",
        choices=words,
    )


def _said(key: str, language: Language) -> str:
    text = say(key, language)
    return text[:1].upper() + text[1:]
