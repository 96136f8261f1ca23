"""A pilot as trackers take it: runs with parameters, tags and points, in plain values."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paybatch.client import Paybatch
from paybatch.codec import encode
from planner.exchange.series import SeriesGroup
from planner.exchange.states import PilotState, RunState
from planner.measurements.measurement import RunRecord
from planner.pilots.course import Course, courses
from planner.pilots.executed import rollbacks_of
from planner.pilots.run import ENDED, RunStatus
from planner.pilots.workload import Workload
from planner.reviews.race import Race
from planner.reviews.review import Review
from planner.schedules.schedule import Schedule

GROUPS: tuple[SeriesGroup, ...] = ("train", "evaluation", "meters")
"""Series that are told; what the watch of the loss looked at stays at home."""


LONGEST_PARAM = 5000
"""Characters of a parameter that are told; MLflow takes 6,000."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """One metric of a run.

    Attributes:
        name: Such as ``evaluation/validation_loss``.
        steps: Steps done, rising.
        values: As many; NaN where a value was not finite.
        at_s: Seconds since 1970 of each.
    """

    name: str
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    at_s: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToldRun:
    """A run that has ended.

    Attributes:
        name: As people call it.
        status: How it ended.
        params: What it was run with.
        tags: What it is, and what became of it.
        numbers: Figures of the whole run.
        began_s: Seconds since 1970.
        ended_s: Likewise.
        elapsed_s: Composed seconds of training at each step boundary, from 0; None where the run
            left its own schedule, or its speed is not known.
    """

    run_id: str
    name: str
    status: RunStatus
    params: Mapping[str, str]
    tags: Mapping[str, str]
    numbers: Mapping[str, float]
    began_s: float
    ended_s: float
    elapsed_s: NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToldPilot:
    """A pilot and what is known of it.

    Attributes:
        name: As people called it.
        created_s: Seconds since 1970.
        tags: What it is, and the verdict on it.
        numbers: Of the verdict; a number that there is none of is absent.
        runs: Those that have ended, in the pilot's order; probes are left out.
    """

    pilot_id: str
    name: str
    created_s: float
    tags: Mapping[str, str]
    numbers: Mapping[str, float]
    runs: tuple[ToldRun, ...]


def told(source: Paybatch, pilot_id: str) -> ToldPilot:
    """A pilot as it stands now, without the points of its runs."""
    state = source.pilot(pilot_id)
    measured = state.throughput is not None and state.micro_batch_plan is not None
    review = source.review(pilot_id) if measured else None
    races = {} if review is None else {race.run_id: race for race in review.races}
    records = {record.run_id: record for record in source.records(pilot_id)}
    workloads = {one.workload.name: one.workload for one in source.workloads()}
    laid_out = _laid_out(state, workloads.get(state.pilot.workload))
    return ToldPilot(
        pilot_id=pilot_id,
        name=state.pilot.name,
        created_s=state.created_at.timestamp(),
        tags={**_pilot_tags(state), **({} if review is None else _verdict_tags(review))},
        numbers={} if review is None else _verdict_numbers(review),
        runs=tuple(
            _run(run, state, races.get(run.id), records[run.id], laid_out)
            for run in source.runs(pilot_id)
            if run.status in ENDED and run.run.schedule is not None
        ),
    )


def points_of(source: Paybatch, run: ToldRun) -> Iterator[Points]:
    """Every metric of a run at every step that it has a point at.

    The moment of a point lies between the run's beginning and its end by the clock, by its share
    of composed time, or of steps where there is none: nobody recorded the moment of a step.
    """
    read = {group: source.series(run.run_id, group) for group in GROUPS}
    last = max((int(series.steps[-1]) for series in read.values() if len(series.steps)), default=0)
    for group, series in read.items():
        spent = _spent(run, series.steps)
        whole = _spent(run, np.array([max(last, 1)]))[0]
        at_s = run.began_s + spent / whole * (run.ended_s - run.began_s)
        columns = dict(series.columns)
        if group == "evaluation" and run.elapsed_s is not None:
            columns.setdefault("elapsed_s", spent)  # one that was logged elsewhere stays
        for name, values in columns.items():
            yield Points(name=f"{group}/{name}", steps=series.steps, values=values, at_s=at_s)


def _spent(run: ToldRun, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """What a run had used up after so many steps: composed seconds, or the steps themselves."""
    return steps.astype(np.float64) if run.elapsed_s is None else run.elapsed_s[steps]


def _laid_out(state: PilotState, workload: Workload | None) -> dict[str, Course]:
    """The course of every schedule; empty where the device's speed or the data is not known."""
    curve, plan = state.throughput, state.micro_batch_plan
    if workload is None or curve is None or plan is None:
        return {}
    return courses(state.pilot, workload, curve, plan, state.scaling)


def _pilot_tags(state: PilotState) -> dict[str, str]:
    return {
        "paybatch.pilot_id": state.id,
        "paybatch.phase": state.phase,
        "paybatch.workload": state.pilot.workload,
        "paybatch.target": _target(state),
        "paybatch.baseline": state.pilot.baseline.name,
        "paybatch.measured_on": state.measured_on or "",
    }


def _target(state: PilotState) -> str:
    target = state.pilot.target
    return f"{target.metric} {target.direction} {target.value:g}"


def _verdict_tags(review: Review) -> dict[str, str]:
    verdict = review.verdict
    return {
        "paybatch.verdict": verdict.kind,
        "paybatch.reason": verdict.reason,
        "paybatch.candidate": verdict.schedule,
        "paybatch.currency": review.assumptions.currency,
    }


def _verdict_numbers(review: Review) -> dict[str, float]:
    verdict = review.verdict
    npv, payback = verdict.npv, verdict.payback
    stated: dict[str, float | None] = {
        "npv_positive_probability": verdict.npv_positive_probability,
        "payback_in_time_probability": verdict.payback_in_time_probability,
        "required_probability": verdict.required_probability,
        "npv_mean": None if npv is None else npv.mean.amount,
        "npv_low": None if npv is None else npv.low.amount,
        "npv_high": None if npv is None else npv.high.amount,
        "payback_months": None if payback is None else payback.mid_months,
        "pilot_device_h": review.pilot_device_h,
        "pilot_cost": review.pilot_cost.amount,
    }
    return {f"verdict/{name}": value for name, value in stated.items() if value is not None}


def _run(
    run: RunState,
    state: PilotState,
    race: Race | None,
    record: RunRecord,
    laid_out: Mapping[str, Course],
) -> ToldRun:
    schedule = next(one for one in state.pilot.schedules if one.name == run.run.schedule)
    course = laid_out.get(schedule.name)
    as_planned = course is not None and not rollbacks_of(record.attempts)
    return ToldRun(
        run_id=run.id,
        name=f"{schedule.name} \u00d7{run.run.rate_multiplier:g} seed {run.run.seed}",
        status=run.status,
        params=_params(run, state, schedule, course),
        tags=_run_tags(run, state, schedule, race),
        numbers=_numbers(race, record),
        began_s=(run.started_at or run.created_at).timestamp(),
        ended_s=(run.ended_at or run.started_at or run.created_at).timestamp(),
        elapsed_s=course.elapsed_s if course is not None and as_planned else None,
    )


def _params(
    run: RunState, state: PilotState, schedule: Schedule, course: Course | None
) -> dict[str, str]:
    """What it was run with; a stage is its first step and its batch, such as ``340:32``."""
    planned = () if course is None else course.stages
    stated = {
        "schedule": schedule.name,
        "rate_multiplier": f"{run.run.rate_multiplier:g}",
        "seed": str(run.run.seed),
        "epochs": str(schedule.epochs or state.pilot.budget.epochs),
        "workload": state.pilot.workload,
        "momentum_form": state.pilot.momentum_form,
        "precision": state.pilot.precision,
        "stages": " ".join(f"{stage.first_step}:{stage.batch_size}" for stage in planned),
        "learning_rate": encode(schedule.learning_rate).decode(),
        "batch_size": encode(schedule.batch_size).decode(),
        "momentum": encode(schedule.momentum).decode(),
    }
    return {name: value[:LONGEST_PARAM] for name, value in stated.items()}


def _run_tags(
    run: RunState, state: PilotState, schedule: Schedule, race: Race | None
) -> dict[str, str]:
    reached = race is not None and race.crossing is not None
    return {
        "paybatch.run_id": run.id,
        "paybatch.pilot_id": state.id,
        "paybatch.role": schedule.role,
        "paybatch.purpose": run.run.purpose,
        "paybatch.status": run.status,
        "paybatch.reached": "yes" if reached else "no: censored at the budget",
        "paybatch.reason": run.reason,
        "paybatch.worker": run.worker or "",
        "paybatch.rollbacks": str(0 if race is None else race.rollbacks),
    }


def _numbers(race: Race | None, record: RunRecord) -> dict[str, float]:
    crossing = None if race is None else race.crossing
    stated = {
        "time_to_target_s": None if crossing is None else crossing.time_s,
        "epochs_to_target": None if crossing is None else crossing.epochs,
        "billed_s": None if race is None else race.billed_s,
        "wall_clock_s": math.fsum(one.wall_clock_s or 0.0 for one in record.attempts),
    }
    known = {f"run/{name}": value for name, value in stated.items() if value is not None}
    return known | {f"final/{name}": value for name, value in record.final_metrics.items()}
