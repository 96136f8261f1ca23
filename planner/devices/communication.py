"""What several devices say to each other in a step, as probes measured it on them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.devices.scaling import FEWEST_SEVERAL, ScalingCurve


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedCommunication:
    """Whether composed times of several devices hold what these say to each other.

    Attributes:
        measured: Numbers of devices of which it was measured: it is in them.
        left_out: Numbers of devices of which it was not: they are too short by it.
    """

    measured: tuple[int, ...]
    left_out: tuple[int, ...]


def communication_s(
    scaling: ScalingCurve, *, batch_sizes: NDArray[np.int64], device_counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Seconds that each step takes only because gradients are exchanged.

    Between batches that were timed on as many devices it is linear in the batch, outside of them
    that of the nearest. A number of devices that nobody timed gets 0, see
    `composed_communication`; so does one device, which says nothing to anybody.

    Args:
        scaling: What was timed.
        batch_sizes: Samples of each step over all its devices.
        device_counts: Devices of each step.
    """
    seconds = np.zeros(len(batch_sizes))
    for count in scaling.device_counts:
        timed = [point for point in scaling.points if point.device_count == count]
        here = device_counts == count
        seconds[here] = np.interp(
            batch_sizes[here],
            [point.batch_size for point in timed],
            [point.communication_s for point in timed],
        )
    return seconds


def composed_communication(
    scaling: ScalingCurve | None, counts: Iterable[int]
) -> ComposedCommunication | None:
    """What is in composed times of steps on these numbers of devices; None where all are one."""
    several = sorted({count for count in counts if count >= FEWEST_SEVERAL})
    timed = () if scaling is None else scaling.device_counts
    if not several:
        return None
    return ComposedCommunication(
        measured=tuple(count for count in several if count in timed),
        left_out=tuple(count for count in several if count not in timed),
    )
