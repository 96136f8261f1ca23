"""How a batch is executed: whole, or as equal accumulated micro-batches."""

from dataclasses import dataclass

import numpy as np

from planner.bounds import check_at_least
from planner.devices.throughput import ThroughputCurve
from planner.schedules.batch_size import LARGEST_BATCH_SIZE

TURN_DOWN_FRACTION = 0.05
"""Loss of throughput past the best batch that is no longer put down to noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroBatchPlan:
    """Fixed once per pilot before its first run, so that every run executes alike.

    Attributes:
        largest_micro_batch_size: Batches above it are split into the fewest equal parts.
    """

    largest_micro_batch_size: int

    def __post_init__(self) -> None:
        check_at_least(self.largest_micro_batch_size, 1, "largest_micro_batch_size")

    def split(self, batch_size: int) -> tuple[int, ...]:
        """Sizes of the micro-batches of one step: they differ by at most 1, larger ones first."""
        check_at_least(batch_size, 1, "batch_size")
        parts = -(-batch_size // self.largest_micro_batch_size)
        smaller, larger_parts = divmod(batch_size, parts)
        return (smaller + 1,) * larger_parts + (smaller,) * (parts - larger_parts)


def micro_batch_plan(curve: ThroughputCurve) -> MicroBatchPlan:
    """The plan that a measured curve asks for.

    Past the best batch, throughput that falls by more than `TURN_DOWN_FRACTION` makes the best
    batch the largest; else memory makes the largest measured batch the largest; else nothing
    does, and no batch is ever split (a planned batch is at most the training data).
    """
    sizes = [point.batch_size for point in curve.points]
    speeds = np.array([point.batch_size / point.step_time_s for point in curve.points])
    best = int(np.argmax(speeds))
    if (speeds[best:] < (1 - TURN_DOWN_FRACTION) * speeds[best]).any():
        return MicroBatchPlan(largest_micro_batch_size=sizes[best])
    largest = sizes[-1] if curve.memory_limited else LARGEST_BATCH_SIZE
    return MicroBatchPlan(largest_micro_batch_size=largest)
