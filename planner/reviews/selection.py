"""Selection: one rate multiplier per schedule and at most two finalists, before any claim."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from planner.bounds import check_name, check_not_negative, check_positive
from planner.inference.quality import Direction
from planner.pilots.pilot import MOST_FINALISTS, MOST_LOOKS, Pilot
from planner.refusal import require

SHARE_OF_RISK = {1: 1.0, 2: 0.65, 3: 0.5}
"""Share of the allowed risk of a false adoption that each number of looks leaves for one look.

Science section 5 fixes 0.80 / 0.87 / 0.90; the same shares serve every other confidence.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The result of one selection run.

    Attributes:
        schedule: Name of the schedule.
        rate_multiplier: Factor on its whole rate curve.
        seed: Selection seed.
        time_s: Composed seconds to the target; None if it was not reached within the budget,
            whatever ended the run.
        final_value: The target's metric at the end of the run; None where it is missing, as
            after a divergence.
    """

    schedule: str
    rate_multiplier: float
    seed: int
    time_s: float | None
    final_value: float | None

    def __post_init__(self) -> None:
        check_name(self.schedule, "schedule")
        check_positive(self.rate_multiplier, "rate_multiplier")
        if self.time_s is not None:
            check_not_negative(self.time_s, "time_s")
        if self.final_value is not None:
            require(math.isfinite(self.final_value), "final_value", "not_finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the selection freezes for the confirmation.

    Attributes:
        selected: Rate multiplier of every schedule.
        finalists: Candidates that go on, fastest first.
        at_edge: Schedules whose best multiplier was the smallest or largest tried: a wider grid
            might find a better one.
    """

    selected: dict[str, float]
    finalists: tuple[str, ...]
    at_edge: tuple[str, ...]


def select(
    trials: Sequence[Trial], *, baseline: str, budget_s: float, direction: Direction
) -> Selection:
    """Picks the fastest rate multiplier of every schedule, then the fastest candidates.

    Fast is the mean of ``min(time, budget)`` over the seeds. Equal means, as when no seed reached
    the target, are parted by the better final value of the target's metric, then by the
    multiplier closer to 1.

    Args:
        trials: Results of all selection runs.
        baseline: Name of the baseline; it gets a multiplier and is never a finalist.
        budget_s: One horizon for all schedules, at least the longest planned training, so that a
            schedule that ends early without reaching the target does not look fast.
        direction: Side on which the target's metric improves.
    """
    check_positive(budget_s, "budget_s")
    require(bool(trials), "trials", "trials_missing")
    by_schedule: dict[str, dict[float, list[Trial]]] = {}
    for trial in trials:
        multipliers = by_schedule.setdefault(trial.schedule, {})
        multipliers.setdefault(trial.rate_multiplier, []).append(trial)
    require(baseline in by_schedule, "baseline", "schedule_not_selected", schedule=baseline)

    def rank(schedule: str, multiplier: float) -> tuple[float, ...]:
        tried = by_schedule[schedule][multiplier]
        return (*_result_rank(tried, budget_s, direction), abs(math.log(multiplier)), multiplier)

    selected = {
        schedule: min(multipliers, key=lambda factor: rank(schedule, factor))
        for schedule, multipliers in by_schedule.items()
    }
    candidates = [schedule for schedule in by_schedule if schedule != baseline]
    candidates.sort(key=lambda schedule: rank(schedule, selected[schedule]))
    return Selection(
        selected=selected,
        finalists=tuple(candidates[:MOST_FINALISTS]),
        at_edge=tuple(
            schedule
            for schedule, multipliers in by_schedule.items()
            if len(multipliers) > 1 and selected[schedule] in (min(multipliers), max(multipliers))
        ),
    )


def selection_without_sweep(pilot: Pilot) -> Selection:
    """The selection of a pilot that compares its schedules as they were written."""
    return Selection(
        selected={schedule.name: 1.0 for schedule in pilot.schedules},
        finalists=tuple(schedule.name for schedule in pilot.candidates[:MOST_FINALISTS]),
        at_edge=(),
    )


def required_confidence(looks: int, confidence: float = 0.8) -> float:
    """Probability that every look must show when ``looks`` of them were planned beforehand.

    Looking again inflates false adoption, so each look gets a share of the allowed risk:
    ``1 - (1 - confidence) share``. 0.80 becomes 0.80 / 0.87 / 0.90 for 1 / 2 / 3 looks.
    """
    require(1 <= looks <= MOST_LOOKS, "looks", "looks_out_of_range", most=MOST_LOOKS)
    require(0 < confidence < 1, "confidence", "not_a_probability")
    return round(1 - (1 - confidence) * SHARE_OF_RISK[looks], 12)


def confidence_to_adopt(*, looks: int, confidence: float, finalists: int) -> float:
    """Probability that one look must show to adopt the best of the finalists (Bonferroni)."""
    return 1 - (1 - required_confidence(looks, confidence)) / finalists


def _result_rank(
    trials: Sequence[Trial], budget_s: float, direction: Direction
) -> tuple[float, float, float]:
    """Restricted mean time, then number of missing final values, then their signed mean."""
    times = [budget_s if trial.time_s is None else min(trial.time_s, budget_s) for trial in trials]
    finals = [trial.final_value for trial in trials if trial.final_value is not None]
    mean_final = math.fsum(finals) / len(finals) if finals else 0.0
    return (
        math.fsum(times) / len(times),
        len(trials) - len(finals),
        mean_final if direction == "below" else -mean_final,
    )
