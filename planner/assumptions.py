"""Inputs of the money model that nobody measured."""

from dataclasses import dataclass
from typing import Literal

from planner.money import ExchangeRate

DeviceUse = Literal["reserved", "elastic"]


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
        count_sunk_pilot_cost: Whether the spent pilot counts in the decision.
        device_use: Reserved devices are paid for the whole training, elastic ones by stage.
        horizon_months: Months over which flows are counted.
        discount_rate_per_year: Effective annual rate; 0.08 is 8 %.
        payback_limit_months: Latest acceptable payback.
        confidence: Required probability of the first look, see `planner.selection`.
        transfer_sd: Standard deviation of the log of the pilot-to-production factor.
        exchange_rates: Rates for prices in other currencies, each with its day.
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
    count_sunk_pilot_cost: bool = True
    device_use: DeviceUse = "reserved"
    horizon_months: int = 24
    discount_rate_per_year: float = 0.08
    payback_limit_months: float = 12.0
    confidence: float = 0.8
    transfer_sd: float = 0.084969
    exchange_rates: tuple[ExchangeRate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """The training the pilot stands for, as the team runs it today.

    Attributes:
        training_h: Hours of one training today, T.
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
