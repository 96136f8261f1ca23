"""Bundles: whether runs of one schedule are better trained together, and how."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.bounds import check_at_least
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import BundleSpeed, Execution, ThroughputCurve, step_time_s
from planner.refusal import require
from planner.schedules.schedule import Stage

LEAST_GAIN = 1.1
"""Speed-up below which runs stay alone: they are simpler to stop, to move and to understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundling:
    """How the runs of a schedule are trained together.

    Attributes:
        execution: The way that gains most.
        members: Most runs in one bundle, as many as were timed.
        least_members: Fewest runs for which it still pays, were a step of them to cost as much
            as one of ``members``.
        speed_up_ratio: How many times faster the members are than one after the other, composed
            over the whole schedule.
    """

    execution: Execution
    members: int
    least_members: int
    speed_up_ratio: float

    def __post_init__(self) -> None:
        check_at_least(self.least_members, 2, "least_members")
        check_at_least(self.members, self.least_members, "members")
        require(
            self.speed_up_ratio >= LEAST_GAIN, "speed_up_ratio", "below_minimum", minimum=LEAST_GAIN
        )

    def speed_up_of(self, members: int) -> float:
        """How many times faster so many runs are than one after the other; 1 where none is.

        Fewer than were timed are taken to step no faster than all of them; of more, bundles are
        made.
        """
        if members < self.least_members:
            return 1.0
        return self.speed_up_ratio * min(members, self.members) / self.members


def best_bundling(
    curve: ThroughputCurve, stages: Sequence[Stage], plan: MicroBatchPlan | None = None
) -> Bundling | None:
    """The bundling that shortens a schedule most; None where being alone is as good.

    Between two batch sizes that were tried the speed-up is interpolated over the logarithm of the
    batch, and beyond them it stays what it was.

    Args:
        curve: With what bundles gained where they were tried.
        stages: Of the schedule.
        plan: How its batches are split; None where no batch is.
    """
    tried: dict[tuple[Execution, int], list[BundleSpeed]] = defaultdict(list)
    for speed in curve.bundles:
        tried[speed.execution, speed.members].append(speed)
    gains = {way: _speed_up(curve, speeds, stages, plan) for way, speeds in tried.items()}
    if not gains:
        return None
    (execution, members), gain = max(gains.items(), key=lambda item: item[1])
    if gain < LEAST_GAIN:
        return None
    return Bundling(
        execution=execution,
        members=members,
        least_members=max(2, math.ceil(members * LEAST_GAIN / gain)),
        speed_up_ratio=gain,
    )


def _speed_up(
    curve: ThroughputCurve,
    speeds: Sequence[BundleSpeed],
    stages: Sequence[Stage],
    plan: MicroBatchPlan | None,
) -> float:
    """Time alone over the time of a member, both composed over the stages."""
    parts = [
        (stage.batch_size,) if plan is None else plan.split(stage.batch_size) for stage in stages
    ]
    sizes = np.array([size for split in parts for size in split])
    steps = np.repeat([stage.steps for stage in stages], [len(split) for split in parts])
    alone_s = steps * step_time_s(curve, sizes)
    rising = sorted(speeds, key=lambda speed: speed.batch_size)
    speed_up = np.interp(
        np.log(sizes),
        np.log([speed.batch_size for speed in rising]),
        [speed.speed_up for speed in rising],
    )
    return float(alone_s.sum() / (alone_s / speed_up).sum())
