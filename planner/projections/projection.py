"""Step times on N devices: computation on each, then an all-reduce over a fabric."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from planner.bounds import check_at_least
from planner.devices.fabric import BACKWARD_FRACTION, AllReduce, Interconnect, all_reduce
from planner.projections.device_speed import DeviceSpeed, StepModel
from planner.refusal import require

Extrapolation = Literal[
    "batch_not_measured",
    "few_samples_per_device",
    "many_devices",
    "payload_not_measured",
    "devices_not_measured",
]
"""Message keys below ``extrapolation.``: what lies outside of what was ever measured."""

FEWEST_SAMPLES_PER_DEVICE = 32
MOST_DEVICES = 1000
"""Beyond these the model was checked on one published row only: the interval is widened."""

INTERVAL_FRACTION = 0.10
"""Half-width of a step time's interval within both: the accuracy that the model is held to."""

WIDENING_FACTOR = 2.0
"""On the half-width, for each thing beyond; a payload that nobody measured has its own ends."""

NO_MESSAGE = AllReduce(time_s=0.0, low_s=0.0, high_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProjection:
    """One device count; projected, never measured.

    Attributes:
        device_count: Devices that share the batch.
        micro_batches: Micro-batches a step on each device.
        micro_batch_size: Samples of one on each device; fractional where shares are unequal.
        communication_s: Seconds of the all-reduce, hidden or not.
        step_time_s: Seconds a step.
        step_time_low_s: Lower end of its interval.
        step_time_high_s: Upper end.
        samples_per_s: Of all devices together.
        extrapolated: Whether it rests on anything that nobody measured.
        extrapolations: On what.
    """

    device_count: int
    micro_batches: int
    micro_batch_size: float
    communication_s: float
    step_time_s: float
    step_time_low_s: float
    step_time_high_s: float
    samples_per_s: float
    extrapolated: bool
    extrapolations: tuple[Extrapolation, ...]


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
    exposed_s = _exposed_s(communication_s, micro_batch_s, overlap_fraction)
    return model.optimiser_s + micro_batches * micro_batch_s + exposed_s


def project_devices(
    speed: DeviceSpeed,
    *,
    interconnect: Interconnect | None,
    batch_size: float,
    device_counts: Sequence[int],
    largest_micro_batch_size: int,
) -> tuple[DeviceProjection, ...]:
    """One device carried to each device count at one global batch.

    Args:
        speed: Of one device.
        interconnect: None where the speed's points already hold all communication.
        batch_size: Samples of a step over all devices.
        device_counts: At least one, none larger than the batch.
        largest_micro_batch_size: A device's share above it is accumulated.
    """
    check_at_least(largest_micro_batch_size, 1, "largest_micro_batch_size")
    check_at_least(min(device_counts, default=0), 1, "device_counts")
    require(max(device_counts) <= batch_size, "device_counts", "devices_without_samples")
    parts = [
        math.ceil(batch_size / (count * largest_micro_batch_size) - 1e-9) for count in device_counts
    ]
    sizes = batch_size / (np.array(device_counts, dtype=np.float64) * parts)
    times_s = speed.micro_batch_s(sizes)
    return tuple(
        _projection(
            speed,
            interconnect,
            device_count=count,
            micro_batches=micro_batches,
            micro_batch_size=float(size),
            micro_batch_s=float(time_s),
        )
        for count, micro_batches, size, time_s in zip(
            device_counts, parts, sizes, times_s, strict=True
        )
    )


def exposed_message_s(
    interconnect: Interconnect, *, device_count: int, micro_batch_s: float
) -> float:
    """Seconds of one step's all-reduce that do not hide behind the last backward pass."""
    message = all_reduce(
        interconnect.fabric,
        payload_bytes=interconnect.payload_bytes,
        device_count=device_count,
    )
    return _exposed_s(message.time_s, micro_batch_s, interconnect.overlap_fraction)


def _projection(
    speed: DeviceSpeed,
    interconnect: Interconnect | None,
    *,
    device_count: int,
    micro_batches: int,
    micro_batch_size: float,
    micro_batch_s: float,
) -> DeviceProjection:
    message, overlap = NO_MESSAGE, 0.0
    if interconnect is not None:
        overlap = interconnect.overlap_fraction
        message = all_reduce(
            interconnect.fabric,
            payload_bytes=interconnect.payload_bytes,
            device_count=device_count,
        )
    computing_s = speed.optimiser_s + micro_batches * micro_batch_s
    mid_s, low_s, high_s = (
        computing_s + _exposed_s(communication_s, micro_batch_s, overlap)
        for communication_s in (message.time_s, message.low_s, message.high_s)
    )
    beyond = _extrapolations(
        speed, message, device_count=device_count, micro_batch_size=micro_batch_size
    )
    width = _interval_factor(speed, beyond)
    return DeviceProjection(
        device_count=device_count,
        micro_batches=micro_batches,
        micro_batch_size=micro_batch_size,
        communication_s=message.time_s,
        step_time_s=mid_s,
        step_time_low_s=low_s / width,
        step_time_high_s=high_s * width,
        samples_per_s=device_count * micro_batches * micro_batch_size / mid_s,
        extrapolated=bool(beyond),
        extrapolations=beyond,
    )


def _exposed_s(communication_s: float, micro_batch_s: float, overlap_fraction: float) -> float:
    """What of the communication does not hide behind the last backward pass."""
    return max(0.0, communication_s - overlap_fraction * BACKWARD_FRACTION * micro_batch_s)


def _extrapolations(
    speed: DeviceSpeed, message: AllReduce, *, device_count: int, micro_batch_size: float
) -> tuple[Extrapolation, ...]:
    found: dict[Extrapolation, bool] = {
        "batch_not_measured": not speed.covers(micro_batch_size),
        "few_samples_per_device": micro_batch_size < FEWEST_SAMPLES_PER_DEVICE,
        "many_devices": device_count > MOST_DEVICES,
        "payload_not_measured": not message.payload_measured,
        "devices_not_measured": not message.devices_measured,
    }
    return tuple(name for name, holds in found.items() if holds)


def _interval_factor(speed: DeviceSpeed, beyond: Sequence[Extrapolation]) -> float:
    """What the ends of a step time's interval are divided and multiplied by."""
    half = max(INTERVAL_FRACTION, speed.fit.residual_fraction)
    widened = sum(name != "payload_not_measured" for name in beyond)
    return 1 + half * WIDENING_FACTOR**widened
