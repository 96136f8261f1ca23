"""The answer to a what-if: training times, costs and device plans of each hardware."""

from dataclasses import dataclass
from typing import Literal

from planner.chart import Chart
from planner.money import Money
from planner.projections.projection import DeviceProjection, Extrapolation

Unavailable = Literal["throughput_unknown"]
"""Message keys below ``unavailable.``: why there is no number."""

Limit = Literal["fabric_unknown"]
"""Message keys below ``projection_limit.``: why there is only one device."""

Quantity = Literal["throughput", "fabric", "price"]
SourceOrigin = Literal["measured", "typed", "price_book", "included", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one input of a hardware's numbers comes from.

    Attributes:
        quantity: Message key below ``what_if.quantity.``.
        origin: Message key below ``what_if.origin.``.
        source: Device and versions, or who published it; empty for what was typed.
    """

    quantity: Quantity
    origin: SourceOrigin
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlan:
    """Devices of each stage and what one training then takes; projected.

    Attributes:
        device_counts: One a stage.
        training_h: Hours of the training, restarts included.
        training_low_h: Lower end of their interval.
        training_high_h: Upper end.
        device_h: Device-hours that it is billed for.
        cost: At the hardware's price; None without one.
        npv: Worth over the horizon against today; None without today and assumptions.
        extrapolations: What it rests on that nobody measured.
    """

    device_counts: tuple[int, ...]
    training_h: float
    training_low_h: float
    training_high_h: float
    device_h: float
    cost: Money | None
    npv: Money | None
    extrapolations: tuple[Extrapolation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTraining:
    """One training on a number of devices, composed of steps that were measured on them.

    Attributes:
        device_count: In every stage.
        training_h: Hours of the training.
        training_low_h: With half of every step's spread taken off.
        training_high_h: With half of it on top.
        communication_fraction: Share of the time in which nothing happens but communication.
    """

    device_count: int
    training_h: float
    training_low_h: float
    training_high_h: float
    communication_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareProjection:
    """One hardware.

    Attributes:
        name: As the request calls it.
        unavailable: Why there is no number; then everything below is empty.
        limit: Why only one device was projected; None where nothing limits it.
        sources: Of its speed, fabric and price.
        stages: Every stage at every device count.
        same_devices: Plans with as many devices in every stage, by rising number.
        measured: What steps measured on several devices say to that; empty where none were.
        front: Plans that no other beats in time and cost, fastest first; at most 200.
        front_plans: How many there are.
        cheapest: Within deadline and budget; None where no plan is.
        fastest: Within both.
        best_worth: Highest NPV within both; None without today and assumptions, too.
    """

    name: str
    unavailable: Unavailable | None
    limit: Limit | None
    sources: tuple[Source, ...]
    stages: tuple[tuple[DeviceProjection, ...], ...] = ()
    same_devices: tuple[DevicePlan, ...] = ()
    measured: tuple[MeasuredTraining, ...] = ()
    front: tuple[DevicePlan, ...] = ()
    front_plans: int = 0
    cheapest: DevicePlan | None = None
    fastest: DevicePlan | None = None
    best_worth: DevicePlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Every hardware of a request, and the pictures of all of them.

    Attributes:
        currency: Of every amount; None where nothing has a price.
        today: What plans are compared with; None where it was not said or is not available.
        hardware: In the request's order.
        charts: Training time by device count, and time against cost of the plans.
    """

    currency: str | None
    today: DevicePlan | None
    hardware: tuple[HardwareProjection, ...]
    charts: tuple[Chart, ...]
