"""Evaluations of a training that ends at its target: no part of the race, but of what it costs."""

from collections.abc import Iterable, Mapping
from statistics import fmean

import numpy as np

from planner.pilots.course import Course
from planner.reviews.race import Race
from planner.schedules.evaluation import evaluation_steps


def evaluated_s(
    races: Iterable[Race], laid_out: Mapping[str, Course], *, every: str, evaluation_s: float
) -> dict[str, float]:
    """Seconds of every race's evaluations, by run id, one at step 0 and at its crossing included.

    A race without crossing has those of its whole planned run. One that crossed before its first
    step trained nothing, and costs nothing.

    Args:
        races: To be counted.
        laid_out: Course of every schedule.
        every: Distance between two evaluations.
        evaluation_s: Seconds of one on the hardware.
    """
    due = {name: evaluation_steps(every, course.table) for name, course in laid_out.items()}
    found = {}
    for race in races:
        last = race.steps if race.crossing is None else race.crossing.high_step
        made = np.searchsorted(due[race.schedule], last, side="right") if last else 0
        found[race.run_id] = float(made) * evaluation_s
    return found


def seconds_a_success(
    races: Iterable[Race], seconds: Mapping[str, float], *, reached: int
) -> float:
    """Mean seconds; where some races never reached the target, all of them for each that did."""
    told = [seconds[race.run_id] for race in races]
    return fmean(told) * len(told) / reached
