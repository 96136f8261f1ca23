"""An arm: the runs of one schedule that count in a comparison, and what they measured."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from planner.inference.quality import QualityVerdict, judge_quality
from planner.inference.statistics import Interval, geometric_mean, paired_ratio
from planner.inference.success import HitRate, SuccessCostRatio, success_cost_ratio
from planner.inference.survival import survival
from planner.pilots.pilot import Pilot
from planner.pilots.run import PHASE_ENDING, Purpose
from planner.pilots.workload import TARGET_METRICS
from planner.reviews.race import Race
from planner.reviews.selection import Selection
from planner.schedules.schedule import Role

RESAMPLING_SEED = 20251
"""Seed of every resampling of pairs: a review is the same number whenever it is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One schedule at one rate multiplier, on the seeds of one purpose.

    Attributes:
        schedule: Its name.
        role: Whether it is what the team runs today.
        rate_multiplier: Factor on its whole rate curve.
        purpose: Whether its seeds were used to select it or only to confirm it.
        planned: Runs that were planned for it.
        races: Ended runs, by seed.
    """

    schedule: str
    role: Role
    rate_multiplier: float
    purpose: Purpose
    planned: int
    races: tuple[Race, ...]

    @property
    def reached(self) -> tuple[Race, ...]:
        """Races that crossed the target."""
        return tuple(race for race in self.races if race.crossing is not None)

    @property
    def complete(self) -> bool:
        """Whether every planned run has ended."""
        return len(self.races) == self.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an arm measured on its device; nothing here depends on a price.

    Attributes:
        runs: Ended runs, n.
        reached: Runs that reached the target, k.
        hit_rate_low_fraction: Lower exact 90 % limit of the hit rate; None without runs.
        hit_rate_high_fraction: Upper limit.
        steps_to_target: Mean over the runs that reached it; None if none did.
        epochs_to_target: Likewise.
        samples_to_target: Likewise.
        mean_time_to_target_s: Likewise, in composed seconds.
        time_to_target_s: Interval of the geometric mean; None where a run is censored or fewer
            than three reached the target.
        median_time_to_target_s: Kaplan-Meier median; None if more than half never arrived.
        restricted_mean_time_s: Mean of ``min(time, budget)``; None without runs.
        budget_s: Composed seconds of the whole planned run.
        final_quality: Mean of the quality metric at the end of the planned runs.
        rolled_back: Runs that left the healthy range, went back and kept their schedule.
        fell_back: Runs that went on with the baseline schedule; they count as not reached.
        rescued: Of these, the ones that reached the target with the baseline's help.
    """

    runs: int
    reached: int
    hit_rate_low_fraction: float | None
    hit_rate_high_fraction: float | None
    steps_to_target: float | None
    epochs_to_target: float | None
    samples_to_target: float | None
    mean_time_to_target_s: float | None
    time_to_target_s: Interval | None
    median_time_to_target_s: float | None
    restricted_mean_time_s: float | None
    budget_s: float
    final_quality: float | None
    rolled_back: int = 0
    fell_back: int = 0
    rescued: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A candidate against the baseline, paired by seed, on the device that was measured.

    Attributes:
        pairs: Seeds that both arms have ended.
        censored_pairs: Pairs with a run that never reached the target; any of them forbids a
            claim on log ratios.
        time_ratio: Time to target over the baseline's; None with a censored pair, or fewer than
            three pairs.
        cost_per_success_ratio: In its place where a pair is censored.
        quality: Whether the candidate's quality holds; None where no pair measured it.
    """

    pairs: int
    censored_pairs: int
    time_ratio: Interval | None
    cost_per_success_ratio: SuccessCostRatio | None
    quality: QualityVerdict | None


def arms(pilot: Pilot, races: Iterable[Race], selection: Selection | None) -> tuple[Arm, ...]:
    """One arm for every schedule, in the pilot's order.

    The baseline and the finalists stand on confirmation seeds; everything else, and everything
    before the selection has frozen anything, on selection seeds at the best known multiplier.
    """
    ended = [race for race in races if race.status in PHASE_ENDING]
    finalists = {pilot.baseline.name, *selection.finalists} if selection else set()
    built = []
    for schedule in pilot.schedules:
        confirmed = schedule.name in finalists and bool(pilot.seeds.confirmation)
        purpose: Purpose = "confirmation" if confirmed else "selection"
        multiplier = selection.selected[schedule.name] if selection else 1.0
        seeds = pilot.seeds.confirmation if confirmed else pilot.seeds.selection
        built.append(
            Arm(
                schedule=schedule.name,
                role=schedule.role,
                rate_multiplier=multiplier,
                purpose=purpose,
                planned=len(seeds),
                races=_of_arm(ended, schedule.name, multiplier, purpose),
            )
        )
    return tuple(built)


def measure(arm: Arm, *, budget_s: float) -> Measured:
    """Summarises an arm; ``budget_s`` is the composed time of its whole planned run."""
    crossings = [race.crossing for race in arm.reached if race.crossing is not None]
    times = [crossing.time_s for crossing in crossings]
    all_reached = len(times) == len(arm.races)
    rate = HitRate(successes=len(times), runs=len(arm.races)) if arm.races else None
    low, high = rate.limits() if rate else (None, None)
    outcome = (
        survival(
            [race.crossing.time_s if race.crossing else None for race in arm.races],
            budget_s=budget_s,
        )
        if arm.races
        else None
    )
    return Measured(
        runs=len(arm.races),
        reached=len(times),
        hit_rate_low_fraction=low,
        hit_rate_high_fraction=high,
        steps_to_target=_mean(crossing.step for crossing in crossings),
        epochs_to_target=_mean(crossing.epochs for crossing in crossings),
        samples_to_target=_mean(crossing.samples for crossing in crossings),
        mean_time_to_target_s=_mean(times),
        time_to_target_s=geometric_mean(times) if all_reached and _positive(times) else None,
        median_time_to_target_s=outcome.median_s if outcome else None,
        restricted_mean_time_s=outcome.restricted_mean_s if outcome else None,
        budget_s=budget_s,
        final_quality=_mean(
            race.final_quality for race in arm.races if race.final_quality is not None
        ),
        rolled_back=sum(race.rollbacks > 0 and not race.fell_back for race in arm.races),
        fell_back=sum(race.fell_back for race in arm.races),
        rescued=sum(race.rescue is not None for race in arm.races),
    )


def compare(candidate: Arm, baseline: Arm, pilot: Pilot) -> Comparison:
    """The candidate's races against the baseline's, seed by seed."""
    pairs = paired(candidate, baseline)
    censored = sum(not both_reached(pair) for pair in pairs)
    seconds = {race.run_id: spent_s(race) for pair in pairs for race in pair}
    ratio = None
    per_success = None
    if pairs and not censored:
        ratio = ratio_of_pairs(pairs, seconds)
    elif censored:
        per_success = success_cost_ratio(
            [seconds[race.run_id] for race, _ in pairs],
            [race.crossing is not None for race, _ in pairs],
            [seconds[race.run_id] for _, race in pairs],
            [race.crossing is not None for _, race in pairs],
            seed=RESAMPLING_SEED,
        )
    return Comparison(
        pairs=len(pairs),
        censored_pairs=censored,
        time_ratio=ratio,
        cost_per_success_ratio=per_success,
        quality=_quality(pairs, pilot),
    )


def paired(candidate: Arm, baseline: Arm) -> tuple[tuple[Race, Race], ...]:
    """Candidate and baseline races of every seed that both have ended, by seed."""
    theirs = {race.seed: race for race in baseline.races}
    return tuple((race, theirs[race.seed]) for race in candidate.races if race.seed in theirs)


def both_reached(pair: tuple[Race, Race]) -> bool:
    """Whether neither race of the pair is censored."""
    return all(race.crossing is not None for race in pair)


def spent_s(race: Race) -> float:
    """Composed seconds up to the crossing; the whole budget where there was none."""
    return race.crossing.time_s if race.crossing else race.training_s


def ratio_of_pairs(
    pairs: Sequence[tuple[Race, Race]], seconds: Mapping[str, float]
) -> Interval | None:
    """Paired ratio of ``seconds`` by run id; None where a race was over at its very start."""
    candidate = [seconds[race.run_id] for race, _ in pairs]
    baseline = [seconds[race.run_id] for _, race in pairs]
    if not _positive([*candidate, *baseline]):
        return None
    return paired_ratio(candidate, baseline)


def _quality(pairs: Sequence[tuple[Race, Race]], pilot: Pilot) -> QualityVerdict | None:
    """Judged on the pairs that both came to the end of their planned epochs."""
    if pilot.quality is None:
        return None
    whole = [
        (race.final_quality, other.final_quality)
        for race, other in pairs
        if race.final_quality is not None and other.final_quality is not None
    ]
    if not whole:
        return None
    direction = pilot.quality.direction or TARGET_METRICS[pilot.quality.metric]
    return judge_quality(
        [ours for ours, _ in whole],
        [theirs for _, theirs in whole],
        tolerance=pilot.quality.tolerance,
        direction=direction,
    )


def _of_arm(
    races: Iterable[Race], schedule: str, multiplier: float, purpose: Purpose
) -> tuple[Race, ...]:
    wanted = (schedule, multiplier, purpose)
    ours = [race for race in races if (race.schedule, race.rate_multiplier, race.purpose) == wanted]
    return tuple(sorted(ours, key=lambda race: race.seed))


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return fmean(listed) if listed else None


def _positive(values: Iterable[float]) -> bool:
    return all(value > 0 and math.isfinite(value) for value in values)
