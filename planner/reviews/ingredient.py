"""The inputs of a number, as people are told of them."""

from dataclasses import dataclass
from typing import Literal

from planner.money import Money

Unit = Literal["money", "h", "s", "months", "ratio", "fraction", "metric", "difference", "count"]
Origin = Literal["measured", "imported", "assumed", "price", "calculated", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """One input of a number.

    Attributes:
        name: Message key below ``ingredient.``, else the name of an assumption.
        value: In ``unit``; None is never, not reached or not known.
        unit: How it is read; a metric's name or a currency is in ``of``.
        origin: Whether it was measured here or elsewhere, assumed, or follows from others.
        of: Currency of money, metric of a metric or difference.
        source: Where a price was read, and on which day.
    """

    name: str
    value: float | None
    unit: Unit
    origin: Origin
    of: str = ""
    source: str = ""


def money(name: str, amount: Money, origin: Origin) -> Ingredient:
    """An amount."""
    return Ingredient(
        name=name, value=amount.amount, unit="money", origin=origin, of=amount.currency
    )


def count(name: str, value: float, origin: Origin) -> Ingredient:
    """How many of something."""
    return Ingredient(name=name, value=value, unit="count", origin=origin)


def assumed_number(name: str, value: float) -> Ingredient:
    """An assumption that is a plain number."""
    return Ingredient(name=name, value=value, unit="count", origin="assumed")


def seconds(name: str, value: float | None, origin: Origin) -> Ingredient:
    """A duration of the pilot's scale."""
    return Ingredient(name=name, value=value, unit="s", origin=origin)


def hours(name: str, value: float, origin: Origin) -> Ingredient:
    """A duration of a training's scale."""
    return Ingredient(name=name, value=value, unit="h", origin=origin)


def ratio(name: str, value: float, origin: Origin) -> Ingredient:
    """How many times."""
    return Ingredient(name=name, value=value, unit="ratio", origin=origin)


def fraction(name: str, value: float) -> Ingredient:
    """An assumption that is a share of one."""
    return Ingredient(name=name, value=value, unit="fraction", origin="assumed")


def assumed_hours(name: str, value: float) -> Ingredient:
    """Hours that somebody assumes."""
    return hours(name, value, "assumed")


def assumed_money(name: str, amount: float, currency: str) -> Ingredient:
    """An amount that somebody assumes."""
    return money(name, Money(amount=amount, currency=currency), "assumed")
