"""The numbers that somebody may assume otherwise, in the unit that people type."""

from dataclasses import dataclass, replace
from typing import Literal

from planner.economics.assumptions import LIMITS, Assumptions, Production, Range
from planner.economics.depreciation import RATES_BY_LIFE
from planner.money import ExchangeRate

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
    Field(
        name="useful_life_years",
        group="finance",
        step=1,
        low=min(RATES_BY_LIFE),
        high=max(RATES_BY_LIFE),
        is_whole=True,
    ),
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

BY_NAME = {field.name: field for field in (*FIELDS, *PRODUCTION_FIELDS)}
"""All of them."""

RANGED = {field.name: field for field in FIELDS if field.name in LIMITS}
"""Those that may carry a range, by name."""

PRICE = "price_per_device_h"
"""Own price of a device-hour, in the currency of the price book."""

PILOT_RATE = "pilot_rate_per_device_h"
"""Price of an hour of the device that the pilot ran on, in the currency of the review."""


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
