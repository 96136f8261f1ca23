"""Composed time: the steps of a run, each at what the throughput curve says it takes."""

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import ThroughputCurve, step_time_s
from planner.schedules.schedule import StepTable


def elapsed_s(
    table: StepTable, curve: ThroughputCurve, plan: MicroBatchPlan
) -> NDArray[np.float64]:
    """Composed seconds of training before each step and at the end: steps + 1 values from 0.

    A step costs the sum of its micro-batches' step times; evaluation is not in it.
    """
    first = np.flatnonzero(np.diff(table.items, prepend=0))
    counts = np.diff(np.append(first, table.steps))
    items, which = np.unique(table.items[first], return_inverse=True)
    parts = -(-items // plan.largest_micro_batch_size)
    smaller, larger_parts = np.divmod(items, parts)
    of_smaller_s, of_larger_s = step_time_s(curve, np.stack([smaller, smaller + 1]))
    seconds = (parts - larger_parts) * of_smaller_s + larger_parts * of_larger_s
    return np.append(0.0, np.cumsum(np.repeat(seconds[which], counts)))
