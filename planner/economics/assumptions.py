"""Inputs of the money model that nobody measured."""

import math
from dataclasses import dataclass, field
from typing import Literal

from planner.bounds import check_at_least, check_not_negative, check_positive
from planner.economics.correlations import Correlations
from planner.economics.depreciation import RATES_BY_LIFE
from planner.economics.energy import Facility
from planner.money import ExchangeRate, require_currency
from planner.refusal import require

DeviceUse = Literal["reserved", "elastic"]
DepreciationMethod = Literal["straight_line", "declining_balance"]

LIMITS: dict[str, tuple[float, float]] = {
    "trainings_per_month": (0.0, math.inf),
    "engineer_rate_per_h": (0.0, math.inf),
    "adoption_engineer_h": (0.0, math.inf),
    "pilot_engineer_h": (0.0, math.inf),
    "attention_fraction": (0.0, 1.0),
    "realisation_fraction": (0.0, 1.0),
    "cost_of_delay_per_day": (0.0, math.inf),
    "retuning_trainings": (0.0, math.inf),
    "validation_trainings": (0.0, math.inf),
    "hardware_outlay": (0.0, math.inf),
    "hardware_residual": (0.0, math.inf),
    "discount_rate_per_year": (0.0, 1.0),
    "commitment_shortfall": (0.0, math.inf),
}
"""Smallest and largest sensible value of every assumption that may carry a range."""

LONGEST_HORIZON_MONTHS = 240
"""Twenty years: longer than any hardware or schedule is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The ends between which an assumption may lie; its own value is the most likely one.

    Attributes:
        low: Smallest possible value, in the unit of the assumption.
        high: Largest possible value, in the unit of the assumption.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        require(math.isfinite(self.low), "low", "not_finite")
        require(math.isfinite(self.high), "high", "not_finite")
        require(self.low <= self.high, "high", "range_reversed", low=self.low, high=self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What the team believes about its production; every amount is in ``currency``.

    Attributes:
        currency: Reporting currency of the review, ISO 4217.
        trainings_per_month: Production trainings that would use the schedule.
        ramp_months: Months until that number is reached, rising linearly from month 1.
        engineer_rate_per_h: Loaded cost of one engineer-hour.
        adoption_engineer_h: Hours to bring the schedule into production.
        pilot_engineer_h: Hours of people spent on the pilot.
        attention_fraction: Share of a training's hours that an engineer spends on it.
        realisation_fraction: Share of freed engineer-hours that turns into money.
        cost_of_delay_per_day: Worth of having one training's result a day earlier.
        retuning_trainings: Production trainings spent on re-tuning the rate, at today's cost.
        validation_trainings: Production trainings spent on validation, at today's cost.
        hardware_outlay: Paid in month 0 for hardware the candidate needs.
        hardware_residual: Received back for it at the horizon.
        commitment_shortfall: Paid for reserved hours that a commitment still charges though the
            candidate no longer needs them.
        count_sunk_pilot_cost: Whether the spent pilot counts in the decision.
        device_use: Reserved devices are paid for the whole training, elastic ones by stage.
        horizon_months: Months over which flows are counted.
        discount_rate_per_year: Effective annual rate; 0.08 is 8 %.
        payback_limit_months: Latest acceptable payback.
        confidence: Required probability of the first look, see `planner.reviews.selection`.
        transfer_sd: Standard deviation of the log of the pilot-to-production factor.
        exchange_rates: Rates for prices in other currencies, each with its day.
        ranges: Uncertain assumptions by field name, one of `LIMITS`; a PERT distribution.
        correlations: Of the ranges; None: each lies where it lies, whatever the others do.
        tax_fraction: Tax on profit; 0 leaves all flows before tax.
        depreciation: How hardware that the plan buys is written off; it saves tax, nothing else.
        useful_life_years: Years over which it is written off, by law.
        facility: Electricity and grid; None: carbon is not stated.
    """

    currency: str = "USD"
    trainings_per_month: float = 1.0
    ramp_months: int = 0
    engineer_rate_per_h: float = 0.0
    adoption_engineer_h: float = 0.0
    pilot_engineer_h: float = 0.0
    attention_fraction: float = 0.0
    realisation_fraction: float = 0.3
    cost_of_delay_per_day: float = 0.0
    retuning_trainings: float = 2.0
    validation_trainings: float = 1.0
    hardware_outlay: float = 0.0
    hardware_residual: float = 0.0
    commitment_shortfall: float = 0.0
    count_sunk_pilot_cost: bool = True
    device_use: DeviceUse = "reserved"
    horizon_months: int = 24
    discount_rate_per_year: float = 0.08
    payback_limit_months: float = 12.0
    confidence: float = 0.8
    transfer_sd: float = 0.084969
    exchange_rates: tuple[ExchangeRate, ...] = ()
    ranges: dict[str, Range] = field(default_factory=dict)
    correlations: Correlations | None = None
    tax_fraction: float = 0.0
    depreciation: DepreciationMethod = "straight_line"
    useful_life_years: int = 5
    facility: Facility | None = None

    def __post_init__(self) -> None:
        require_currency(self.currency, "currency")
        for name in LIMITS:
            _require_within_limits(name, getattr(self, name), field_path=name)
        require(self.device_use in ("reserved", "elastic"), "device_use", "choice_unknown")
        _require_between(self.horizon_months, 1, LONGEST_HORIZON_MONTHS, "horizon_months")
        _require_between(self.ramp_months, 0, LONGEST_HORIZON_MONTHS, "ramp_months")
        check_positive(self.payback_limit_months, "payback_limit_months")
        _require_between(self.confidence, 0.5, 0.999, "confidence")
        _require_between(self.transfer_sd, 0.0, 1.0, "transfer_sd")
        for name, ends in self.ranges.items():
            self._require_range(name, ends)
        for place, name in enumerate(self.correlations.names if self.correlations else ()):
            path = f"correlations.names[{place}]"
            require(name in LIMITS, path, "range_not_offered", name=name)
        self._require_tax()

    def _require_tax(self) -> None:
        _require_between(self.tax_fraction, 0.0, 0.9, "tax_fraction")
        known = self.depreciation in ("straight_line", "declining_balance")
        require(known, "depreciation", "choice_unknown")
        years = self.useful_life_years
        require(years in RATES_BY_LIFE, "useful_life_years", "useful_life_unknown", years=years)

    def _require_range(self, name: str, ends: Range) -> None:
        path = f"ranges.{name}"
        require(name in LIMITS, path, "range_not_offered", name=name)
        _require_within_limits(name, ends.low, field_path=path)
        _require_within_limits(name, ends.high, field_path=path)
        mode = getattr(self, name)
        require(
            ends.low <= mode <= ends.high,
            path,
            "mode_outside_range",
            mode=mode,
            low=ends.low,
            high=ends.high,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """The training the pilot stands for, as the team runs it today.

    Attributes:
        training_h: Hours of one training today, T, without interruptions.
        device_count: Devices it uses, N.
        batch_size: Its global batch, B0.
        half_saturation_batch_size_per_device: Per-device batch with half the best throughput;
            None if unknown, then the profile's throughput curve must be known.
        maximum_batch_size_per_device: Memory limit; larger batches are accumulated.
        overhead_fraction: Share of the time that no schedule changes (evaluation, checkpoints).
    """

    training_h: float
    device_count: int
    batch_size: int
    half_saturation_batch_size_per_device: float | None = None
    maximum_batch_size_per_device: int | None = None
    overhead_fraction: float = 0.0

    def __post_init__(self) -> None:
        check_positive(self.training_h, "training_h")
        check_at_least(self.device_count, 1, "device_count")
        require(
            self.batch_size >= self.device_count,
            "batch_size",
            "batch_below_devices",
            device_count=self.device_count,
        )
        half = self.half_saturation_batch_size_per_device
        if half is not None:
            check_not_negative(half, "half_saturation_batch_size_per_device")
        largest = self.maximum_batch_size_per_device
        if largest is not None:
            check_at_least(largest, 1, "maximum_batch_size_per_device")
        overhead = self.overhead_fraction
        require(0 <= overhead < 1, "overhead_fraction", "out_of_range", low=0, high=1)


def _require_within_limits(name: str, value: float, *, field_path: str) -> None:
    """Refuses a value of the assumption ``name`` that no team could mean."""
    low, high = LIMITS[name]
    if math.isinf(high):
        check_not_negative(value, field_path)
    else:
        _require_between(value, low, high, field_path)


def _require_between(value: float, low: float, high: float, field_path: str) -> None:
    require(low <= value <= high, field_path, "out_of_range", low=low, high=high)
