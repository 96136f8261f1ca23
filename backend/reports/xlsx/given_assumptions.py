"""The inputs that the team assumes."""

from collections.abc import Iterator

from backend.reports.xlsx.given import Given, choice_words, labelled
from planner.economics.assumptions import Assumptions
from planner.economics.depreciation import RATES_BY_LIFE
from wording.assumption_fields import FIELDS, Field
from wording.language import Language

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


def assumed_inputs(assumed: Assumptions, language: Language, last_month: int) -> Iterator[Given]:
    """All but what only a simulation reads."""
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
    number = _number(field)
    high = field.high
    if high is not None and field.per_cent:
        high /= 100
    if field.name == "horizon_months":
        high = last_month
    life = tuple(str(years) for years in RATES_BY_LIFE) if field.name == "useful_life_years" else ()
    return Given(
        name=field.name,
        label=labelled(f"assumption.{field.name}", language),
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


def _number(field: Field) -> str:
    if field.per_cent:
        return "percent"
    if field.is_whole:
        return "count"
    return "price" if field.is_money else "decimal"


def _unit(field: Field) -> str:
    ending = next((found for found in _UNITS if field.name.endswith(found)), "")
    return _UNITS.get(ending, "money" if field.is_money else "")


def _choice(name: str, words: tuple[str, ...], chosen: str, language: Language) -> Given:
    return Given(
        name=name,
        label=labelled(f"assumption.{name}", language),
        value=chosen,
        unit="",
        number="",
        origin="assumed",
        choices=words,
    )
