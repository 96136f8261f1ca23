"""Worlds: lognormal times to target of a baseline and a candidate, paired by seed.

A seed brings a part of log time to both schedules, as the same initial weights do; each schedule
adds a part of its own. A run that would take longer than the budget is stopped there.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The truth about two schedules; the baseline's median time is 1.

    Attributes:
        name: As in the tables.
        shared_sd: Of the part of log time that a seed brings to both.
        baseline_sd: Of the part that the baseline adds.
        candidate_sd: Of the part that the candidate adds.
        shift_log: Log of the ratio of median times, candidate over baseline.
        budget: Time at which a run is stopped, in medians of the baseline.
    """

    name: str
    shared_sd: float = 0.15
    baseline_sd: float
    candidate_sd: float
    shift_log: float = 0.0
    budget: float = math.inf

    @property
    def ratio_of_means(self) -> float:
        """E[candidate's time] / E[baseline's time], without a budget."""
        return math.exp(self.shift_log + (self.candidate_sd**2 - self.baseline_sd**2) / 2)

    @property
    def ratio_per_success(self) -> float:
        """Time of all runs for each that reached the target, candidate over baseline."""
        ours = self._per_success(self.shift_log, self.candidate_sd)
        return ours / self._per_success(0.0, self.baseline_sd)

    @property
    def hit_rate(self) -> float:
        """Share of the baseline's runs that reach the target within the budget."""
        return self._hit_rate(0.0, self.baseline_sd)

    def with_ratio(self, ratio: float) -> "World":
        """The same world at another true ratio: of mean times, or per success under a budget."""
        if math.isinf(self.budget):
            return replace(self, shift_log=self.shift_log + math.log(ratio / self.ratio_of_means))

        def beyond(shift_log: float) -> float:
            return replace(self, shift_log=shift_log).ratio_per_success - ratio

        return replace(self, shift_log=float(optimize.brentq(beyond, -3.0, 3.0)))

    def times(
        self, generator: np.random.Generator, shape: tuple[int, int]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times of the candidate and of the baseline, shape (repeats, seeds), without budget."""
        shared = generator.normal(0, self.shared_sd, shape)
        candidate = self.shift_log + shared + generator.normal(0, self.candidate_sd, shape)
        baseline = shared + generator.normal(0, self.baseline_sd, shape)
        return np.exp(candidate), np.exp(baseline)

    def _hit_rate(self, mean_log: float, own_sd: float) -> float:
        sd = math.hypot(self.shared_sd, own_sd)
        return float(special.ndtr((math.log(self.budget) - mean_log) / sd))

    def _per_success(self, mean_log: float, own_sd: float) -> float:
        """``E[min(T, budget)] / P(T <= budget)`` of a lognormal time."""
        variance = self.shared_sd**2 + own_sd**2
        beyond = (math.log(self.budget) - mean_log - variance) / math.sqrt(variance)
        reached = self._hit_rate(mean_log, own_sd)
        below = math.exp(mean_log + variance / 2) * float(special.ndtr(beyond))
        return (below + self.budget * (1 - reached)) / reached


STEADY = World(name="equal scatter 0.07", baseline_sd=0.05, candidate_sd=0.05)
USUAL = World(name="equal scatter 0.14", baseline_sd=0.10, candidate_sd=0.10)
UNEVEN = World(name="unequal scatter 0.21", baseline_sd=0.05, candidate_sd=0.20)
ROUGH = World(name="unequal scatter 0.50", baseline_sd=0.10, candidate_sd=0.49)
CENSORED = World(name="8 in 10 reach", baseline_sd=0.10, candidate_sd=0.10, budget=1.164)
WORLDS = (STEADY, USUAL, UNEVEN, ROUGH)
"""Named by the standard deviation of the log time ratio of a pair; pilots showed 0.03 to 0.35."""
