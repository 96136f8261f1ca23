"""How the runs approach the target, by every measure of effort."""

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from planner.chart import Axis, Chart, Series
from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.course import Course
from planner.pilots.executed import fallen_at, rollbacks_of
from planner.pilots.imported import Imported
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged
from planner.reviews.pace import Pace
from planner.reviews.schedule_review import ScheduleReview

CHARTS = {
    "epoch": "convergence_by_epoch",
    "step": "convergence_by_step",
    "sample": "convergence_by_sample",
    "second": "convergence",
    "money": "convergence_by_money",
}
"""Key of the chart by what its x axis counts."""

Effort = Callable[[str], Callable[[NDArray[np.int64]], NDArray[np.float64]] | None]
"""From a schedule to a function from steps done to effort; None where effort is not known."""

Curve = tuple[NDArray[np.int64], list[list[float]]]
"""Steps done at every evaluation, and the metric there of each seed that was measured there."""


def convergence_charts(judged: Judged, reviewed: Sequence[ScheduleReview]) -> tuple[Chart, ...]:
    """Mean of the target's metric over the seeds, lowest to highest seed, one chart an effort.

    At every evaluation over the seeds that were measured there: a run that ended early does not
    cut the others short. Money is stated where the review prices a training.
    """
    laid_out = judged.laid_out
    training_samples = judged.given.workload.training_samples
    currency = judged.given.assumptions.currency
    curves = {
        arm.schedule: curve
        for arm in judged.arms
        if (curve := metric_curve(arm, judged.given.records, judged.given.pilot.target.metric))
    }

    def of_course(measure: Callable[[Course], NDArray[np.float64]]) -> Effort:
        return lambda schedule: lambda steps: measure(laid_out[schedule])[steps]

    efforts = {
        "epoch": (
            Axis(label="epochs"),
            of_course(lambda course: course.samples / training_samples),
        ),
        "step": (Axis(label="steps"), lambda _: np.asarray),
        "sample": (
            Axis(label="samples"),
            of_course(lambda course: course.samples.astype(np.float64)),
        ),
        "second": (
            Axis(label=clock_of(judged.given.imported), unit="s"),
            of_course(lambda course: course.elapsed_s),
        ),
        "money": (
            Axis(label="training_cost_so_far", unit=currency),
            money_so_far(judged, reviewed),
        ),
    }
    return tuple(
        _chart(CHARTS[name], axis, effort, judged, curves)
        for name, (axis, effort) in efforts.items()
    )


def clock_of(imported: Imported | None) -> str:
    """Label of an axis of seconds."""
    return "composed_time" if imported is None else "logged_time"


def money_so_far(judged: Judged, reviewed: Iterable[ScheduleReview]) -> Effort:
    """Cost so far of one training on the review's hardware.

    Scaled so that the mean seconds to the target cost what the review says a training costs; not
    known before a run has ended, nor where every run was over at its very start.
    """
    training = {found.schedule: found.training for found in reviewed if found.training}
    arms = {arm.schedule: arm for arm in judged.arms}
    paces = judged.paces

    def effort(schedule: str) -> Callable[[NDArray[np.int64]], NDArray[np.float64]] | None:
        if schedule not in training or not isinstance(paces, Pace):
            return None
        spent_s = [paces.spent_s[race.run_id] for race in arms[schedule].races]
        if not any(spent_s):
            return None
        cost_per_s = training[schedule].cost.amount / fmean(spent_s)
        return lambda steps: np.array(
            [cost_per_s * paces.elapsed_s(schedule, step) for step in steps.tolist()]
        )

    return effort


def metric_curve(arm: Arm, records: Sequence[RunRecord], metric: str) -> Curve | None:
    """A metric of the runs of an arm at every evaluation; None where it was never evaluated."""
    by_id = {record.run_id: record for record in records}
    runs = [
        {
            point.step: point.metrics[metric]
            for point in _own(by_id[race.run_id])
            if metric in point.metrics
        }
        for race in arm.races
    ]
    steps = sorted(set().union(*runs))
    if not steps:
        return None
    return np.array(steps), [[run[step] for run in runs if step in run] for step in steps]


def _own(record: RunRecord) -> tuple[Measurement, ...]:
    """What a run measured with its own schedule: up to where it fell back on another."""
    left_at = fallen_at(rollbacks_of(record.attempts))
    if left_at is None:
        return record.measurements
    return tuple(point for point in record.measurements if point.step <= left_at)


def _chart(
    key: str, axis: Axis, effort_of: Effort, judged: Judged, curves: dict[str, Curve]
) -> Chart:
    target = judged.given.pilot.target
    series = []
    for arm in judged.arms:
        effort = effort_of(arm.schedule)
        if arm.schedule not in curves or effort is None:
            continue
        steps, values = curves[arm.schedule]
        series.append(
            Series(
                name=arm.schedule,
                role="baseline" if arm.role == "baseline" else "candidate",
                x=tuple(effort(steps).tolist()),
                y=tuple(fmean(seeds) for seeds in values),
                low=tuple(min(seeds) for seeds in values),
                high=tuple(max(seeds) for seeds in values),
            )
        )
    return Chart(
        key=key,
        x=axis,
        y=Axis(label=f"metric.{target.metric}", logarithmic=target.direction == "below"),
        series=tuple(series),
        params={"target": target.value},
    )
