"""Why no time on some hardware can be stated: never a number from other devices."""

from collections.abc import Mapping
from typing import Literal

from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.pilots.device_stages import count_throughout
from planner.pilots.pilot import Pilot

Unavailable = Literal[
    "throughput_unknown",
    "several_devices_without_production",
    "several_devices_in_pilot",
    "other_device_count",
    "one_batch_size_logged",
]
"""Message keys below ``unavailable.``: why no time on the hardware can be stated."""


def unavailable_on(
    pilot: Pilot,
    throughput: ThroughputCurve | None,
    device_count: int,
    *,
    scaling: ScalingCurve | None,
    stages: Mapping[str, int],
) -> Unavailable | None:
    """Why a pilot that is itself the training has no pace on some hardware; None where it has.

    On several devices it has one where all its stages are trained with as many, and a probe
    measured what these say to each other.

    Args:
        pilot: The training.
        throughput: Curve of the hardware; None if it was never measured.
        device_count: Devices of the hardware.
        scaling: What its devices say to each other; None where nobody measured it.
        stages: How many each schedule of the pilot has, by its name.
    """
    own_count = count_throughout(pilot.devices, stages)
    if own_count != 1:
        if own_count != device_count or scaling is None or throughput is None:
            return "several_devices_in_pilot"
        told = scaling.device == throughput.device and device_count in scaling.device_counts
        return None if told else "several_devices_in_pilot"
    if throughput is None:
        return "throughput_unknown"
    return "several_devices_without_production" if device_count > 1 else None
