"""A run as a race to its target: when it crossed, what it cost, how good it ended."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.devices.bundle import best_bundling
from planner.measurements.measurement import Measurement, RunRecord
from planner.measurements.time_to_target import Crossing, time_to_target
from planner.pilots.course import Course, fallen
from planner.pilots.executed import fallen_at, rollbacks_of
from planner.pilots.imported import Imported
from planner.pilots.pilot import Pilot
from planner.pilots.run import Attempt, Purpose, RunStatus
from planner.reviews.logged_evaluations import logged_evaluations


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
        crossing: Where it reached the target with its own schedule; None if it never did:
            censored at the budget.
        steps: Steps of the whole planned run.
        training_s: Composed seconds of the whole planned run, evaluations excluded; of an imported
            one, those of the longest run of its schedule, as logged.
        billed_s: Composed seconds of all its attempts, on every one of their devices, repeated
            work and evaluations included; of an imported one, its own logged seconds likewise.
        evaluations: Evaluations of all its attempts.
        evaluations_to_target: Up to its crossing, that one included, as they were logged; None
            where they follow from the pilot's plan, and without a crossing.
        final_target_value: The target's metric at the end of the planned run; None before it,
            and of a run that ended with another schedule.
        final_quality: The quality metric there; likewise.
        rollbacks: Times that a divergence sent it back, a fall-back included.
        fell_back: Whether it went on with the baseline schedule.
        rescue: Where a run that fell back reached the target with the baseline's help.
        energy_j: Of the device in all its attempts, as a meter read it; None where one attempt
            that did anything was not metered.
        metered_s: Seconds of the clock on the wall that belong to that energy, on every device.
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
    rollbacks: int = 0
    fell_back: bool = False
    rescue: Crossing | None = None
    energy_j: float | None = None
    metered_s: float = 0.0
    evaluations_to_target: int | None = None


def judge_races(
    records: Iterable[RunRecord],
    pilot: Pilot,
    laid_out: Mapping[str, Course],
    *,
    evaluation_s: float,
    imported: Imported | None = None,
) -> tuple[Race, ...]:
    """Every training run among ``records``; probes have no race.

    Args:
        records: Runs with their live measurements.
        pilot: Names the target and the quality metric.
        laid_out: Course of every schedule, see `courses`.
        evaluation_s: Seconds of one evaluation on the measured device.
        imported: Where the runs come from; None where they were measured here.
    """
    if imported is not None:
        return tuple(
            _logged_race(record, pilot, laid_out[record.run.schedule], imported)
            for record in records
            if record.run.schedule is not None
        )
    return tuple(
        judge_race(record, pilot, record.run.schedule, laid_out, evaluation_s=evaluation_s)
        for record in records
        if record.run.schedule is not None
    )


def judge_race(
    record: RunRecord,
    pilot: Pilot,
    schedule: str,
    laid_out: Mapping[str, Course],
    *,
    evaluation_s: float,
) -> Race:
    """One training run against the course of its schedule.

    A run that diverged, was cancelled or capped never counts as having reached its target, even
    where it crossed before: its stop is informative, so it is censored at the budget. So is one
    that fell back: what it reached, it reached with the baseline's help.
    """
    course = laid_out[schedule]
    back = rollbacks_of(record.attempts)
    left_at = fallen_at(back)
    executed = _executed(record, pilot, schedule, laid_out)
    evaluations = sum(attempt.evaluations for attempt in record.attempts)
    held_evaluations = sum(one.evaluations * one.device_count for one in record.attempts)
    metered = _metered(record.attempts)
    trained_s = math.fsum(
        seconds * attempt.device_count
        for seconds, attempt in zip(
            composed_s(record, pilot, schedule, laid_out), record.attempts, strict=True
        )
    )
    crossing = _crossing(record, pilot, executed) if record.status == "succeeded" else None
    quality = pilot.quality.metric if pilot.quality and left_at is None else None
    target = pilot.target.metric if left_at is None else None
    return Race(
        run_id=record.run_id,
        schedule=schedule,
        rate_multiplier=record.run.rate_multiplier,
        seed=record.run.seed,
        purpose=record.run.purpose,
        status=record.status,
        crossing=crossing if left_at is None else None,
        steps=course.table.steps,
        training_s=course.training_s,
        billed_s=trained_s + held_evaluations * evaluation_s,
        evaluations=evaluations,
        final_target_value=_final(record, target, course.table.steps),
        final_quality=_final(record, quality, course.table.steps),
        rollbacks=len(back),
        fell_back=left_at is not None,
        rescue=None if left_at is None else crossing,
        energy_j=metered[0],
        metered_s=metered[1],
    )


def _logged_race(record: RunRecord, pilot: Pilot, course: Course, imported: Imported) -> Race:
    """A run that was logged elsewhere: its own seconds, on all of its devices.

    Its end is its own: one that reached its target, or trained as long as the longest run of its
    schedule, has a final quality.
    """
    crossing = _crossing(record, pilot, course) if record.status == "succeeded" else None
    last = record.measurements[-1] if record.measurements else None
    ended = record.status == "succeeded" and (crossing is not None or _whole(record, course))
    trained_s = (last.elapsed_s or 0.0) if last else 0.0
    quality = pilot.quality.metric if pilot.quality else None
    evaluations = logged_evaluations(record.measurements, pilot)
    held_s = trained_s + evaluations * (imported.evaluation_s or 0.0)
    return Race(
        run_id=record.run_id,
        schedule=record.run.schedule or "",
        rate_multiplier=record.run.rate_multiplier,
        seed=record.run.seed,
        purpose=record.run.purpose,
        status=record.status,
        crossing=crossing,
        steps=course.table.steps,
        training_s=course.training_s,
        billed_s=held_s * imported.device_count,
        evaluations=evaluations,
        final_target_value=_last(record, pilot.target.metric) if ended else None,
        final_quality=_last(record, quality) if ended else None,
        evaluations_to_target=(
            None
            if crossing is None
            else logged_evaluations(
                [one for one in record.measurements if one.step <= crossing.high_step], pilot
            )
        ),
    )


def _whole(record: RunRecord, course: Course) -> bool:
    return bool(record.measurements) and record.measurements[-1].step >= course.table.steps


def _last(record: RunRecord, metric: str | None) -> float | None:
    """The last value of a metric; a log need not evaluate everything at the same steps."""
    found = (one.metrics[metric] for one in reversed(record.measurements) if metric in one.metrics)
    return None if metric is None else next(found, None)


def composed_s(
    record: RunRecord, pilot: Pilot, schedule: str, laid_out: Mapping[str, Course]
) -> list[float]:
    """Composed seconds of the steps of every attempt, evaluations excluded."""
    own, executed = laid_out[schedule], _executed(record, pilot, schedule, laid_out)
    return [
        _attempt_s(attempt, executed if attempt.follows else own) for attempt in record.attempts
    ]


def _executed(
    record: RunRecord, pilot: Pilot, schedule: str, laid_out: Mapping[str, Course]
) -> Course:
    """The course that the run followed: its schedule's own, or up to where it fell back."""
    left_at = fallen_at(rollbacks_of(record.attempts))
    if left_at is None:
        return laid_out[schedule]
    return fallen(laid_out[schedule], laid_out[pilot.baseline.name], at_step=left_at)


def _attempt_s(attempt: Attempt, course: Course) -> float:
    """Composed seconds of the steps that an attempt executed, whether they still count or not.

    In a bundle, its share of the device, with what bundles gain over the whole course.
    """
    alone_s = float(course.elapsed_s[attempt.to_step] - course.elapsed_s[attempt.from_step])
    if attempt.bundle_size == 1:
        return alone_s
    bundling = best_bundling(course.curve, course.stages, course.plan)
    return alone_s if bundling is None else alone_s / bundling.speed_up_of(attempt.bundle_size)


def _metered(attempts: Iterable[Attempt]) -> tuple[float | None, float]:
    """Joules and the seconds that they belong to; no joules where one attempt was not metered."""
    active = [one for one in attempts if one.to_step > one.from_step or one.evaluations]
    told = [(one.energy_j, (one.wall_clock_s or 0.0) * one.device_count) for one in active]
    known = [(joules, held_s) for joules, held_s in told if joules is not None and held_s]
    if not known or len(known) < len(active):
        return None, 0.0
    return math.fsum(joules for joules, _ in known), math.fsum(held_s for _, held_s in known)


def _crossing(record: RunRecord, pilot: Pilot, course: Course) -> Crossing | None:
    metric, logged = pilot.target.metric, record.is_logged
    # A log need not evaluate everything at the same steps: elsewhere is no miss of the target.
    judged = [one for one in record.measurements if not logged or metric in one.metrics]
    steps = np.array([one.step for one in judged], dtype=np.int64)
    values = [one.metrics.get(metric) for one in judged]
    if not len(steps):
        return None
    return time_to_target(
        pilot.target,
        steps=steps,
        values=np.array([math.nan if value is None else value for value in values]),
        elapsed_s=logged_s(judged) if logged else course.elapsed_s[steps],
        samples=course.samples[steps],
        training_samples=course.table.training_samples,
    )


def logged_s(measurements: Iterable[Measurement]) -> NDArray[np.float64]:
    """Seconds of training at every evaluation, as logged; NaN where they were not."""
    logged = (one.elapsed_s for one in measurements)
    return np.array([math.nan if seconds is None else seconds for seconds in logged])


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
