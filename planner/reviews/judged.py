"""A pilot judged: races, arms, times on the review's hardware, and the case of each candidate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.economics.assumptions import Production
from planner.economics.business_case import BusinessCase, TrainingFacts, business_case
from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.investment import TrainingComparison
from planner.economics.speed_up import SpeedUp, speed_up
from planner.inference.success import HitRate
from planner.money import Money
from planner.pilots.course import Course
from planner.pilots.device_stages import count_throughout
from planner.pilots.run import PHASE_ENDING
from planner.projections.transfer import NoiseShare
from planner.reviews.arm import Arm, arms, paired
from planner.reviews.comparison import Comparison
from planner.reviews.evaluated import seconds_a_success
from planner.reviews.evidence import Evidence
from planner.reviews.logged_pace import laid_out_of, pace_as_logged
from planner.reviews.pace import Pace, Unavailable, in_reporting_currency, pace, training_today
from planner.reviews.production_on import production_on
from planner.reviews.race import Race, judge_races
from planner.reviews.review_input import ReviewInput
from planner.reviews.trials import baseline_rivals


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is known before any candidate is priced.

    Attributes:
        given: What the review is a function of.
        laid_out: Course of every schedule.
        races: Every training run, judged.
        arms: One a schedule, in the pilot's order.
        production: The training that the pilot stands for, in hours of the review's hardware; None
            where the pilot is the training, or where those hours are not known.
        paces: Times on the review's hardware, or why there are none.
        pilot_rate: Price of an hour of the device that the pilot ran on.
        budget_s: Composed seconds of the longest planned run: one horizon for all schedules.
    """

    given: ReviewInput
    laid_out: dict[str, Course]
    races: tuple[Race, ...]
    arms: tuple[Arm, ...]
    production: Production | None
    paces: Pace | Unavailable
    pilot_rate: Money
    budget_s: float

    @property
    def baseline(self) -> Arm:
        """The arm of what the team runs today."""
        return next(arm for arm in self.arms if arm.role == "baseline")

    @property
    def candidates(self) -> list[Arm]:
        """The other arms, in the pilot's order."""
        return [arm for arm in self.arms if arm.role == "candidate"]

    @property
    def ended(self) -> tuple[Race, ...]:
        """The races that are over; no other is in a figure."""
        return tuple(race for race in self.races if race.status in PHASE_ENDING)

    @property
    def pilot_cost(self) -> Money:
        """Device cost of all runs so far, in the review's currency."""
        return self.pilot_rate * device_h(self.races)


def judge(given: ReviewInput) -> Judged:
    """Everything that can be said before a candidate is priced."""
    laid_out = laid_out_of(given, given.workload)
    races = judge_races(
        given.records,
        given.pilot,
        laid_out,
        evaluation_s=given.throughput.evaluation_s,
        imported=given.imported,
    )
    moved = _production(given)
    production = None if isinstance(moved, str) else moved
    return Judged(
        given=given,
        laid_out=laid_out,
        races=races,
        arms=_arms(given, races),
        production=production,
        paces=(moved if isinstance(moved, str) else paces_of(given, races, laid_out, production)),
        pilot_rate=in_reporting_currency(given.pilot_rate.rent_per_gpu_hour, given.assumptions),
        budget_s=max(course.training_s for course in laid_out.values()),
    )


def _arms(given: ReviewInput, races: tuple[Race, ...]) -> tuple[Arm, ...]:
    """No run of an import is still to come: what was not brought was not planned."""
    found = arms(given.pilot, races, given.selection)
    if given.imported is None:
        return found
    return tuple(replace(arm, planned=len(arm.races)) for arm in found)


def _production(given: ReviewInput) -> Production | Unavailable | None:
    """The production training on the review's hardware: hours go with the device they are of."""
    if given.production is None:
        return None
    return production_on(given.hardware, given.home or given.hardware, given.production)


def paces_of(
    given: ReviewInput,
    races: tuple[Race, ...],
    laid_out: dict[str, Course],
    production: Production | None,
    *,
    noise_share: NoiseShare | None = None,
) -> Pace | Unavailable:
    """Times on the review's hardware, perhaps at another share of the noise scale."""
    if given.imported is not None:
        kept = pace_as_logged(given, given.imported, races, laid_out, production)
        if kept is not None:
            return kept
    return pace(
        races,
        pilot=given.pilot,
        laid_out=laid_out,
        plan=given.micro_batch_plan,
        throughput=given.hardware.throughput,
        device_count=given.hardware.device_count,
        production=production,
        interconnect=given.hardware.interconnect,
        noise_share=noise_share,
    )


def today_of(judged: Judged) -> TrainingComparison | None:
    """Today's training; None where its time on the review's hardware cannot be stated.

    Nor is there one without a production block where every run was over at its very start.
    """
    reached = len(judged.baseline.reached)
    if not isinstance(judged.paces, Pace):
        return None
    took_time = any(judged.paces.spent_s[race.run_id] for race in judged.baseline.races)
    if judged.production is None and not (reached and took_time):
        return None
    return training_today(
        judged.baseline.races,
        reached,
        judged.paces,
        hardware=judged.given.hardware,
        production=judged.production,
        assumptions=judged.given.assumptions,
        device_count=_devices_of_runs(judged),
    )


def _devices_of_runs(judged: Judged) -> int:
    """Devices of a run that is itself the training: only of one number throughout is it one."""
    if judged.given.imported is not None:
        return judged.given.imported.device_count
    stages = {name: len(course.stages) for name, course in judged.laid_out.items()}
    return count_throughout(judged.given.pilot.devices, stages) or 1


def case_of(arm: Arm, judged: Judged, today: TrainingComparison | None) -> BusinessCase | None:
    """The case of a candidate; None without times on the hardware, three pairs and a success."""
    if today is None or not isinstance(judged.paces, Pace):
        return None
    ratio = speed_up_of(arm, judged, judged.paces)
    if ratio is None:
        return None
    case = business_case(
        today,
        speed_up=ratio,
        pilot_device_cost=judged.pilot_cost,
        assumptions=judged.given.assumptions,
        transferred=judged.production is not None,
    )
    return replace(case, training=with_evaluations(case.training, arm, judged))


def speed_up_of(arm: Arm, judged: Judged, paces: Pace) -> SpeedUp | None:
    """What the seeds say of a candidate's time at some pace; None without three pairs."""
    pairs = paired(arm, judged.baseline)
    return speed_up(
        [paces.held_s(race) for race, _ in pairs],
        [race.crossing is not None for race, _ in pairs],
        [paces.held_s(race) for _, race in pairs],
        [race.crossing is not None for _, race in pairs],
        rivals=baseline_rivals(judged.ended, paces, judged.baseline),
    )


def with_evaluations(training: TrainingFacts, arm: Arm, judged: Judged) -> TrainingFacts:
    """The training with what of its hours is evaluation; an overhead tells of none."""
    if judged.given.production is not None or not isinstance(judged.paces, Pace):
        return training
    evaluation_s = seconds_a_success(arm.races, judged.paces.evaluated_s, reached=len(arm.reached))
    return replace(training, evaluation_h=evaluation_s / SECONDS_PER_HOUR)


def evidence_of(
    arm: Arm, judged: Judged, comparison: Comparison, case: BusinessCase | None
) -> Evidence:
    """What the decision on a candidate rests on."""
    given = judged.given
    confirmed = arm.purpose == "confirmation" and arm.complete and judged.baseline.complete
    return Evidence(
        schedule=arm.schedule,
        propagation=case.propagation if case else None,
        quality=comparison.quality.status if comparison.quality else "not_measured",
        candidate_hits=_hits(arm),
        baseline_hits=_hits(judged.baseline),
        pairs=comparison.pairs,
        confirmed=confirmed,
        one_rate_only=len(given.pilot.rate_multipliers) == 1,
        transferred=judged.production is not None,
        price_dated=given.hardware.rate_card.as_of is not None,
        look=given.look,
        looks=given.pilot.looks,
        confidence=given.assumptions.confidence,
        finalists=max(1, sum(other.purpose == "confirmation" for other in judged.candidates)),
        selecting=given.selection is None and bool(given.pilot.seeds.confirmation),
    )


def _hits(arm: Arm) -> HitRate | None:
    return HitRate(successes=len(arm.reached), runs=len(arm.races)) if arm.races else None


def device_h(races: Sequence[Race]) -> float:
    """Device-hours that these runs are billed for."""
    return math.fsum(race.billed_s for race in races) / SECONDS_PER_HOUR
