"""Kinds of hardware side by side, as people read them and as a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from planner.economics.energy import EnergyUse
from planner.economics.rates import RateCard
from planner.money import Money
from planner.reviews.hardware_case import HardwareCase
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language
from wording.money import compact_money, money
from wording.numbers import significant
from wording.payback import payback_value
from wording.sentences import together
from wording.times import day, duration
from wording.verdict import probability_text

_HOUR_S = 3600

CSV_COLUMNS = (
    "hardware",
    "price_source",
    "device_count",
    "schedule",
    "unavailable",
    "training_h",
    "training_cost",
    "npv",
    "npv_positive_probability",
    "payback_months",
    "energy_kwh",
    "energy_estimated",
    "carbon_kg",
    "currency",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareRow:
    """One kind of hardware in words; a number that is not known is a dash.

    Attributes:
        reading: Why there is no number, else how sure the worth is and what carbon is emitted.
    """

    name: str
    price: str
    price_source: str
    training: str
    cost: str
    net_benefit: str
    payback: str
    reading: str


def hardware_rows(
    review: Review, reviewed: ScheduleReview, language: Language
) -> list[HardwareRow]:
    """The review's own hardware, then the others in the order asked."""
    return [_row(found, language) for found in _cases(review, reviewed)]


def csv_rows(review: Review, reviewed: ScheduleReview) -> list[list[object]]:
    """The same at full precision, in the order of `CSV_COLUMNS`."""
    return [
        [
            found.price.device,
            found.price.reference,
            found.device_count,
            found.schedule,
            found.unavailable,
            found.training.training_h if found.training else None,
            found.training.cost.amount if found.training else None,
            found.npv.amount if found.npv else None,
            found.npv_positive_probability,
            found.payback.months if found.payback else None,
            found.energy.energy_kwh if found.energy else None,
            found.energy.estimated if found.energy else None,
            found.energy.carbon_kg if found.energy else None,
            review.assumptions.currency,
        ]
        for found in _cases(review, reviewed)
    ]


def energy_sentence(used: EnergyUse | None, language: Language) -> str:
    """Electricity and carbon of one training; says what is missing where it is not known."""
    if used is None:
        return say("page.review.carbon_unknown", language)
    return _used("carbon", used, language)


def pilot_energy_sentence(used: EnergyUse | None, language: Language) -> str:
    """The same of all the pilot's runs; nothing where it is not known."""
    return "" if used is None else _used("pilot_carbon", used, language)


def _used(subject: str, used: EnergyUse, language: Language) -> str:
    """Says measured only where a meter read all; a cost that rounds to nothing is left out."""
    kind = "estimated" if used.power is None else "in_part" if used.estimated else "measured"
    sentence = say(
        f"page.review.{subject}_{kind}",
        language,
        energy=significant(used.energy_kwh, language),
        carbon=significant(used.carbon_kg, language),
        metered=used.power.metered_runs if used.power else 0,
        runs=used.power.runs if used.power else 0,
        day=day(used.as_of, language),
    )
    if used.cost is None or _amount(used.cost, language) == _amount(used.cost * 0.0, language):
        return sentence
    cost = _amount(used.cost, language)
    return say("page.review.with_electricity_cost", language, sentence=sentence, cost=cost)


def _cases(review: Review, reviewed: ScheduleReview) -> Iterator[HardwareCase]:
    case = reviewed.case
    yield HardwareCase(
        price=review.price,
        device_count=review.device_count,
        schedule=reviewed.schedule,
        unavailable=review.unavailable,
        training=reviewed.training,
        npv=case.npv if case else None,
        npv_positive_probability=case.propagation.odds.npv_positive if case else None,
        payback=case.payback if case else None,
        energy=reviewed.energy,
    )
    yield from review.hardware_cases


def _row(found: HardwareCase, language: Language) -> HardwareRow:
    dash = say("page.review.none", language)
    rent = found.price.rent_per_gpu_hour
    training = found.training
    return HardwareRow(
        name=say(
            "page.review.hardware", language, count=found.device_count, device=found.price.device
        ),
        price=money(rent.amount, rent.currency, language),
        price_source=_source(found.price, language),
        training=duration(training.training_h * _HOUR_S, language) if training else dash,
        cost=_amount(training.cost, language) if training else dash,
        net_benefit=_amount(found.npv, language) if found.npv else dash,
        payback=payback_value(found.payback.months, language) if found.payback else dash,
        reading=_reading(found, language),
    )


def _reading(found: HardwareCase, language: Language) -> str:
    if found.unavailable is not None:
        return say(f"unavailable.{found.unavailable}", language)
    if found.npv_positive_probability is None:
        return say("page.review.no_money", language)
    sure = say(
        "page.review.positive_with",
        language,
        schedule=found.schedule,
        probability=probability_text(language, value=found.npv_positive_probability),
    )
    return together((sure, energy_sentence(found.energy, language) if found.energy else ""))


def _source(card: RateCard, language: Language) -> str:
    if card.kind == "own":
        return say("page.review.basis_price_own", language)
    undated = say("page.review.basis_price_undated", language)
    dated = day(card.as_of, language) if card.as_of else undated
    return ", ".join(part for part in (card.vendor, dated) if part)


def _amount(found: Money, language: Language) -> str:
    return compact_money(found.amount, found.currency, language)
