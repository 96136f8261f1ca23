"""The course of runs that were logged elsewhere: their own seconds, not composed ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import ThroughputCurve
from planner.pilots.course import Course
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.schedules.schedule import StepTable, plan_steps, stages


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTimes:
    """When one run was where, as it was logged.

    Attributes:
        schedule: Name of its schedule.
        steps: Steps done at each evaluation, rising; shape (n,).
        elapsed_s: Seconds of training there, shape (n,).
    """

    schedule: str
    steps: NDArray[np.int64]
    elapsed_s: NDArray[np.float64]


def logged_courses(
    runs: Iterable[LoggedTimes],
    pilot: Pilot,
    workload: Workload,
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
) -> dict[str, Course]:
    """The course of every schedule: as far as its longest run, at the mean pace of its runs."""
    by_schedule: dict[str, list[LoggedTimes]] = {one.name: [] for one in pilot.schedules}
    for run in runs:
        by_schedule[run.schedule].append(run)
    return {
        schedule.name: _course(
            plan_steps(
                schedule,
                training_samples=workload.training_samples,
                epochs=pilot.budget.epochs,
                form=pilot.momentum_form,
            ),
            by_schedule[schedule.name],
            curve,
            plan,
        )
        for schedule in pilot.schedules
    }


def _course(
    table: StepTable, runs: list[LoggedTimes], curve: ThroughputCurve, plan: MicroBatchPlan
) -> Course:
    steps, seconds = mean_times(runs)
    cut = _cut(table, int(steps[-1]) or table.steps)
    return Course(
        table=cut,
        stages=stages(cut),
        elapsed_s=np.interp(np.arange(cut.steps + 1), steps, seconds),
        samples=np.append(cut.samples, cut.samples[-1] + cut.items[-1]),
        curve=curve,
        plan=plan,
    )


def mean_times(runs: Iterable[LoggedTimes]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Seconds at every step at which a run was evaluated, from 0 at step 0.

    What lies between two of them took the mean of the runs that went through it.
    """
    listed = [_from_start(run) for run in runs if len(run.steps)]
    grid = np.unique(np.concatenate([np.zeros(1, np.int64), *(steps for steps, _ in listed)]))
    took = np.zeros(len(grid) - 1)
    counted = np.zeros(len(grid) - 1)
    for steps, seconds in listed:
        through = grid[1:] <= steps[-1]
        between = np.diff(np.interp(grid, steps, seconds))
        took[through] += between[through]
        counted[through] += 1
    return grid, np.append(0.0, np.cumsum(took / np.maximum(counted, 1)))


def _from_start(run: LoggedTimes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """No step takes no time: a log that begins later has its first seconds since then."""
    if run.steps[0] == 0:
        return run.steps, run.elapsed_s
    return np.append(0, run.steps), np.append(0.0, run.elapsed_s)


def _cut(table: StepTable, steps: int) -> StepTable:
    """Its first steps; what was planned after the longest run was never trained."""
    arrays: Mapping[str, object] = {
        field.name: value[:steps]
        for field in fields(table)
        if isinstance(value := getattr(table, field.name), np.ndarray)
    }
    return replace(table, **arrays)  # type: ignore[arg-type]  # every array is cut alike
