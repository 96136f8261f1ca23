"""The assumptions that a review can be recomputed with, as they stand in a link."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from planner.economics.assumptions import Assumptions, Production, Range
from planner.money import ExchangeRate, Money
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.reviews.review_input import ReviewRequest

Group = Literal["first", "people", "time", "finance", "production"]
Values = dict[str, float]
"""Numbers by name of the field, in the unit that people type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One number that somebody may change.

    Attributes:
        name: Of the assumption; the same in the link.
        group: Where it stands in the side bar.
        step: Of the buttons beside it.
        low: Smallest value that can be typed.
        high: Largest value that can be typed; None is no limit.
        decimals: Shown behind the point.
        per_cent: Whether people type per cents of what the assumption holds.
        is_money: Whether it is an amount in the currency of the review.
        is_whole: Whether only whole numbers make sense.
    """

    name: str
    group: Group
    step: float
    low: float = 0.0
    high: float | None = None
    decimals: int = 0
    per_cent: bool = False
    is_money: bool = False
    is_whole: bool = False


FIELDS: tuple[Field, ...] = (
    Field(name="trainings_per_month", group="first", step=1.0, decimals=1),
    Field(name="engineer_rate_per_h", group="people", step=10.0, is_money=True),
    Field(name="adoption_engineer_h", group="people", step=8.0),
    Field(name="pilot_engineer_h", group="people", step=8.0),
    Field(name="attention_fraction", group="people", step=5.0, high=100.0, per_cent=True),
    Field(name="realisation_fraction", group="people", step=5.0, high=100.0, per_cent=True),
    Field(name="cost_of_delay_per_day", group="time", step=100.0, is_money=True),
    Field(name="ramp_months", group="time", step=1, high=240, is_whole=True),
    Field(name="retuning_trainings", group="time", step=1.0, decimals=1),
    Field(name="validation_trainings", group="time", step=1.0, decimals=1),
    Field(name="hardware_outlay", group="finance", step=1000.0, is_money=True),
    Field(name="hardware_residual", group="finance", step=1000.0, is_money=True),
    Field(name="commitment_shortfall", group="finance", step=1000.0, is_money=True),
    Field(name="horizon_months", group="finance", step=6, low=1, high=240, is_whole=True),
    Field(
        name="discount_rate_per_year",
        group="finance",
        step=1.0,
        high=100.0,
        decimals=1,
        per_cent=True,
    ),
    Field(name="tax_fraction", group="finance", step=1.0, high=90.0, decimals=1, per_cent=True),
    Field(name="payback_limit_months", group="finance", step=1.0, low=0.1, decimals=1),
    Field(
        name="confidence",
        group="finance",
        step=5.0,
        low=50.0,
        high=99.9,
        decimals=1,
        per_cent=True,
    ),
)

PRODUCTION_FIELDS: tuple[Field, ...] = (
    Field(name="training_h", group="production", step=1.0, low=0.01, decimals=2),
    Field(name="device_count", group="production", step=1, low=1, is_whole=True),
    Field(name="batch_size", group="production", step=32, low=1, is_whole=True),
    Field(name="overhead_fraction", group="production", step=1.0, high=99.0, per_cent=True),
)

PRICE = "price_per_device_h"
"""Own price of a device-hour, in the currency of the price book."""

PILOT_RATE = "pilot_rate_per_device_h"
"""Price of an hour of the device that the pilot ran on, in the currency of the review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Everything that somebody assumes otherwise than the pilot says.

    Attributes:
        base: The pilot's assumptions, in the currency of the review.
        hardware: Row of the price book, perhaps at an own price.
        pilot_rate: Price of an hour of the pilot's own device; None for that of the price book.
        price_day: ISO date whose prices are used; None for the newest.
        changed: Numbers that differ from the pilot's, as typed.
    """

    base: Assumptions
    hardware: HardwareChoice
    pilot_rate: Money | None
    changed: Values
    price_day: str | None = None


def in_currency(own: Assumptions, rate: ExchangeRate | None) -> Assumptions:
    """The same assumptions in the currency that ``rate`` leads to; as they are without one."""
    if rate is None:
        return own
    names = {field.name for field in FIELDS if field.is_money}
    amounts = {name: getattr(own, name) * rate.rate for name in names}
    ranges = {
        name: Range(low=ends.low * rate.rate, high=ends.high * rate.rate) if name in names else ends
        for name, ends in own.ranges.items()
    }
    return replace(
        own,
        **amounts,
        currency=rate.quote,
        exchange_rates=(rate, *own.exchange_rates),
        ranges=ranges,
    )


def defaults(base: Assumptions, production: Production | None) -> Values:
    """What the pilot itself assumes, as people type it."""
    own = {field.name: typed(field, float(getattr(base, field.name))) for field in FIELDS}
    if production is None:
        return own
    return own | {
        field.name: typed(field, float(getattr(production, field.name)))
        for field in PRODUCTION_FIELDS
    }


def typed(field: Field, value: float) -> float:
    """A value of the assumption as people type it; whole numbers stay whole."""
    shown = round(value * 100, 6) if field.per_cent else value
    return int(shown) if field.is_whole else shown


def meant(field: Field, value: float) -> float:
    """What somebody typed, as the assumption holds it."""
    held = round(value / 100, 9) if field.per_cent else value
    return int(held) if field.is_whole else held


def request_for(pilot_id: str, pilot: Pilot, choice: Choice) -> ReviewRequest:
    """The review that somebody asks for.

    Raises:
        Refusal: Typed numbers do not go together.
    """
    production = pilot.production
    if production is not None:
        production = replace(production, **_meant(PRODUCTION_FIELDS, choice.changed))
    count = production.device_count if production else pilot.hardware.device_count
    changed = _meant(FIELDS, choice.changed)
    ranges = {name: ends for name, ends in choice.base.ranges.items() if name not in changed}
    return ReviewRequest(
        pilot_id=pilot_id,
        hardware=replace(choice.hardware, device_count=count),
        production=production,
        assumptions=replace(choice.base, **changed, ranges=ranges),
        pilot_rate_per_device_h=choice.pilot_rate,
        price_day=choice.price_day,
    )


def _meant(fields: tuple[Field, ...], changed: Values) -> dict[str, Any]:
    return {
        field.name: meant(field, changed[field.name]) for field in fields if field.name in changed
    }
