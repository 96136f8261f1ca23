"""Composed time: the steps of a run, each at what the throughput curve says it takes."""

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.communication import communication_s
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve, step_time_s
from planner.schedules.schedule import StepTable


def elapsed_s(
    table: StepTable,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    *,
    devices: NDArray[np.int64] | None = None,
    scaling: ScalingCurve | None = None,
) -> NDArray[np.float64]:
    """Composed seconds of training before each step and at the end: steps + 1 values from 0.

    A step costs the sum of its micro-batches' step times; evaluation is not in it. Where several
    devices take a step together, it costs what the largest part takes one of them, and what they
    say to each other where that was measured of so many devices; elsewhere that is not in it.

    Args:
        table: The steps.
        curve: Of one device.
        plan: How one device executes its part.
        devices: Of every step; None for one.
        scaling: What was measured on several devices of the curve's kind; None where nothing was.
    """
    parts_of = table.items if devices is None else -(-table.items // devices)
    first = np.flatnonzero(np.diff(parts_of, prepend=0))
    counts = np.diff(np.append(first, table.steps))
    items, which = np.unique(parts_of[first], return_inverse=True)
    parts = -(-items // plan.largest_micro_batch_size)
    smaller, larger_parts = np.divmod(items, parts)
    of_smaller_s, of_larger_s = step_time_s(curve, np.stack([smaller, smaller + 1]))
    seconds = (parts - larger_parts) * of_smaller_s + larger_parts * of_larger_s
    of_each_s = np.repeat(seconds[which], counts)
    if devices is not None and scaling is not None:
        of_each_s = of_each_s + communication_s(
            scaling, batch_sizes=table.items, device_counts=devices
        )
    return np.append(0.0, np.cumsum(of_each_s))
