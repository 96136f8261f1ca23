"""A schedule laid out as the course of its runs: every step of it, and when it is done."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.composed_time import elapsed_s
from planner.devices.throughput import ThroughputCurve
from planner.pilots.executed import taken_up
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.schedules.schedule import Stage, StepTable, plan_steps, stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One schedule of a pilot, evaluated and timed on the device that it was measured on.

    Attributes:
        table: Every step of the planned run, at rate multiplier 1 (times do not depend on it).
        elapsed_s: Composed seconds of training at each step boundary; steps + 1 values from 0.
        samples: Samples seen at each step boundary; steps + 1 values from 0.
        stages: The same run by batch size.
        curve: What a step takes on that device.
        plan: How every batch is executed there.
    """

    table: StepTable
    stages: tuple[Stage, ...]
    elapsed_s: NDArray[np.float64]
    samples: NDArray[np.int64]
    curve: ThroughputCurve
    plan: MicroBatchPlan

    @property
    def training_s(self) -> float:
        """Composed seconds of the whole planned run, evaluations excluded."""
        return float(self.elapsed_s[-1])


def courses(
    pilot: Pilot, workload: Workload, curve: ThroughputCurve, plan: MicroBatchPlan
) -> dict[str, Course]:
    """The course of every schedule in the pilot, by its name."""
    return {
        schedule.name: lay_out(
            plan_steps(
                schedule,
                training_samples=workload.training_samples,
                epochs=pilot.budget.epochs,
                form=pilot.momentum_form,
            ),
            curve,
            plan,
        )
        for schedule in pilot.schedules
    }


def lay_out(table: StepTable, curve: ThroughputCurve, plan: MicroBatchPlan) -> Course:
    """The course of a run that takes these steps."""
    return Course(
        table=table,
        stages=stages(table),
        elapsed_s=elapsed_s(table, curve, plan),
        samples=np.append(table.samples, table.samples[-1] + table.items[-1]),
        curve=curve,
        plan=plan,
    )


def fallen(own: Course, other: Course, *, at_step: int) -> Course:
    """The course of a run that left ``own`` after ``at_step`` steps and went on with ``other``."""
    return lay_out(taken_up(own.table, other.table, at_step=at_step), own.curve, own.plan)
