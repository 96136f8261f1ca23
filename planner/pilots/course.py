"""A schedule laid out as the course of its runs: every step of it, and when it is done."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.composed_time import elapsed_s
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.pilots.device_stages import count_of_each_step
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
        devices: Of every step; None where there is one throughout.
        scaling: What was measured on several such devices; None where nothing was.
    """

    table: StepTable
    stages: tuple[Stage, ...]
    elapsed_s: NDArray[np.float64]
    samples: NDArray[np.int64]
    curve: ThroughputCurve
    plan: MicroBatchPlan
    devices: NDArray[np.int64] | None = None
    scaling: ScalingCurve | None = None

    @property
    def training_s(self) -> float:
        """Composed seconds of the whole planned run, evaluations excluded."""
        return float(self.elapsed_s[-1])


def courses(
    pilot: Pilot,
    workload: Workload,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    scaling: ScalingCurve | None = None,
) -> dict[str, Course]:
    """The course of every schedule in the pilot, by its name."""
    laid_out = {}
    for schedule in pilot.schedules:
        table = plan_steps(
            schedule,
            training_samples=workload.training_samples,
            epochs=pilot.budget.epochs,
            form=pilot.momentum_form,
        )
        devices = devices_of_steps(pilot, schedule.name, table)
        laid_out[schedule.name] = lay_out(table, curve, plan, devices=devices, scaling=scaling)
    return laid_out


def devices_of_steps(pilot: Pilot, schedule: str, table: StepTable) -> NDArray[np.int64] | None:
    """Devices of every step of a schedule; None where there is one throughout."""
    planned = pilot.devices_of(schedule)
    return None if planned is None else count_of_each_step(planned, stages(table))


def lay_out(
    table: StepTable,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    *,
    devices: NDArray[np.int64] | None = None,
    scaling: ScalingCurve | None = None,
) -> Course:
    """The course of a run that takes these steps, each with so many devices."""
    return Course(
        table=table,
        stages=stages(table),
        elapsed_s=elapsed_s(table, curve, plan, devices=devices, scaling=scaling),
        samples=np.append(table.samples, table.samples[-1] + table.items[-1]),
        curve=curve,
        plan=plan,
        devices=devices,
        scaling=scaling,
    )


def fallen(own: Course, other: Course, *, at_step: int) -> Course:
    """The course of a run that left ``own`` after ``at_step`` steps and went on with ``other``."""
    table = taken_up(own.table, other.table, at_step=at_step)
    devices = kept_devices(own.devices, table.steps)
    return lay_out(table, own.curve, own.plan, devices=devices, scaling=own.scaling)


def kept_devices(own: NDArray[np.int64] | None, steps: int) -> NDArray[np.int64] | None:
    """Devices of so many steps of a run that left its schedule: those of its own at each."""
    return None if own is None else own[np.minimum(np.arange(steps), len(own) - 1)]
