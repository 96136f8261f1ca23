"""How a recommended schedule is watched in production, and taken back: a pilot's own facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.inference.success import HitRate
from planner.measurements.early_warning import NEAR_RATIO
from planner.measurements.stability import (
    AVERAGE_KEPT,
    GUESSING_SHARE,
    MARGIN,
    WARM_UP_STEPS,
    highest_healthy,
)
from planner.pilots.course import Course
from planner.pilots.divergence import MOST_ROLLBACKS, RATE_KEPT, DivergencePolicy
from planner.pilots.run import PHASE_ENDING
from planner.pilots.target import Quality
from planner.pilots.workload import Workload
from planner.refusal import Refusal
from planner.reviews.logged_pace import laid_out_of
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.seen_divergence import SeenDivergence, seen_divergences
from planner.reviews.verdict import Decision

SHOWN_LEVELS = (0.0, 0.25, 0.5, 0.75)
"""Shares of the loss of guessing at which the alarm's limit is stated, as examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadySchedule:
    """A schedule as it is taken up: its name and what its first step does.

    Attributes:
        schedule: Its name in the pilot.
        rate_multiplier: Factor on its whole rate curve, as the pilot chose it.
        learning_rate: Of the first step, the factor included.
        batch_size: Of the first step.
        momentum: Of the first step.
    """

    schedule: str
    rate_multiplier: float
    learning_rate: float
    batch_size: int
    momentum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StageToWatch:
    """One stage of the recommended schedule: its start is what a rollback goes back to.

    Attributes:
        stage: Counts from 1.
        step: Steps done where it begins, in a run as long as the pilot's.
        begins_fraction: The same as a share of the samples, for a run of any length.
        time_fraction: Its share of the run's time on the pilot's device: at most so much is
            trained again by one rollback within it.
        batch_size: Samples per step.
        learning_rate: Highest of the stage.
        rate_ratio: That over the highest before the stage, of the first stage over that of its
            first step: above 1 the stage goes where the run has not been.
    """

    stage: int
    step: int
    begins_fraction: float
    time_fraction: float
    batch_size: int
    learning_rate: float
    rate_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLevel:
    """Where the detector acts, for one lowest average of the batch loss.

    Attributes:
        best: Lowest running average so far.
        warning: Average from which the page warns.
        limit: Average above which the run has diverged.
    """

    best: float
    warning: float
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackProcedure:
    """Everything that the procedure for production is filled with.

    Attributes:
        pilot: Its name.
        workload: Name of the workload.
        policy: What the pilot itself did at a divergence.
        decision: The verdict on the recommended schedule; only ``adopt`` recommends a roll-out.
        baseline: What is returned to.
        recommended: What is rolled out.
        stages: Of the recommended schedule.
        guessing_loss: Mean batch loss of a model that guesses; None where nobody knows it: then
            the first loss of the untrained model takes its place.
        classes: Of the workload; None where its labels are no classes.
        average_kept_fraction: Share of the running average that one more step leaves.
        guessing_share_fraction: Of the way from the best average back to guessing that is let pass.
        margin: On top of that, in the unit of the loss.
        warm_up_steps: Steps before the average is judged.
        levels: Examples of the limit; empty where the loss of guessing is unknown.
        rate_kept_factor: What one rollback leaves of the learning rate.
        most_rollbacks: Of one run; after them comes the baseline.
        quality: What the pilot required to hold; None where it names nothing.
        runs: Ended runs of the recommended schedule at its chosen rate.
        unhealthy_runs: Of those, the ones that left the healthy range.
        healthy_low_fraction: Share of runs that stay healthy, lower 95 % limit; None without runs.
        divergences: Every one in the pilot, whatever the schedule and rate.
    """

    pilot: str
    workload: str
    policy: DivergencePolicy
    decision: Decision
    baseline: ReadySchedule
    recommended: ReadySchedule
    stages: tuple[StageToWatch, ...]
    guessing_loss: float | None
    classes: int | None
    average_kept_fraction: float
    guessing_share_fraction: float
    margin: float
    warm_up_steps: int
    levels: tuple[AlarmLevel, ...]
    rate_kept_factor: float
    most_rollbacks: int
    quality: Quality | None
    runs: int
    unhealthy_runs: int
    healthy_low_fraction: float | None
    divergences: tuple[SeenDivergence, ...]


def rollback_procedure(
    evidence: PilotEvidence,
    review: Review,
    workload: Workload,
    *,
    schedule: str | None = None,
) -> RollbackProcedure:
    """The procedure for one candidate.

    Args:
        evidence: What the review was computed from.
        review: Of that evidence.
        workload: What the pilot trains.
        schedule: The candidate; None for the one that the review's verdict is on.

    Raises:
        Refusal: The pilot has no such candidate.
    """
    pilot = evidence.pilot
    laid_out = laid_out_of(evidence, workload)
    reviewed = {found.schedule: found for found in review.schedules}
    recommended, decision = _candidate(reviewed, schedule or review.verdict.schedule)
    chosen = [
        record
        for record in evidence.records
        if record.run.schedule == recommended.schedule
        and record.run.rate_multiplier == recommended.rate_multiplier
        and record.status in PHASE_ENDING
    ]
    unhealthy = sum(any(seen_divergences(record, laid_out)) for record in chosen)
    healthy = HitRate(successes=len(chosen) - unhealthy, runs=len(chosen)) if chosen else None
    guessing = workload.loss_of_guessing
    return RollbackProcedure(
        pilot=pilot.name,
        workload=pilot.workload,
        policy=pilot.divergence.policy,
        decision=decision,
        baseline=_ready(reviewed[pilot.baseline.name], laid_out),
        recommended=_ready(recommended, laid_out),
        stages=tuple(_stages(laid_out[recommended.schedule], recommended.rate_multiplier)),
        guessing_loss=guessing,
        classes=workload.classes,
        average_kept_fraction=AVERAGE_KEPT,
        guessing_share_fraction=GUESSING_SHARE,
        margin=MARGIN,
        warm_up_steps=WARM_UP_STEPS,
        levels=() if guessing is None else tuple(_levels(guessing)),
        rate_kept_factor=RATE_KEPT,
        most_rollbacks=MOST_ROLLBACKS,
        quality=pilot.quality,
        runs=len(chosen),
        unhealthy_runs=unhealthy,
        healthy_low_fraction=None if healthy is None else healthy.lower_limit(),
        divergences=tuple(
            found for record in evidence.records for found in seen_divergences(record, laid_out)
        ),
    )


def _candidate(
    reviewed: Mapping[str, ScheduleReview], schedule: str
) -> tuple[ScheduleReview, Decision]:
    """A candidate with the verdict on it; the baseline has none."""
    found = reviewed.get(schedule)
    if found is None or found.verdict is None:
        raise Refusal("schedule", "schedule_not_in_pilot", schedule=schedule)
    return found, found.verdict.kind


def _ready(reviewed: ScheduleReview, laid_out: dict[str, Course]) -> ReadySchedule:
    table = laid_out[reviewed.schedule].table
    return ReadySchedule(
        schedule=reviewed.schedule,
        rate_multiplier=reviewed.rate_multiplier,
        learning_rate=float(table.learning_rate[0]) * reviewed.rate_multiplier,
        batch_size=int(table.batch_size[0]),
        momentum=float(table.momentum[0]),
    )


def _stages(course: Course, rate_multiplier: float) -> Iterator[StageToWatch]:
    rates = course.table.learning_rate
    highest_before = float(rates[0])
    for number, stage in enumerate(course.stages, start=1):
        first, end = stage.first_step, stage.first_step + stage.steps
        highest = float(rates[first:end].max())
        spent_s = float(course.elapsed_s[end] - course.elapsed_s[first])
        yield StageToWatch(
            stage=number,
            step=first,
            begins_fraction=float(course.samples[first] / course.samples[-1]),
            time_fraction=spent_s / course.training_s,
            batch_size=stage.batch_size,
            learning_rate=highest * rate_multiplier,
            rate_ratio=highest / highest_before if highest_before > 0 else 1.0,
        )
        highest_before = max(highest_before, highest)


def _levels(guessing_loss: float) -> Iterator[AlarmLevel]:
    for share in SHOWN_LEVELS:
        best = share * guessing_loss
        limit = highest_healthy(best, guessing_loss)
        warning = best + NEAR_RATIO["loss_average"] * (limit - best)
        yield AlarmLevel(best=best, warning=warning, limit=limit)
