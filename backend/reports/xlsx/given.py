"""An input of a review's money: a cell with a name that formulas read."""

from dataclasses import dataclass

from backend.reports.xlsx.term import Value
from planner.economics.assumptions import Assumptions, Range
from planner.money import ExchangeRate
from planner.reviews.ingredient import Origin
from wording.catalogue import say
from wording.language import Language

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
        above_zero: Whether zero itself is refused, since something is divided by it.
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
    above_zero: bool = False
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


def labelled(key: str, language: Language) -> str:
    """A message as the name of an input."""
    text = say(key, language)
    return text[:1].upper() + text[1:]
