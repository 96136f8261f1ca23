"""The charts of a review, as data."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from planner.chart import Axis, Chart, Series, SeriesRole
from planner.measurement import RunRecord
from planner.pilot import Pilot
from planner.race import Course, Race
from planner.schedule_review import ScheduleReview


def payback_chart(schedules: Iterable[ScheduleReview]) -> Chart | None:
    """Running total by month of every candidate with a case, with its P10 to P90 band."""
    series = []
    currency = ""
    for reviewed in schedules:
        if reviewed.case is None:
            continue
        band = reviewed.case.propagation.cumulative
        currency = band.currency
        series.append(
            Series(
                name=reviewed.schedule,
                role="candidate",
                x=tuple(float(month) for month in range(len(band.mid))),
                y=reviewed.case.flows.cumulative,
                low=band.low,
                high=band.high,
            )
        )
    if not series:
        return None
    return Chart(
        key="payback",
        x=Axis(label="months"),
        y=Axis(label="cumulative_net_benefit", unit=currency),
        series=tuple(series),
    )


def time_against_cost_chart(schedules: Iterable[ScheduleReview]) -> Chart | None:
    """Hours and cost of one training on the review's hardware, one point a schedule."""
    known = [reviewed for reviewed in schedules if reviewed.training is not None]
    points = [
        Series(
            name=reviewed.schedule,
            role=_role(reviewed),
            x=(reviewed.training.training_h,),
            y=(reviewed.training.cost.amount,),
        )
        for reviewed in known
        if reviewed.training is not None
    ]
    if not points or known[0].training is None:
        return None
    return Chart(
        key="time_against_cost",
        x=Axis(label="training_time", unit="h"),
        y=Axis(label="training_cost", unit=known[0].training.cost.currency),
        series=tuple(points),
    )


def convergence_chart(
    pilot: Pilot,
    records: Sequence[RunRecord],
    judged: Mapping[str, Sequence[Race]],
    laid_out: Mapping[str, Course],
) -> Chart:
    """Mean of the target's metric over the seeds, by composed seconds, lowest to highest seed.

    Args:
        pilot: Names the target's metric.
        records: Every run.
        judged: Races by schedule, in the pilot's order.
        laid_out: Course of every schedule.
    """
    by_id = {record.run_id: record for record in records}
    metric = pilot.target.metric
    series = []
    for schedule in pilot.schedules:
        curves = [
            {
                point.step: point.metrics[metric]
                for point in by_id[race.run_id].measurements
                if metric in point.metrics
            }
            for race in judged.get(schedule.name, ())
        ]
        shared = sorted(set.intersection(*map(set, curves))) if curves else []
        if not shared:
            continue
        values = np.array([[curve[step] for step in shared] for curve in curves])
        series.append(
            Series(
                name=schedule.name,
                role="baseline" if schedule.role == "baseline" else "candidate",
                x=tuple(laid_out[schedule.name].elapsed_s[shared].tolist()),
                y=tuple(values.mean(axis=0).tolist()),
                low=tuple(values.min(axis=0).tolist()),
                high=tuple(values.max(axis=0).tolist()),
            )
        )
    return Chart(
        key="convergence",
        x=Axis(label="composed_time", unit="s"),
        y=Axis(label=f"metric.{metric}"),
        series=tuple(series),
        params={"target": pilot.target.value},
    )


def sweep_chart(pilot: Pilot, races: Iterable[Race], *, budget_s: float) -> Chart | None:
    """Mean of ``min(time, budget)`` at every rate multiplier that was tried."""
    times: dict[str, dict[float, list[float]]] = {}
    for race in races:
        if race.purpose == "selection":
            time_s = race.crossing.time_s if race.crossing else budget_s
            tried = times.setdefault(race.schedule, {})
            tried.setdefault(race.rate_multiplier, []).append(time_s)
    if not times:
        return None
    series = []
    for schedule in pilot.schedules:
        tried = times.get(schedule.name, {})
        multipliers = sorted(tried)
        series.append(
            Series(
                name=schedule.name,
                role="baseline" if schedule.role == "baseline" else "candidate",
                x=tuple(multipliers),
                y=tuple(float(np.mean(tried[factor])) for factor in multipliers),
            )
        )
    return Chart(
        key="sweep",
        x=Axis(label="rate_multiplier", logarithmic=True),
        y=Axis(label="restricted_mean_time", unit="s"),
        series=tuple(series),
    )


def _role(reviewed: ScheduleReview) -> SeriesRole:
    return "baseline" if reviewed.role == "baseline" else "candidate"
