"""Steps, samples and epochs to the target: all that runs without a time can be compared by."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.inference.statistics import Interval, all_positive, paired_ratio
from planner.measurements.measurement import RunRecord
from planner.measurements.time_to_target import time_to_target
from planner.pilots.pilot import Pilot
from planner.pilots.run import RunStatus
from planner.pilots.target import Target
from planner.pilots.workload import Workload
from planner.schedules.schedule import Role, StepTable, plan_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much training it took to the target, interpolated between two evaluations.

    Attributes:
        steps_to_target: Updates of the weights.
        samples_to_target: Training samples seen.
        epochs_to_target: The same in epochs.
    """

    steps_to_target: float
    samples_to_target: float
    epochs_to_target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEffort:
    """One run on its way to the target.

    Attributes:
        schedule: What it trained under.
        seed: Its seed.
        status: How it ended.
        effort: Up to the target; None if it never arrived.
        last_step: Steps done at its last evaluation.
    """

    schedule: str
    seed: int
    status: RunStatus
    effort: Effort | None
    last_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEffort:
    """The runs of one schedule together.

    Attributes:
        schedule: Its name.
        role: Whether it is what the team runs today.
        runs: All of them.
        reached: Those that reached the target.
        longest_steps: Steps of its longest run, at which those that never arrived are censored.
        median: Over all runs, those that never arrived counted as longer than any other; None if
            more than half never arrived.
        pairs: Seeds that this schedule and today's both have; 0 of today's itself.
        censored_pairs: Pairs with a run that never arrived; any of them forbids a ratio.
        steps_ratio: Steps over today's, seed by seed; None of today's, with a censored pair, or
            with fewer than three pairs.
        samples_ratio: Samples likewise.
    """

    schedule: str
    role: Role
    runs: int
    reached: int
    longest_steps: int
    median: Effort | None
    pairs: int
    censored_pairs: int
    steps_ratio: Interval | None
    samples_ratio: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortToTarget:
    """What a pilot says without a time: nothing of seconds, money or payback.

    Attributes:
        pilot: Its name.
        target: Metric value that ends the race.
        runs_without_time: Runs of which an evaluation says no seconds.
        schedules: In the pilot's order, today's first.
        runs: By schedule and seed.
    """

    pilot: str
    target: Target
    runs_without_time: int
    schedules: tuple[ScheduleEffort, ...]
    runs: tuple[RunEffort, ...]


def effort_to_target(
    pilot: Pilot, workload: Workload, records: Sequence[RunRecord]
) -> EffortToTarget:
    """The effort of every run, and of the schedules against today's.

    A run that diverged or was stopped never arrived, as in a review with times.

    Args:
        pilot: Names target and schedules.
        workload: Its samples of one epoch.
        records: Runs that have ended.
    """
    own = [record for record in records if record.run.schedule is not None]
    tables = {
        schedule.name: plan_steps(
            schedule, training_samples=workload.training_samples, epochs=pilot.budget.epochs
        )
        for schedule in pilot.schedules
    }
    efforts = {
        schedule.name: {
            record.run.seed: _run(record, pilot.target, tables[schedule.name])
            for record in sorted(own, key=lambda one: one.run.seed)
            if record.run.schedule == schedule.name
        }
        for schedule in pilot.schedules
    }
    today = efforts[pilot.baseline.name]
    return EffortToTarget(
        pilot=pilot.name,
        target=pilot.target,
        runs_without_time=sum(not record.is_logged for record in own),
        schedules=tuple(
            _schedule(schedule.name, schedule.role, efforts[schedule.name], today)
            for schedule in pilot.schedules
        ),
        runs=tuple(run for of_schedule in efforts.values() for run in of_schedule.values()),
    )


def _run(record: RunRecord, target: Target, table: StepTable) -> RunEffort:
    return RunEffort(
        schedule=record.run.schedule or "",
        seed=record.run.seed,
        status=record.status,
        effort=_effort(record, target, table) if record.status == "succeeded" else None,
        last_step=record.measurements[-1].step if record.measurements else 0,
    )


def _effort(record: RunRecord, target: Target, table: StepTable) -> Effort | None:
    # A log need not evaluate everything at the same steps: elsewhere is no miss of the target.
    judged = [one for one in record.measurements if target.metric in one.metrics]
    if not judged:
        return None
    steps = np.array([one.step for one in judged], dtype=np.int64)
    crossing = time_to_target(
        target,
        steps=steps,
        values=np.array([one.metrics[target.metric] for one in judged]),
        elapsed_s=np.full(len(steps), math.nan),
        samples=_seen(table)[steps],
        training_samples=table.training_samples,
    )
    if crossing is None:
        return None
    return Effort(
        steps_to_target=crossing.step,
        samples_to_target=crossing.samples,
        epochs_to_target=crossing.epochs,
    )


def _seen(table: StepTable) -> NDArray[np.int64]:
    """Samples seen after each number of steps done, from 0."""
    return np.append(table.samples, table.samples[-1] + table.items[-1])


def _schedule(
    name: str, role: Role, own: Mapping[int, RunEffort], today: Mapping[int, RunEffort]
) -> ScheduleEffort:
    pairs = [] if role == "baseline" else [(own[seed], today[seed]) for seed in own.keys() & today]
    arrived = [
        (mine.effort, theirs.effort) for mine, theirs in pairs if mine.effort and theirs.effort
    ]
    whole = arrived if len(arrived) == len(pairs) else []
    efforts = [run.effort for run in own.values()]
    return ScheduleEffort(
        schedule=name,
        role=role,
        runs=len(own),
        reached=sum(effort is not None for effort in efforts),
        longest_steps=max((run.last_step for run in own.values()), default=0),
        median=_median(efforts),
        pairs=len(pairs),
        censored_pairs=len(pairs) - len(arrived),
        steps_ratio=_ratio(whole, lambda effort: effort.steps_to_target),
        samples_ratio=_ratio(whole, lambda effort: effort.samples_to_target),
    )


def _median(efforts: Iterable[Effort | None]) -> Effort | None:
    """Smallest effort at which at most half of the runs are still on the way."""
    listed = list(efforts)
    arrived = sorted(
        (effort for effort in listed if effort is not None),
        key=lambda effort: effort.samples_to_target,
    )
    needed = (len(listed) + 1) // 2
    return arrived[needed - 1] if 0 < needed <= len(arrived) else None


def _ratio(
    pairs: Sequence[tuple[Effort, Effort]], of: Callable[[Effort], float]
) -> Interval | None:
    mine, theirs = [of(one) for one, _ in pairs], [of(other) for _, other in pairs]
    if not all_positive([*mine, *theirs]):
        return None
    return paired_ratio(mine, theirs)
