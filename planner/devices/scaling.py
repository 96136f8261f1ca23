"""Measured scaling: one step of a workload on several devices, and what of it is communication."""

from dataclasses import dataclass
from itertools import pairwise

from planner.bounds import check_at_least, check_name, check_not_negative, check_positive
from planner.devices.throughput import (
    ThroughputCurve,
    ThroughputPoint,
    is_extrapolated,
    step_time_s,
)
from planner.refusal import require

FEWEST_SEVERAL = 2
"""Devices of which it can be said that they exchange anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingPoint:
    """Timed steps of one global batch on a number of devices.

    Attributes:
        device_count: Devices that shared the batch.
        batch_size: Samples of a step over all of them.
        step_time_s: Median seconds of the whole step.
        communication_s: Of these, seconds that the step takes only because gradients are
            exchanged; what hides behind computation is not in it. 0 on one device.
        spread_fraction: Interquartile range of the whole step over its median.
        steps: Number of timed steps.
    """

    device_count: int
    batch_size: int
    step_time_s: float
    communication_s: float
    spread_fraction: float
    steps: int

    def __post_init__(self) -> None:
        check_at_least(self.device_count, 1, "device_count")
        check_at_least(self.batch_size, 1, "batch_size")
        require(self.device_count <= self.batch_size, "device_count", "devices_without_samples")
        check_positive(self.step_time_s, "step_time_s")
        check_not_negative(self.communication_s, "communication_s")
        require(
            self.communication_s < self.step_time_s, "communication_s", "communication_too_long"
        )
        alone = self.device_count == 1
        require(not alone or self.communication_s == 0, "communication_s", "communication_alone")
        check_not_negative(self.spread_fraction, "spread_fraction")
        check_at_least(self.steps, 1, "steps")

    @property
    def communication_fraction(self) -> float:
        """Share of the step that is communication."""
        return self.communication_s / self.step_time_s


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedExchange:
    """All-reduces of the flat gradient, timed with nothing beside them.

    Attributes:
        device_count: Devices that took part.
        time_s: Median seconds of one.
        spread_fraction: Interquartile range over the median.
        rounds: Number of timed ones.
    """

    device_count: int
    time_s: float
    spread_fraction: float
    rounds: int

    def __post_init__(self) -> None:
        check_at_least(self.device_count, FEWEST_SEVERAL, "device_count")
        check_positive(self.time_s, "time_s")
        check_not_negative(self.spread_fraction, "spread_fraction")
        check_at_least(self.rounds, 1, "rounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingCurve:
    """Step times of one workload on 1, 2, 4 ... devices of one kind, measured in one go.

    Attributes:
        workload: Name of the workload that was timed.
        device: Name of one of the devices, as the worker reports it.
        dtype: Number format of the arithmetic, such as ``float32``.
        versions: Versions of what shapes the speed, such as ``torch 2.13.0``.
        payload_bytes: Size of the gradient that every step exchanges.
        points: By rising device count, and then by rising batch; some on one device alone.
        exchanges: Bare all-reduces of the gradient, by rising device count.
    """

    workload: str
    device: str
    dtype: str
    versions: str
    payload_bytes: int
    points: tuple[ScalingPoint, ...]
    exchanges: tuple[TimedExchange, ...]

    def __post_init__(self) -> None:
        check_name(self.workload, "workload")
        check_name(self.device, "device")
        check_at_least(self.payload_bytes, 1, "payload_bytes")
        placed = [(point.device_count, point.batch_size) for point in self.points]
        require(_rises(placed), "points", "scaling_points_not_rising")
        require(1 in self.device_counts, "points", "scaling_without_one_device")
        require(len(self.device_counts) > 1, "points", "scaling_without_several_devices")
        require(
            _rises([(one.device_count, 0) for one in self.exchanges]),
            "exchanges",
            "scaling_points_not_rising",
        )

    @property
    def device_counts(self) -> tuple[int, ...]:
        """Numbers of devices that were timed, rising."""
        return tuple(dict.fromkeys(point.device_count for point in self.points))

    @property
    def batch_sizes(self) -> tuple[int, ...]:
        """Global batches that were timed on any number of devices, rising."""
        return tuple(sorted({point.batch_size for point in self.points}))


def curve_on(scaling: ScalingCurve, device_count: int) -> ThroughputCurve:
    """Step times at each global batch on one of the device counts that were timed."""
    return ThroughputCurve(
        workload=scaling.workload,
        device=scaling.device,
        dtype=scaling.dtype,
        versions=scaling.versions,
        points=tuple(
            ThroughputPoint(
                batch_size=point.batch_size,
                step_time_s=point.step_time_s,
                spread_fraction=point.spread_fraction,
                steps=point.steps,
            )
            for point in scaling.points
            if point.device_count == device_count
        ),
        evaluation_s=0.0,
    )


def strong_efficiency_fraction(scaling: ScalingCurve, point: ScalingPoint) -> float | None:
    """``T(1, B) / (N T(N, B))``: one global batch on one device against N of them.

    Between the batches that were timed on one device its fit is taken; None outside of them.
    """
    alone_s = _alone_s(scaling, point.batch_size)
    return None if alone_s is None else alone_s / (point.device_count * point.step_time_s)


def weak_efficiency_fraction(scaling: ScalingCurve, point: ScalingPoint) -> float | None:
    """``T(1, B/N) / T(N, B)``: as many samples on every device as on one alone.

    Between the batches that were timed on one device its fit is taken; None outside of them.
    """
    alone_s = _alone_s(scaling, point.batch_size / point.device_count)
    return None if alone_s is None else alone_s / point.step_time_s


def _alone_s(scaling: ScalingCurve, batch_size: float) -> float | None:
    """Seconds of a step on one device, where such batches were timed on it."""
    curve = curve_on(scaling, 1)
    return None if is_extrapolated(curve, batch_size) else step_time_s(curve, batch_size)


def _rises(places: list[tuple[int, int]]) -> bool:
    return all(before < after for before, after in pairwise(places))
