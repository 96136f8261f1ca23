"""A candidate against the baseline, paired by seed, on the device that was measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.inference.mean_ratio import mean_ratio
from planner.inference.quality import QualityVerdict, judge_quality
from planner.inference.statistics import (
    Interval,
    all_positive,
    bootstrap_ratio,
    paired_ratio,
    seeds_needed,
)
from planner.inference.success import RESAMPLING_SEED, SuccessCostRatio, success_cost_ratio
from planner.pilots.pilot import Pilot
from planner.pilots.workload import TARGET_METRICS
from planner.reviews.arm import Arm, both_reached, paired, spent_s
from planner.reviews.race import Race


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
        bootstrap_time_ratio: A second opinion on the same ratio, by BCa bootstrap; None below
            twenty pairs, where it covers less than it says.
        mean_time_ratio: Ratio of *mean* times, which money is paid for: `time_ratio` times what
            the arms' unequal scatter adds, and what is not known of either.
        pairs_needed: Pairs for an interval of +-10 % if the scatter stayed as it is; None without
            a `time_ratio`, or where more than 10,000 would be needed.
    """

    pairs: int
    censored_pairs: int
    time_ratio: Interval | None
    cost_per_success_ratio: SuccessCostRatio | None
    quality: QualityVerdict | None
    bootstrap_time_ratio: Interval | None = None
    mean_time_ratio: Interval | None = None
    pairs_needed: int | None = None


def compare(candidate: Arm, baseline: Arm, pilot: Pilot) -> Comparison:
    """The candidate's races against the baseline's, seed by seed."""
    pairs = paired(candidate, baseline)
    censored = sum(not both_reached(pair) for pair in pairs)
    quality = _quality(pairs, pilot)
    if not pairs or censored:
        return Comparison(
            pairs=len(pairs),
            censored_pairs=censored,
            time_ratio=None,
            cost_per_success_ratio=_per_success(pairs) if pairs else None,
            quality=quality,
        )
    ours = [spent_s(race) for race, _ in pairs]
    theirs = [spent_s(race) for _, race in pairs]
    claimed = all_positive([*ours, *theirs])
    ratio = paired_ratio(ours, theirs) if claimed else None
    return Comparison(
        pairs=len(pairs),
        censored_pairs=0,
        time_ratio=ratio,
        cost_per_success_ratio=None,
        quality=quality,
        bootstrap_time_ratio=(
            bootstrap_ratio(ours, theirs, seed=RESAMPLING_SEED) if claimed else None
        ),
        mean_time_ratio=mean_ratio(ours, theirs) if claimed else None,
        pairs_needed=seeds_needed(ratio.sd_log) if ratio else None,
    )


def _per_success(pairs: Sequence[tuple[Race, Race]]) -> SuccessCostRatio | None:
    """What one success takes of either arm, all runs counted; whole pairs are resampled."""
    return success_cost_ratio(
        [spent_s(race) for race, _ in pairs],
        [race.crossing is not None for race, _ in pairs],
        [spent_s(race) for _, race in pairs],
        [race.crossing is not None for _, race in pairs],
        seed=RESAMPLING_SEED,
    )


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
