"""A run as a race to its target: when it crossed, what it cost, how good it ended."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.batch_plan import MicroBatchPlan
from planner.composed_time import elapsed_s
from planner.measurement import RunRecord
from planner.pilot import Pilot
from planner.run import Attempt, Purpose, RunStatus
from planner.schedule import Stage, StepTable, plan_steps, stages
from planner.throughput import ThroughputCurve
from planner.time_to_target import Crossing, time_to_target
from planner.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One schedule of a pilot, evaluated and timed on the device that it was measured on.

    Attributes:
        table: Every step of the planned run, at rate multiplier 1 (times do not depend on it).
        elapsed_s: Composed seconds of training at each step boundary; steps + 1 values from 0.
        samples: Samples seen at each step boundary; steps + 1 values from 0.
        stages: The same run by batch size.
    """

    table: StepTable
    stages: tuple[Stage, ...]
    elapsed_s: NDArray[np.float64]
    samples: NDArray[np.int64]

    @property
    def training_s(self) -> float:
        """Composed seconds of the whole planned run, evaluations excluded."""
        return float(self.elapsed_s[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One run, judged.

    Attributes:
        run_id: Identifier of its record.
        schedule: Name of its schedule.
        rate_multiplier: Factor on the schedule's whole rate curve.
        seed: Its seed.
        purpose: Whether its seed serves selection or confirmation.
        status: Where its life cycle stands.
        crossing: Where it reached the target; None if it never did: censored at the budget.
        steps: Steps of the whole planned run.
        training_s: Composed seconds of the whole planned run, evaluations excluded.
        billed_s: Composed seconds of all its attempts, repeated work and evaluations included.
        evaluations: Evaluations of all its attempts.
        final_target_value: The target's metric at the end of the planned run; None before it.
        final_quality: The quality metric at the end of the planned run; None before it.
    """

    run_id: str
    schedule: str
    rate_multiplier: float
    seed: int
    purpose: Purpose
    status: RunStatus
    crossing: Crossing | None
    steps: int
    training_s: float
    billed_s: float
    evaluations: int
    final_target_value: float | None
    final_quality: float | None


def courses(
    pilot: Pilot, workload: Workload, curve: ThroughputCurve, plan: MicroBatchPlan
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
        laid_out[schedule.name] = Course(
            table=table,
            stages=stages(table),
            elapsed_s=elapsed_s(table, curve, plan),
            samples=np.append(table.samples, table.samples[-1] + table.items[-1]),
        )
    return laid_out


def judge_races(
    records: Iterable[RunRecord],
    pilot: Pilot,
    laid_out: Mapping[str, Course],
    *,
    evaluation_s: float,
) -> tuple[Race, ...]:
    """Every training run among ``records``; probes have no race.

    Args:
        records: Runs with their live measurements.
        pilot: Names the target and the quality metric.
        laid_out: Course of every schedule, see `courses`.
        evaluation_s: Seconds of one evaluation on the measured device.
    """
    return tuple(
        judge_race(
            record,
            pilot,
            record.run.schedule,
            laid_out[record.run.schedule],
            evaluation_s=evaluation_s,
        )
        for record in records
        if record.run.schedule is not None
    )


def judge_race(
    record: RunRecord, pilot: Pilot, schedule: str, course: Course, *, evaluation_s: float
) -> Race:
    """One training run against its course.

    A run that diverged, was cancelled or capped never counts as having reached its target, even
    where it crossed before: its stop is informative, so it is censored at the budget.
    """
    evaluations = sum(attempt.evaluations for attempt in record.attempts)
    trained_s = math.fsum(_attempt_s(attempt, course) for attempt in record.attempts)
    quality = pilot.quality.metric if pilot.quality else None
    return Race(
        run_id=record.run_id,
        schedule=schedule,
        rate_multiplier=record.run.rate_multiplier,
        seed=record.run.seed,
        purpose=record.run.purpose,
        status=record.status,
        crossing=_crossing(record, pilot, course) if record.status == "succeeded" else None,
        steps=course.table.steps,
        training_s=course.training_s,
        billed_s=trained_s + evaluations * evaluation_s,
        evaluations=evaluations,
        final_target_value=_final(record, pilot.target.metric, course.table.steps),
        final_quality=_final(record, quality, course.table.steps),
    )


def _attempt_s(attempt: Attempt, course: Course) -> float:
    """Composed seconds of the steps that an attempt executed, whether they still count or not."""
    return float(course.elapsed_s[attempt.to_step] - course.elapsed_s[attempt.from_step])


def _crossing(record: RunRecord, pilot: Pilot, course: Course) -> Crossing | None:
    steps = np.array([measurement.step for measurement in record.measurements], dtype=np.int64)
    values = [measurement.metrics.get(pilot.target.metric) for measurement in record.measurements]
    if not len(steps):
        return None
    return time_to_target(
        pilot.target,
        steps=steps,
        values=np.array([math.nan if value is None else value for value in values]),
        elapsed_s=course.elapsed_s[steps],
        samples=course.samples[steps],
        training_samples=course.table.training_samples,
    )


def _final(record: RunRecord, metric: str | None, steps: int) -> float | None:
    """A metric at the planned end of the run; None where the run did not get there."""
    if metric is None or not record.measurements or record.measurements[-1].step != steps:
        return None
    return record.measurements[-1].metrics.get(metric)


def at_crossing(boundaries: NDArray[np.float64], crossing: Crossing) -> float:
    """A cumulative quantity at a crossing, linear between its two evaluations as its time is.

    Args:
        boundaries: The quantity at every step boundary, from 0.
        crossing: Where the run reached its target.
    """
    low, high = float(boundaries[crossing.low_step]), float(boundaries[crossing.high_step])
    between = crossing.high_step - crossing.low_step
    share = (crossing.step - crossing.low_step) / between if between else 0.0
    return low + (high - low) * share


def value_at(boundaries: NDArray[np.float64], step: float) -> float:
    """A cumulative quantity at a fractional number of steps done, linear within the step."""
    whole = min(int(step), len(boundaries) - 2)
    before, after = float(boundaries[whole]), float(boundaries[whole + 1])
    return before + (after - before) * (step - whole)
