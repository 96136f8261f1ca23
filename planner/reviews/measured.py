"""What an arm measured on its device; nothing in it depends on a price."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from planner.inference.olympic_mean import olympic_mean_s
from planner.inference.statistics import Interval, all_positive, geometric_mean
from planner.inference.success import RESAMPLING_SEED, HitRate, SuccessCost, success_cost
from planner.inference.survival import Survival, survival
from planner.reviews.arm import Arm, spent_s


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
        olympic_mean_time_to_target_s: Mean without the fastest and the slowest run; None for
            fewer than three, or where more than one never arrived.
        time_per_success_s: Composed seconds of all runs for each that reached the target, those
            that never did counted with their whole planned run; None if none did.
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
    olympic_mean_time_to_target_s: float | None = None
    time_per_success_s: SuccessCost | None = None


def measure(arm: Arm, *, budget_s: float) -> Measured:
    """Summarises an arm; ``budget_s`` is the composed time of its whole planned run."""
    crossings = [race.crossing for race in arm.reached if race.crossing is not None]
    times = [crossing.time_s for crossing in crossings]
    all_reached = len(times) == len(arm.races)
    rate = HitRate(successes=len(times), runs=len(arm.races)) if arm.races else None
    low, high = rate.limits() if rate else (None, None)
    outcome = survival_of(arm, budget_s=budget_s)
    return Measured(
        runs=len(arm.races),
        reached=len(times),
        hit_rate_low_fraction=low,
        hit_rate_high_fraction=high,
        steps_to_target=_mean(crossing.step for crossing in crossings),
        epochs_to_target=_mean(crossing.epochs for crossing in crossings),
        samples_to_target=_mean(crossing.samples for crossing in crossings),
        mean_time_to_target_s=_mean(times),
        time_to_target_s=geometric_mean(times) if all_reached and all_positive(times) else None,
        median_time_to_target_s=outcome.median_s if outcome else None,
        restricted_mean_time_s=outcome.restricted_mean_s if outcome else None,
        budget_s=budget_s,
        final_quality=_mean(
            race.final_quality for race in arm.races if race.final_quality is not None
        ),
        rolled_back=sum(race.rollbacks > 0 and not race.fell_back for race in arm.races),
        fell_back=sum(race.fell_back for race in arm.races),
        rescued=sum(race.rescue is not None for race in arm.races),
        olympic_mean_time_to_target_s=olympic_mean_s(times_to_target_s(arm)),
        time_per_success_s=success_cost(
            [spent_s(race) for race in arm.races],
            [race.crossing is not None for race in arm.races],
            seed=RESAMPLING_SEED,
        ),
    )


def survival_of(arm: Arm, *, budget_s: float) -> Survival | None:
    """Which share of the runs had not reached the target, by time; None without runs."""
    return survival(times_to_target_s(arm), budget_s=budget_s) if arm.races else None


def times_to_target_s(arm: Arm) -> list[float | None]:
    """Composed seconds to the target of every run; None where it never reached it."""
    return [race.crossing.time_s if race.crossing else None for race in arm.races]


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return fmean(listed) if listed else None
