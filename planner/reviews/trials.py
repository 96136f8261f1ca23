"""Selection runs as trials: what each took, at the pace that the decision is about."""

from collections.abc import Iterable, Mapping, Sequence

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import ThroughputCurve
from planner.inference.rate_choice import Rival, Tried, rivals
from planner.pilots.course import Course
from planner.pilots.pilot import Pilot
from planner.reviews.arm import Arm
from planner.reviews.pace import Pace, Unavailable, measured_pace, pace
from planner.reviews.race import Race
from planner.reviews.selection import Selection, Trial, select


def select_from(
    races: Sequence[Race],
    *,
    pilot: Pilot,
    laid_out: Mapping[str, Course],
    throughput: ThroughputCurve,
    plan: MicroBatchPlan,
) -> Selection:
    """Freezes multipliers and finalists from the races of the selection.

    A pilot that stands for a production training is selected at the pace of that training, since
    a schedule that is fast on the pilot's device may be slow there. Otherwise, or where the speed
    of the production's devices is not stated, at the measured pace.

    Args:
        races: Every race of the selection.
        pilot: Names baseline, target and production.
        laid_out: Course of every schedule.
        throughput: Curve of the device that the races were measured on.
        plan: How every batch was executed.
    """
    stated = pilot.production
    if stated is not None and stated.half_saturation_batch_size_per_device is None:
        stated = None
    paces: Pace | Unavailable
    if stated is None:
        paces = measured_pace(races, laid_out, throughput, every=pilot.evaluation.every)
    else:
        paces = pace(
            races,
            pilot=pilot,
            laid_out=laid_out,
            plan=plan,
            throughput=throughput,
            device_count=1,
            production=stated,
        )
    if not isinstance(paces, Pace):
        raise AssertionError("a measured curve always gives a pace")
    return select(
        [_trial(race, paces) for race in races],
        baseline=pilot.baseline.name,
        budget_s=paces.budget_s,
        direction=pilot.target.direction,
    )


def baseline_rivals(races: Iterable[Race], paces: Pace, baseline: Arm) -> tuple[Rival, ...]:
    """The baseline's learning rates beside the frozen one, at the pace of the review.

    None without a sweep, and before the confirmation; none where a run was over at its very
    start, of which no ratio is made.
    """
    if baseline.purpose != "confirmation":
        return ()
    sweeps: dict[str, dict[float, dict[int, Tried]]] = {}
    confirmed: dict[str, dict[int, Tried]] = {}
    for race in races:
        tried = _tried(race, paces)
        if race.purpose == "confirmation" and tried is not None:
            confirmed.setdefault(race.schedule, {})[race.seed] = tried
        if race.purpose != "selection":
            continue
        if tried is None:
            return ()
        by_rate = sweeps.setdefault(race.schedule, {})
        by_rate.setdefault(race.rate_multiplier, {})[race.seed] = tried
    own = sweeps.pop(baseline.schedule, {})
    return rivals(
        own, baseline.rate_multiplier, others=sweeps.values(), confirmed=confirmed.values()
    )


def _tried(race: Race, paces: Pace) -> Tried | None:
    """What a run took; None for one that was over at its very start."""
    reached = _reached(race)
    spent_s = paces.spent_s[race.run_id] if reached else paces.budget_s
    held_s = spent_s + paces.evaluated_s[race.run_id]
    return Tried(time_s=held_s, reached=reached) if held_s > 0 else None


def _trial(race: Race, paces: Pace) -> Trial:
    return Trial(
        schedule=race.schedule,
        rate_multiplier=race.rate_multiplier,
        seed=race.seed,
        time_s=paces.spent_s[race.run_id] if _reached(race) else None,
        final_value=race.final_target_value,
    )


def _reached(race: Race) -> bool:
    """A run that had to go back did not reach the target at the rate that is tried.

    Half of that rate is tried on its own where the sweep has it.
    """
    return race.crossing is not None and not race.rollbacks
