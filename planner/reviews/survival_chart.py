"""Which share of the runs had not reached the target, by time, as a chart."""

from collections.abc import Iterable

from planner.chart import Axis, Chart, Series
from planner.inference.success import HitRate
from planner.inference.survival import Survival
from planner.reviews.arm import Arm
from planner.reviews.measured import survival_of


def survival_chart(
    arms: Iterable[Arm], *, budget_s: float, clock: str = "composed_time"
) -> Chart | None:
    """One staircase an arm, from all runs at the start to those that never arrived.

    All runs are censored at the one budget, so that at every time the share is a plain proportion
    and its band the exact 90 % limits of one. None before any run has ended.

    Args:
        arms: One a schedule.
        budget_s: Where runs that never arrived are censored.
        clock: Label of the axis of seconds.
    """
    series = [
        _staircase(arm, outcome)
        for arm in arms
        if (outcome := survival_of(arm, budget_s=budget_s)) is not None
    ]
    if not series:
        return None
    return Chart(
        key="survival",
        x=Axis(label=clock, unit="s"),
        y=Axis(label="share_on_the_way"),
        series=tuple(series),
        params={"budget_s": budget_s},
    )


def _staircase(arm: Arm, outcome: Survival) -> Series:
    """Both corners of every step, so that a renderer need only join the points."""
    corners = [(0.0, outcome.runs)]
    for step in outcome.steps:
        left = round(step.share_fraction * outcome.runs)
        corners += [(step.time_s, corners[-1][1]), (step.time_s, left)]
    corners.append((outcome.budget_s, corners[-1][1]))
    limits = [HitRate(successes=left, runs=outcome.runs).limits() for _, left in corners]
    return Series(
        name=arm.schedule,
        role="baseline" if arm.role == "baseline" else "candidate",
        x=tuple(time_s for time_s, _ in corners),
        y=tuple(left / outcome.runs for _, left in corners),
        low=tuple(low for low, _ in limits),
        high=tuple(high for _, high in limits),
    )
