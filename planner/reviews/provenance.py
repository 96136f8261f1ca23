"""Where a number comes from: its formula by key, and the inputs that went into it."""

from dataclasses import dataclass
from typing import Literal, get_args

from planner.economics.assumptions import Assumptions, Production
from planner.economics.investment import TrainingComparison
from planner.economics.rates import RateCard
from planner.money import Money
from planner.pilots.target import Quality, Target
from planner.reviews.ingredient import Ingredient

CardNumber = Literal[
    "net_benefit",
    "payback",
    "return_on_investment",
    "time_against_today",
    "quality_against_today",
]
ColumnNumber = Literal[
    "rate_chosen", "reached", "epochs", "steps", "samples", "time_to_target", "cost"
]
ValueNumber = Literal["device_hours", "engineer_hours", "earlier_result", "worth_per_training"]
OutlayNumber = Literal[
    "pilot_devices",
    "pilot_people",
    "adoption",
    "retuning",
    "validation",
    "hardware",
    "commitment_shortfall",
]
ReturnNumber = Literal[
    "investment",
    "discounted_payback",
    "internal_rate",
    "break_even_trainings",
    "break_even_time",
    "break_even_price",
    "scenarios",
]
Number = Literal[CardNumber, ColumnNumber, ValueNumber, OutlayNumber, ReturnNumber]
"""What a review shows of a schedule; the formula is ``provenance.<formula>``."""

CARDS: tuple[CardNumber, ...] = get_args(CardNumber)
"""The five numbers that a manager reads first, in order."""

OUTLAYS: tuple[OutlayNumber, ...] = get_args(OutlayNumber)
"""Lines of the investment by their keys."""

COMPARED: tuple[Number, ...] = (*get_args(ColumnNumber), "payback")
"""Numbers of the table that compares schedules, in order; a page may add to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where one number of one schedule comes from.

    Attributes:
        number: Which number.
        schedule: Of which schedule.
        formula: Message key below ``provenance.``; says in words how it is calculated.
        ingredients: What went into it, in the order of the formula.
    """

    number: Number
    schedule: str
    formula: str
    ingredients: tuple[Ingredient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What all numbers of a review share.

    Attributes:
        target: Metric value that ends the race.
        quality: Metric that a candidate must not worsen.
        price: Rate card of the priced training.
        today: One training today; None where it cannot be stated.
        production: The training that the pilot stands for.
        assumptions: What nobody measured.
        pilot_device_h: Device-hours of all runs of the pilot.
        pilot_rate_per_device_h: Price of such an hour.
        imported: Whether the runs were measured elsewhere.
    """

    target: Target
    quality: Quality | None
    price: RateCard
    today: TrainingComparison | None
    production: Production | None
    assumptions: Assumptions
    pilot_device_h: float
    pilot_rate_per_device_h: Money
    imported: bool = False
