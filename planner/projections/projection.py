"""Step times on N devices: computation on each, then an all-reduce over a fabric."""

import math
from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least, check_not_negative, check_positive
from planner.devices.throughput import (
    ThroughputCurve,
    ThroughputFit,
    fit_throughput,
    is_extrapolated,
)
from planner.refusal import require

Hops = Literal["ring", "tree"]

BACKWARD_FRACTION = 2 / 3
"""Share of a micro-batch's time in the backward pass, behind which communication can hide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepModel:
    """``t_opt + n_acc (a + c b)`` on one device.

    Attributes:
        micro_batch_overhead_s: a, seconds of a micro-batch whatever its size.
        sample_s: c, seconds a sample.
        optimiser_s: t_opt, seconds of the weights' update; 0 unless measured.
    """

    micro_batch_overhead_s: float
    sample_s: float
    optimiser_s: float = 0.0

    def __post_init__(self) -> None:
        for field in ("micro_batch_overhead_s", "optimiser_s"):
            check_not_negative(getattr(self, field), field)
        check_positive(self.sample_s, "sample_s")

    def micro_batch_s(self, batch_size: float) -> float:
        """Seconds of one micro-batch."""
        return self.micro_batch_overhead_s + self.sample_s * batch_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabric:
    """What connects the devices.

    Attributes:
        bus_bytes_per_s: Bus bandwidth of an all-reduce at the gradient's size; at 16 to 64 MiB it
            is 2 to 6 times less than the headline.
        latency_s: Seconds a hop.
        hops: How the all-reduce is routed.
    """

    bus_bytes_per_s: float
    latency_s: float
    hops: Hops = "ring"

    def __post_init__(self) -> None:
        check_positive(self.bus_bytes_per_s, "bus_bytes_per_s")
        check_not_negative(self.latency_s, "latency_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProjection:
    """One device count; projected, never measured.

    Attributes:
        device_count: Devices that share the batch.
        micro_batches: Micro-batches a step on each device.
        micro_batch_size: Samples of one on each device; fractional where shares are unequal.
        communication_s: Seconds of the all-reduce, hidden or not.
        step_time_s: Seconds a step.
        samples_per_s: Of all devices together.
        extrapolated: Whether the micro-batch lies outside the measured batch sizes.
    """

    device_count: int
    micro_batches: int
    micro_batch_size: float
    communication_s: float
    step_time_s: float
    samples_per_s: float
    extrapolated: bool


def step_model(fit: ThroughputFit) -> StepModel:
    """The model of a device whose throughput was probed."""
    return StepModel(micro_batch_overhead_s=fit.overhead_s, sample_s=1 / fit.samples_per_s)


def two_point_model(*, smaller: tuple[float, float], larger: tuple[float, float]) -> StepModel:
    """The model through two points (samples per device, seconds a step)."""
    (few, short_s), (many, long_s) = smaller, larger
    require(0 < few < many, "larger", "throughput_points_not_rising")
    sample_s = (long_s - short_s) / (many - few)
    return StepModel(micro_batch_overhead_s=short_s - sample_s * few, sample_s=sample_s)


def hop_count(hops: Hops, *, device_count: int) -> int:
    """Latencies of one all-reduce: ring ``2 (N-1)``, tree ``2 ceil(log2 N)``, none alone."""
    if hops == "ring":
        return 2 * (device_count - 1)
    return 2 * (device_count - 1).bit_length()


def all_reduce_s(fabric: Fabric, *, payload_bytes: float, device_count: int) -> float:
    """``alpha hops(N) + 2 (N-1)/N bytes/busbw``."""
    traffic = 2 * (device_count - 1) / device_count * payload_bytes
    hops = hop_count(fabric.hops, device_count=device_count)
    return fabric.latency_s * hops + traffic / fabric.bus_bytes_per_s


def projected_step_s(
    model: StepModel,
    *,
    batch_size: int,
    device_count: int,
    micro_batches: int = 1,
    communication_s: float = 0.0,
    overlap_fraction: float = 0.0,
) -> float:
    """Seconds of one step of ``batch_size`` samples over all devices.

    ``t_opt + n_acc (a + c b) + max(0, comm - overlap (2/3) t_last)``, ``b = B / (N n_acc)``:
    communication hides only behind the backward pass of the last micro-batch.
    """
    micro_batch_s = model.micro_batch_s(batch_size / (device_count * micro_batches))
    hidden_s = overlap_fraction * BACKWARD_FRACTION * micro_batch_s
    exposed_s = max(0.0, communication_s - hidden_s)
    return model.optimiser_s + micro_batches * micro_batch_s + exposed_s


def project_devices(
    curve: ThroughputCurve,
    *,
    fabric: Fabric,
    payload_bytes: float,
    batch_size: int,
    device_counts: tuple[int, ...],
    largest_micro_batch_size: int,
    overlap_fraction: float = 0.0,
) -> tuple[DeviceProjection, ...]:
    """One measured device's curve carried to each device count at one global batch.

    ``payload_bytes`` is the gradient's size, ``batch_size`` counts the samples of a step over all
    devices; a device's share above ``largest_micro_batch_size`` is accumulated.
    """
    check_not_negative(payload_bytes, "payload_bytes")
    require(0 <= overlap_fraction <= 1, "overlap_fraction", "out_of_range", low=0, high=1)
    check_at_least(largest_micro_batch_size, 1, "largest_micro_batch_size")
    check_at_least(min(device_counts, default=0), 1, "device_counts")
    require(max(device_counts) <= batch_size, "device_counts", "devices_without_samples")
    model = step_model(fit_throughput(curve))
    projections = []
    for device_count in device_counts:
        micro_batches = math.ceil(batch_size / (device_count * largest_micro_batch_size))
        micro_batch_size = batch_size / (device_count * micro_batches)
        communication_s = all_reduce_s(
            fabric, payload_bytes=payload_bytes, device_count=device_count
        )
        step_time_s = projected_step_s(
            model,
            batch_size=batch_size,
            device_count=device_count,
            micro_batches=micro_batches,
            communication_s=communication_s,
            overlap_fraction=overlap_fraction,
        )
        projections.append(
            DeviceProjection(
                device_count=device_count,
                micro_batches=micro_batches,
                micro_batch_size=micro_batch_size,
                communication_s=communication_s,
                step_time_s=step_time_s,
                samples_per_s=batch_size / step_time_s,
                extrapolated=is_extrapolated(curve, micro_batch_size),
            )
        )
    return tuple(projections)
