"""The charts of a review, as data; those of single runs are in `convergence`."""

from collections.abc import Iterable, Sequence

from planner.chart import Axis, Chart, Series
from planner.economics.assumptions import Assumptions
from planner.economics.break_even import worth_needed_per_training
from planner.economics.business_case import BusinessCase
from planner.economics.investment import TrainingComparison, worth_per_hour_saved
from planner.pilots.pilot import Pilot
from planner.reviews.race import Race
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.sweep import restricted_time_s


def payback_chart(schedules: Iterable[ScheduleReview]) -> Chart | None:
    """Running total by month of every candidate with a case, with its P10 to P90 band.

    Each that pays back has a break-even mark of its own name.
    """
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
        months = reviewed.case.payback.months
        if months:
            crossing = Series(name=reviewed.schedule, role="break_even", x=(months,), y=(0.0,))
            series.append(crossing)
    if not series:
        return None
    return Chart(
        key="payback",
        x=Axis(label="months"),
        y=Axis(label="cumulative_net_benefit", unit=currency),
        series=tuple(series),
    )


def time_against_cost_chart(
    schedules: Iterable[ScheduleReview],
    today: TrainingComparison | None,
    assumptions: Assumptions,
) -> Chart | None:
    """Hours saved and extra cost of one training against today, with the break-even line.

    Bars are P10 to P90 of what the seeds leave open. Below the line the plan is worth more than
    it costs over the horizon: ``extra cost = worth of the hours saved - worth needed``.
    """
    known = [reviewed for reviewed in schedules if reviewed.case is not None]
    if today is None or not known:
        return None
    points = [
        _saving(reviewed.schedule, reviewed.case, today)
        for reviewed in known
        if reviewed.case is not None
    ]
    return Chart(
        key="time_against_cost",
        x=Axis(label="time_saved", unit="h"),
        y=Axis(label="extra_cost", unit=assumptions.currency),
        series=(
            Series(name="baseline", role="baseline", x=(0.0,), y=(0.0,)),
            *points,
            *_break_even_line(points, known[0].case, assumptions),
        ),
    )


def sweep_chart(pilot: Pilot, races: Iterable[Race], *, budget_s: float) -> Chart | None:
    """Mean of ``min(time, budget)`` of ended runs at every rate multiplier that was tried."""
    tried: dict[str, dict[float, list[Race]]] = {}
    for race in races:
        if race.purpose == "selection":
            by_rate = tried.setdefault(race.schedule, {})
            by_rate.setdefault(race.rate_multiplier, []).append(race)
    if not tried:
        return None
    series = []
    for schedule in pilot.schedules:
        if schedule.name not in tried:
            continue
        by_rate = tried[schedule.name]
        multipliers = sorted(by_rate)
        series.append(
            Series(
                name=schedule.name,
                role="baseline" if schedule.role == "baseline" else "candidate",
                x=tuple(multipliers),
                y=tuple(restricted_time_s(by_rate[factor], budget_s) for factor in multipliers),
            )
        )
    return Chart(
        key="sweep",
        x=Axis(label="rate_multiplier", logarithmic=True),
        y=Axis(label="restricted_mean_time", unit="s"),
        series=tuple(series),
        params={"budget": budget_s},
    )


def _saving(schedule: str, case: BusinessCase, today: TrainingComparison) -> Series:
    ratios = (case.time_ratio_high, case.time_ratio, case.time_ratio_low)
    saved = [today.training_h - float(today.candidate_h(ratio)) for ratio in ratios]
    extra = [(today.candidate_cost(ratio) - today.cost_today).amount for ratio in ratios]
    return Series(
        name=schedule,
        role="candidate",
        x=(saved[1],),
        y=(extra[1],),
        low=(extra[2],),
        high=(extra[0],),
        x_low=(saved[0],),
        x_high=(saved[2],),
    )


def _break_even_line(
    points: Sequence[Series], case: BusinessCase | None, assumptions: Assumptions
) -> tuple[Series, ...]:
    """From the most time lost to the most time saved by any point; none without trainings."""
    needed = worth_needed_per_training(case.investment, assumptions) if case else None
    if needed is None:
        return ()
    ends = [0.0, *(x for point in points for x in (*point.x_low, *point.x_high))]
    hours = (min(ends), max(ends))
    worth = tuple(worth_per_hour_saved(assumptions) * hour - needed for hour in hours)
    return (Series(name="break_even", role="break_even", x=hours, y=worth),)
