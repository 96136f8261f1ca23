"""The speed-up as measured: a time ratio with what its few seeds leave open."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_not_negative, check_positive
from planner.economics.distributions import (
    DRAWS,
    hit_rate_draws,
    resampled_counts,
    scale_draws,
    student_draws,
)
from planner.inference.mean_ratio import Correction, correction, deviations_log
from planner.inference.rate_choice import Rival
from planner.inference.statistics import log_ratios
from planner.inference.success import HitRate
from planner.refusal import require

FEWEST_PAIRS = 3
"""Below it a ratio has no interval, and no money is computed from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedSpeedUp:
    """Every pair reached the target: log time ratios of candidate over baseline.

    Attributes:
        mean_log: Mean of the log ratios; negative is faster.
        sd_log: Their standard deviation.
        pairs: Number of seeds.
        correction_log: ``(s_c^2 - s_b^2)/2`` with s^2 the variance of log time of an arm; money
            needs the ratio of mean times, not of medians.
        correction_spread_log: Standard error of that, were the scale of the scatter known.
        rivals: Other learning rates of the baseline that the candidate has to beat as well.
    """

    mean_log: float
    sd_log: float
    pairs: int
    correction_log: float = 0.0
    correction_spread_log: float = 0.0
    rivals: tuple[Rival, ...] = ()

    def __post_init__(self) -> None:
        require(math.isfinite(self.mean_log), "mean_log", "not_finite")
        require(math.isfinite(self.correction_log), "correction_log", "not_finite")
        check_not_negative(self.sd_log, "sd_log")
        check_not_negative(self.correction_spread_log, "correction_spread_log")
        check_at_least(self.pairs, FEWEST_PAIRS, "pairs")

    @property
    def time_ratio(self) -> float:
        """Ratio of mean times: ``exp(mean + correction)``."""
        return math.exp(self.mean_log + self.correction_log)

    def draws(self) -> NDArray[np.float64]:
        """Time ratios that the pairs and the choice of today's rate leave possible.

        Every rate that was tried has its own distances from the estimate, all at the same
        points, and the largest ratio counts: the odds of a bound are those against the rate
        that is hardest to beat. Up to the middle that is the frozen one.
        """
        moved = self._moved_log()
        side = np.sign(student_draws("speed_up", self.pairs - 1))
        open_log = moved
        for rival in self.rivals:
            of_choice = rival.spread_log * student_draws("speed_up", rival.degrees)
            against = side * np.hypot(moved, of_choice) - rival.gap_log
            open_log = np.maximum(open_log, against)
        return np.exp(self.mean_log + self.correction_log + open_log)

    def draws_at_frozen_rates(self) -> NDArray[np.float64]:
        """The same against the frozen rate alone, by Student's t on the mean log ratio."""
        return np.exp(self.mean_log + self.correction_log + self._moved_log())

    def draws_after_all_seeds(self) -> NDArray[np.float64]:
        """The same if confirmation without end had shown the estimate: the choice is left open."""
        return self.time_ratio * _against_hardest(self.rivals)

    def _moved_log(self) -> NDArray[np.float64]:
        """The correction is an estimate as well, see `planner.inference.mean_ratio`."""
        return deviations_log(
            student_draws("speed_up", self.pairs - 1),
            scale_draws("speed_up", self.pairs - 1),
            spread_log=self.sd_log / math.sqrt(self.pairs),
            added=Correction(value_log=self.correction_log, spread_log=self.correction_spread_log),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CensoredSpeedUp:
    """Some run never reached the target: what one success takes, candidate over baseline.

    Attributes:
        candidate_times_s: Time of every candidate run, to its target or to the budget's end.
        baseline_times_s: The same for the baseline, in the same order of seeds.
        candidate_hits: Candidate runs that reached the target.
        baseline_hits: The same for the baseline.
        rivals: Other learning rates of the baseline that the candidate has to beat as well.
    """

    candidate_times_s: tuple[float, ...]
    baseline_times_s: tuple[float, ...]
    candidate_hits: HitRate
    baseline_hits: HitRate
    rivals: tuple[Rival, ...] = ()

    def __post_init__(self) -> None:
        pairs = len(self.baseline_times_s)
        check_at_least(pairs, FEWEST_PAIRS, "baseline_times_s")
        require(
            len(self.candidate_times_s) == pairs,
            "candidate_times_s",
            "lengths_differ",
            expected=pairs,
        )
        for field in ("candidate_times_s", "baseline_times_s"):
            for place, time_s in enumerate(getattr(self, field)):
                require(0 < time_s < math.inf, f"{field}[{place}]", "not_positive")
        for field in ("candidate_hits", "baseline_hits"):
            hits = getattr(self, field)
            require(hits.runs == pairs, field, "lengths_differ", expected=pairs)
            check_at_least(hits.successes, 1, f"{field}.successes")

    @property
    def pairs(self) -> int:
        """Number of seeds."""
        return len(self.baseline_times_s)

    @property
    def time_ratio(self) -> float:
        """Measured time per success over the baseline's."""
        candidate = math.fsum(self.candidate_times_s) / self.candidate_hits.successes
        baseline = math.fsum(self.baseline_times_s) / self.baseline_hits.successes
        return candidate / baseline

    def draws(self) -> NDArray[np.float64]:
        """Time ratios that the pairs and the choice of today's rate leave possible."""
        return self.draws_at_frozen_rates() * _against_hardest(self.rivals)

    def draws_after_all_seeds(self) -> NDArray[np.float64]:
        """The same if confirmation without end had shown the estimate: the choice is left open."""
        return self.time_ratio * _against_hardest(self.rivals)

    def draws_at_frozen_rates(self) -> NDArray[np.float64]:
        """The same against the frozen rate: whole pairs resampled, Beta hit rates."""
        counts = resampled_counts(self.pairs)
        times = (
            counts @ np.array(self.candidate_times_s) / (counts @ np.array(self.baseline_times_s))
        )
        candidate = hit_rate_draws(
            "candidate_hits", self.candidate_hits.successes, self.candidate_hits.runs
        )
        baseline = hit_rate_draws(
            "baseline_hits", self.baseline_hits.successes, self.baseline_hits.runs
        )
        return np.asarray(times * baseline / candidate, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedSpeedUp:
    """A time ratio that nobody measured: taken as it is, so only the other inputs are uncertain.

    Attributes:
        time_ratio: Candidate over today.
    """

    time_ratio: float
    rivals: ClassVar[tuple[Rival, ...]] = ()

    def __post_init__(self) -> None:
        check_positive(self.time_ratio, "time_ratio")

    def draws(self) -> NDArray[np.float64]:
        """The same ratio in every draw."""
        return np.full(DRAWS, self.time_ratio)

    def draws_at_frozen_rates(self) -> NDArray[np.float64]:
        """The same."""
        return self.draws()

    def draws_after_all_seeds(self) -> NDArray[np.float64]:
        """The same."""
        return self.draws()


SpeedUp = PairedSpeedUp | CensoredSpeedUp | AssumedSpeedUp


def speed_up(
    candidate_times_s: Sequence[float],
    candidate_reached: Sequence[bool],
    baseline_times_s: Sequence[float],
    baseline_reached: Sequence[bool],
    *,
    rivals: tuple[Rival, ...] = (),
) -> SpeedUp | None:
    """What pairs of runs say of the speed-up; None for fewer than three pairs or no success.

    None also where a run was over at its very start: no ratio is made of nothing.

    Args:
        candidate_times_s: Time of every run to its target, or to its end where it never reached
            it; on the pilot's device or carried to production, by `production_equivalent_s`.
        candidate_reached: Whether it reached the target.
        baseline_times_s: The same for the baseline, in the same order of seeds.
        baseline_reached: The same for the baseline.
        rivals: Other rates of the baseline that the selection tried.
    """
    pairs = len(baseline_times_s)
    if pairs < FEWEST_PAIRS or not any(candidate_reached) or not any(baseline_reached):
        return None
    if min(*candidate_times_s, *baseline_times_s) <= 0:
        return None
    if not all(candidate_reached) or not all(baseline_reached):
        return CensoredSpeedUp(
            candidate_times_s=tuple(candidate_times_s),
            baseline_times_s=tuple(baseline_times_s),
            candidate_hits=HitRate(successes=sum(candidate_reached), runs=pairs),
            baseline_hits=HitRate(successes=sum(baseline_reached), runs=pairs),
            rivals=rivals,
        )
    ratios = log_ratios(candidate_times_s, baseline_times_s)
    added = correction(candidate_times_s, baseline_times_s)
    return PairedSpeedUp(
        mean_log=float(ratios.mean()),
        sd_log=float(ratios.std(ddof=1)),
        pairs=pairs,
        correction_log=added.value_log,
        correction_spread_log=added.spread_log,
        rivals=rivals,
    )


def _against_hardest(rivals: Sequence[Rival]) -> NDArray[np.float64]:
    """Factor on a ratio against the frozen rate at every point; 1 where none is harder to beat."""
    factors = np.ones(DRAWS)
    for rival in rivals:
        of_choice = rival.spread_log * student_draws("speed_up", rival.degrees)
        factors = np.maximum(factors, np.exp(of_choice - rival.gap_log))
    return factors
