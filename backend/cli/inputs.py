"""Files that only commands read, beside the planner's own values."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from planner.devices.fabric import Fabric
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions
from planner.economics.investment import TrainingComparison
from planner.economics.ownership import Ownership
from planner.economics.rates import SpotTerms
from planner.economics.speed_up import PairedSpeedUp
from planner.money import Money

STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)
"""Unknown keys and NaN are refused, as they are in the planner's values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowsFile:
    """Cash flows as they are: what they are worth and when they are back.

    Attributes:
        flows: One amount a month, month 0 first; money out is negative.
        currency: ISO 4217 code of the amounts.
        discount_rate_per_year: Effective annual rate; 0.08 is 8 %.
    """

    flows: tuple[float, ...]
    currency: str = "USD"
    discount_rate_per_year: float = 0.0
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomicsFile:
    """A training today, the same one under a candidate, and what the team assumes.

    Attributes:
        training: Hours and devices of one training today, and the price of a device-hour.
        time_ratio: Share of today's schedule-dependent time that the candidate takes.
        candidate_training_h: The same as hours of a whole training; give one of the three.
        speed_up: Or what paired seeds say of the ratio, which leaves it uncertain.
        pilot_device_cost: Cost of all runs of the pilot; absent is nothing.
        transferred: Whether the ratio was carried from a pilot to this training.
        spot: How often the devices are taken away; absent is never.
        ownership: Of the devices; absent: they are rented.
        board_w: Power of one device under load, to estimate energy and carbon.
    """

    training: TrainingComparison
    assumptions: Assumptions
    time_ratio: float | None = None
    candidate_training_h: float | None = None
    speed_up: PairedSpeedUp | None = None
    pilot_device_cost: Money | None = None
    transferred: bool = False
    spot: SpotTerms | None = None
    ownership: Ownership | None = None
    board_w: float | None = None
    __pydantic_config__: ClassVar[ConfigDict] = STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionFile:
    """One measured device, what connects several of them, and the step that they share.

    Attributes:
        throughput: Curve of one device.
        payload_bytes: Size of the gradient that the devices exchange.
        batch_size: Samples of a step over all devices.
        device_counts: Numbers of devices to project to.
        largest_micro_batch_size: A device's share above it is accumulated.
        overlap_fraction: Share of the backward pass behind which communication hides.
    """

    throughput: ThroughputCurve
    fabric: Fabric
    payload_bytes: float
    batch_size: int
    device_counts: tuple[int, ...]
    largest_micro_batch_size: int
    overlap_fraction: float = 0.0
    __pydantic_config__: ClassVar[ConfigDict] = STRICT
