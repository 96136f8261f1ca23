"""How long one run takes on the device that its curve was measured on, up to any step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.bundle import Bundling, best_bundling
from planner.devices.composed_time import elapsed_s
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.pilots.course import devices_of_steps, kept_devices
from planner.pilots.executed import taken_up
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.schedule import Stage, StepTable, plan_steps, stages

MOST_MOMENTS = 512
"""Step boundaries that are kept of a run; seconds between them are interpolated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTime:
    """Composed time of one run of a schedule, evaluations included.

    Attributes:
        steps: Steps done at some moments of the run, rising from 0 to its last.
        spent_s: Seconds up to each of them; an evaluation there is still ahead, but for the last.
        stages: The same run by batch size.
        evaluation_s: Seconds of all its evaluations.
        bundling: How such runs are trained together; None where they are not.
        held_s: Seconds of every device that its steps hold; None where there is one throughout.
        devices_from: Steps after which another number of devices trains it, each with that
            number; the first is step 0.
    """

    steps: NDArray[np.int64]
    spent_s: NDArray[np.float64]
    stages: tuple[Stage, ...]
    evaluation_s: float
    bundling: Bundling | None = None
    held_s: float | None = None
    devices_from: tuple[tuple[int, int], ...] = ((0, 1),)

    @property
    def devices(self) -> float:
        """That it holds, on average over the seconds of its steps."""
        trained_s = self.total_s - self.evaluation_s
        return 1.0 if self.held_s is None else self.held_s / trained_s

    @property
    def total_s(self) -> float:
        """Seconds of the whole run."""
        return float(self.spent_s[-1])

    def left_s(self, step: int) -> float:
        """Seconds after ``step`` steps are done."""
        return self.total_s - float(np.interp(step, self.steps, self.spent_s))

    def legs(self, step: int) -> tuple[tuple[float, int], ...]:
        """What is left after ``step`` steps, in parts of one number of devices: seconds and it."""
        starts = [first for first, _ in self.devices_from]
        ends = [*starts[1:], int(self.steps[-1])]
        parts = [
            (self.left_s(max(step, first)) - self.left_s(end), count)
            for (first, count), end in zip(self.devices_from, ends, strict=True)
            if end > step
        ]
        return tuple(parts) or ((0.0, self.devices_from[-1][1]),)

    def share_fraction(self, members: int) -> float:
        """Share of its own time for which a run holds the device that is one of so many.

        Steps are taken together; each run is evaluated by itself.
        """
        if self.bundling is None or not self.total_s:
            return 1.0
        together_s = (self.total_s - self.evaluation_s) / self.bundling.speed_up_of(members)
        return (together_s + self.evaluation_s) / self.total_s

    def stage_at(self, step: int) -> int:
        """Place of the stage that the next step belongs to, from 0; the last one at the end."""
        return sum(stage.first_step <= step for stage in self.stages) - 1


def run_times(
    pilot: Pilot,
    workload: Workload,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    scaling: ScalingCurve | None = None,
) -> dict[str, RunTime]:
    """Time of one run of every schedule, by its name; no rate multiplier changes it."""
    every = pilot.evaluation.every
    return {
        name: run_time(
            table,
            every=every,
            curve=curve,
            plan=plan,
            devices=devices_of_steps(pilot, name, table),
            scaling=scaling,
        )
        for name, table in _tables(pilot, workload).items()
    }


def fallen_time(
    pilot: Pilot,
    workload: Workload,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    scaling: ScalingCurve | None = None,
    *,
    schedule: str,
    at_step: int,
) -> RunTime:
    """Time of a run of ``schedule`` that fell back on the baseline after ``at_step`` steps."""
    tables = _tables(pilot, workload)
    table = taken_up(tables[schedule], tables[pilot.baseline.name], at_step=at_step)
    devices = devices_of_steps(pilot, schedule, tables[schedule])
    return run_time(
        table,
        every=pilot.evaluation.every,
        curve=curve,
        plan=plan,
        devices=kept_devices(devices, table.steps),
        scaling=scaling,
    )


def run_time(
    table: StepTable,
    *,
    every: str,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    devices: NDArray[np.int64] | None = None,
    scaling: ScalingCurve | None = None,
) -> RunTime:
    """Time of one run; ``every`` is the distance between two evaluations."""
    due = evaluation_steps(every, table)
    moments = np.linspace(0, table.steps, MOST_MOMENTS).round().astype(np.int64)
    moments = np.unique(moments)
    evaluations = np.searchsorted(due, moments, side="left")
    evaluations[-1] = len(due)
    laid_out = stages(table)
    trained_s = elapsed_s(table, curve, plan, devices=devices, scaling=scaling)
    return RunTime(
        steps=moments,
        spent_s=trained_s[moments] + evaluations * curve.evaluation_s,
        stages=laid_out,
        evaluation_s=len(due) * curve.evaluation_s,
        bundling=best_bundling(curve, laid_out, plan) if devices is None else None,
        held_s=None if devices is None else float(devices @ np.diff(trained_s)),
        devices_from=((0, 1),) if devices is None else _changes(devices),
    )


def _changes(devices: NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
    """Steps after which the number of devices becomes another, from 0, and that number."""
    first = np.flatnonzero(np.diff(devices, prepend=0))
    return tuple(zip(first.tolist(), devices[first].tolist(), strict=True))


def _tables(pilot: Pilot, workload: Workload) -> dict[str, StepTable]:
    return {
        schedule.name: plan_steps(
            schedule, training_samples=workload.training_samples, epochs=pilot.budget.epochs
        )
        for schedule in pilot.schedules
    }
