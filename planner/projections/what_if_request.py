"""What somebody asks about other hardware, other device counts and other plans of them."""

from dataclasses import dataclass

from planner.bounds import (
    check_at_least,
    check_name,
    check_not_negative,
    check_positive,
    check_unique,
)
from planner.devices.fabric import Fabric, Interconnect
from planner.devices.scaling import ScalingCurve
from planner.devices.scaling_link import measured_interconnect
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions, DeviceUse
from planner.money import Money
from planner.projections.device_speed import DeviceSpeed, TypedPoint, measured_speed, typed_speed
from planner.projections.transfer import StageSamples
from planner.refusal import Refusal, require

DEVICE_COUNTS = tuple(2**power for power in range(11))
"""1 to 1,024 devices."""

MOST_STAGES = 16
MOST_DEVICE_COUNTS = 16
MOST_HARDWARE = 8

LONGEST_RESTART_S = 86_400.0
"""A day: longer than any cluster takes to begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareOption:
    """One kind of device, with what is known of its speed, fabric and price.

    Attributes:
        name: As the answer calls it.
        throughput: A measured curve of one such device.
        typed_points: Or two points that were typed; with neither there is no number.
        curve_number: Or a stored curve, which the API looks up.
        fabric: What connects several of them; None: only one is projected.
        fabric_id: Or a measured fabric of the project, which the API looks up.
        communication_included: Whether the points were timed on several devices, so that they
            already hold all communication; then there is no fabric.
        price_per_device_h: Of one device; None: no money is told.
        price_id: Or a row of the price book, which the API looks up.
        price_source: Where the price was read, and on which day.
        largest_micro_batch_size: What the memory of one holds; None: the largest of its points.
        most_devices: Of this kind that can be had.
        optimiser_s: Seconds of the weights' update in each step; 0 unless measured.
        scaling: Steps that were measured on several such devices; shown beside the projection.
        scaling_number: Or what a worker measured, which the API looks up.
        connected_as_measured: Whether the bare all-reduces of that measurement are what connects
            the devices, with its payload and its overlap; then there is no fabric.
    """

    name: str
    throughput: ThroughputCurve | None = None
    typed_points: tuple[TypedPoint, ...] = ()
    curve_number: int | None = None
    fabric: Fabric | None = None
    fabric_id: str | None = None
    communication_included: bool = False
    price_per_device_h: Money | None = None
    price_id: str | None = None
    price_source: str = ""
    largest_micro_batch_size: int | None = None
    most_devices: int | None = None
    optimiser_s: float = 0.0
    scaling: ScalingCurve | None = None
    scaling_number: int | None = None
    connected_as_measured: bool = False

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        known = (self.throughput is not None) + bool(self.typed_points)
        require(known + (self.curve_number is not None) <= 1, "throughput", "speed_given_twice")
        if self.typed_points:
            typed_speed(self.typed_points, device=self.name)
        fabrics = (self.fabric is not None) + (self.fabric_id is not None)
        told = fabrics + self.communication_included + self.connected_as_measured
        require(told <= 1, "fabric", "fabric_given_twice")
        self._check_scaling()
        prices = (self.price_per_device_h is not None) + (self.price_id is not None)
        require(prices <= 1, "price_per_device_h", "price_given_twice")
        if self.price_per_device_h is not None:
            check_not_negative(self.price_per_device_h.amount, "price_per_device_h.amount")
        for field in ("largest_micro_batch_size", "most_devices"):
            given = getattr(self, field)
            if given is not None:
                check_at_least(given, 1, field)
        check_not_negative(self.optimiser_s, "optimiser_s")

    def _check_scaling(self) -> None:
        known = (self.scaling is not None) + (self.scaling_number is not None)
        require(known <= 1, "scaling", "scaling_given_twice")
        require(bool(known) or not self.connected_as_measured, "scaling", "scaling_not_given")
        if self.scaling is not None and self.throughput is not None:
            same = self.scaling.workload == self.throughput.workload
            require(same, "scaling", "scaling_of_other_workload")

    @property
    def speed(self) -> DeviceSpeed | None:
        """What is known of one device; None if nobody measured or typed it."""
        if self.throughput is not None:
            return measured_speed(self.throughput, optimiser_s=self.optimiser_s)
        if self.typed_points:
            return typed_speed(self.typed_points, device=self.name, optimiser_s=self.optimiser_s)
        return None

    def interconnect(self, *, payload_bytes: float, overlap_fraction: float) -> Interconnect | None:
        """What several of them exchange and over what; None where nothing is known of that.

        A measured connection brings payload and overlap of its own.
        """
        if self.connected_as_measured:
            return None if self.scaling is None else measured_interconnect(self.scaling)
        if self.fabric is None:
            return None
        return Interconnect(
            fabric=self.fabric, payload_bytes=payload_bytes, overlap_fraction=overlap_fraction
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPlan:
    """What is trained on today, for what a plan is worth against it.

    Attributes:
        hardware: Name of one of the request's hardware.
        device_count: Of it, in every stage.
    """

    hardware: str
    device_count: int

    def __post_init__(self) -> None:
        check_at_least(self.device_count, 1, "device_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfRequest:
    """A training to its target, stage by stage, and the hardware that it might run on.

    Attributes:
        hardware: At least one, by different names.
        stages: Global batch and samples of each stage of the training.
        payload_bytes: Size of the gradient that the devices exchange in each step.
        overlap_fraction: Share of the backward pass behind which communication hides.
        device_counts: That each stage may run on; rising.
        device_use: Reserved devices are paid for the whole training, elastic ones by stage.
        restart_s: Seconds of a restart wherever the devices change.
        deadline_h: Longest training that will do; None: any.
        budget: Dearest training that will do; None: any.
        today: What a plan's worth is told against; None: no worth is told.
        assumptions: Trainings, discount rate and worth of an hour; None: no worth is told.
    """

    hardware: tuple[HardwareOption, ...]
    stages: tuple[StageSamples, ...]
    payload_bytes: float = 0.0
    overlap_fraction: float = 0.0
    device_counts: tuple[int, ...] = DEVICE_COUNTS
    device_use: DeviceUse = "reserved"
    restart_s: float = 0.0
    deadline_h: float | None = None
    budget: Money | None = None
    today: TodayPlan | None = None
    assumptions: Assumptions | None = None

    def __post_init__(self) -> None:
        _check_length(self.hardware, MOST_HARDWARE, "hardware")
        check_unique([one.name for one in self.hardware], "hardware[{}].name", "name_repeated")
        _check_length(self.stages, MOST_STAGES, "stages")
        require(any(stage.samples for stage in self.stages), "stages", "nothing_to_train")
        _check_length(self.device_counts, MOST_DEVICE_COUNTS, "device_counts")
        check_at_least(min(self.device_counts), 1, "device_counts")
        rising = list(self.device_counts) == sorted(set(self.device_counts))
        require(rising, "device_counts", "not_rising")
        check_not_negative(self.payload_bytes, "payload_bytes")
        require(0 <= self.overlap_fraction <= 1, "overlap_fraction", "out_of_range", low=0, high=1)
        require(self.device_use in ("reserved", "elastic"), "device_use", "choice_unknown")
        within = 0 <= self.restart_s <= LONGEST_RESTART_S
        require(within, "restart_s", "out_of_range", low=0, high=LONGEST_RESTART_S)
        if self.deadline_h is not None:
            check_positive(self.deadline_h, "deadline_h")
        if self.budget is not None:
            check_positive(self.budget.amount, "budget.amount")
        self._check_today()

    @property
    def counts(self) -> tuple[int, ...]:
        """Device counts of the plans; today's is always one of them."""
        today = () if self.today is None else (self.today.device_count,)
        return tuple(sorted({*self.device_counts, *today}))

    def _check_today(self) -> None:
        if self.today is None:
            return
        names = {one.name for one in self.hardware}
        require(self.today.hardware in names, "today.hardware", "hardware_not_listed")
        smallest = min(stage.batch_size for stage in self.stages)
        if self.today.device_count > smallest:
            raise Refusal("today.device_count", "devices_without_samples")


def _check_length(values: tuple[object, ...], most: int, field: str) -> None:
    require(len(values) >= 1, field, "empty")
    require(len(values) <= most, field, "too_many_items", most=most)
