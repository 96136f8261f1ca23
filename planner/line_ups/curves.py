"""The lines of a line-up: means over the seeds with their band, and schedules as planned."""

from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from planner.chart import Axis, Series, SeriesRole
from planner.line_ups.effort import Effort
from planner.line_ups.entrant import Entrant
from planner.line_ups.entry import Lacking
from planner.line_ups.line_up_request import BATCH_SIZE, LEARNING_RATE, TARGET
from planner.reviews.convergence import metric_curve

MOST_POINTS = 400
"""Points that a line carries: more than a screen can tell apart beside others."""


def metric_of(one: Entrant, shown: str) -> str:
    """The metric behind what is shown: each pilot's own where the target is."""
    return one.participant.judged.given.pilot.target.metric if shown == TARGET else shown


def upright_axis(one: Entrant, shown: str) -> Axis:
    """The y axis of the chart that a line belongs to."""
    if shown == LEARNING_RATE:
        return Axis(label="learning_rate")
    if shown == BATCH_SIZE:
        return Axis(label="batch_size", logarithmic=True)
    metric = metric_of(one, shown)
    given = one.participant.judged.given
    own = metric == given.pilot.target.metric
    improves = given.pilot.target.direction if own else given.workload.improves(metric)
    return Axis(label=f"metric.{metric}", logarithmic=improves == "below")


def line_of(one: Entrant, shown: str, effort: Effort) -> Series | Lacking:
    """One line against an effort; nothing is hidden that a band can show."""
    if shown in (LEARNING_RATE, BATCH_SIZE):
        return _planned(one, shown, effort)
    if not one.arm.races:
        return "no_run_ended"
    given = one.participant.judged.given
    curve = metric_curve(one.arm, given.records, metric_of(one, shown))
    if curve is None:
        return "never_evaluated"
    steps, values = curve
    ends = _ends(len(steps))
    starts = np.concatenate(([0], ends[:-1] + 1))
    within = [values[start : end + 1] for start, end in zip(starts, ends, strict=True)]
    return Series(
        name=one.name,
        role=_role(one),
        x=tuple(effort(steps[ends]).tolist()),
        y=tuple(fmean(values[end]) for end in ends),
        low=tuple(min(map(min, found)) for found in within),
        high=tuple(max(map(max, found)) for found in within),
    )


def _planned(one: Entrant, what: str, effort: Effort) -> Series:
    """A schedule as it is planned, both sides of every jump of the batch."""
    course = one.participant.judged.laid_out[one.arm.schedule]
    table = course.table
    jumps = [stage.first_step for stage in course.stages[1:]]
    at = np.unique([*_ends(table.steps).tolist(), *jumps])
    # what holds before a jump still holds up to it; the last step holds to the end of the run
    held = np.array([*jumps, table.steps], dtype=np.int64) - 1
    places = np.concatenate((at, held))
    done = np.concatenate((at, held + 1))
    order = np.lexsort((places, done))
    steps = places[order]
    rates = one.arm.rate_multiplier * table.learning_rate[steps]
    values = rates if what == LEARNING_RATE else table.batch_size[steps].astype(np.float64)
    return Series(
        name=one.name,
        role=_role(one),
        x=tuple(effort(done[order]).tolist()),
        y=tuple(values.tolist()),
    )


def _ends(points: int) -> NDArray[np.int64]:
    """Last place of every bucket of consecutive points; the first and the last point always are."""
    buckets = min(points, MOST_POINTS)
    return np.linspace(0, points - 1, buckets).astype(np.int64)


def _role(one: Entrant) -> SeriesRole:
    return "baseline" if one.pinned else "candidate"
