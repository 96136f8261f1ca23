"""Null pilots with a sweep: several schedules that are all the baseline under another name.

Every schedule is tried at four learning rates on selection seeds; the product's selection freezes
one rate each and two finalists; they are confirmed on new seeds, and the better one is judged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibrated.decisions import ACCURACY_SD, Plan, evidence, last_decision
from benchmarks.calibrated.share import Share, share_of
from planner.inference.statistics import log_ratios
from planner.reviews.selection import Selection, Trial, select
from planner.reviews.verdict import choose

BASELINE = "today"
CANDIDATES = ("one", "two", "three")
MULTIPLIERS = (0.5, 1.0, 2.0, 4.0)
SELECTION_SEEDS = (2, 3)
BUDGET = 20.0
SHARED_SD = 0.15
OWN_SD = 0.10
RATES_LOG = {0.5: 0.10, 1.0: 0.0, 2.0: 0.0, 4.0: 0.15}
"""What each rate adds to log time, the same for every schedule: two rates are equally good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean over repeats, with its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """One row: null pilots with so many seeds.

    Attributes:
        selection_seeds: On which every schedule was tried at every rate.
        pairs: Confirmation seeds at the first look; a second one adds as many.
        looks: Looks that were planned.
        error_with_split: Measured less true log ratio of the first finalist, on new seeds.
        error_without_split: The same on the seeds that chose it, as a pilot without confirmation
            would claim.
        error_of_better: The same of the better of two finalists, on new seeds: the choice that
            the higher required confidence pays for.
        adopted: Pilots that ended with "adopt" of either finalist.
        false: Of all, those that did though neither finalist was truly faster at the rates that
            the selection froze.
        unlucky: Pilots in which the selection froze a worse rate for the baseline than for a
            finalist, so that this one is truly faster as it was measured.
        fake_adopted: Pilots that would, were the seeds that chose also the ones that prove.
    """

    selection_seeds: int
    pairs: int
    looks: int
    error_with_split: Mean
    error_without_split: Mean
    error_of_better: Mean
    adopted: Share
    false: Share
    unlucky: Share
    fake_adopted: Share

    @property
    def unbiased(self) -> bool:
        """Whether the split leaves no error that the repeats could show."""
        return abs(self.error_with_split.value) <= 3 * self.error_with_split.standard_error


Times = dict[tuple[str, float], NDArray[np.float64]]
"""Times to target by schedule and rate multiplier, one a seed."""


def sweeps(plan: Plan, pairs: Sequence[int], *, repeats: int, seed: int) -> list[Swept]:
    """Null pilots at every number of seeds, for one and for two looks."""
    return [
        _swept(plan, few, n, looks, np.random.default_rng([seed, few, n, looks]), repeats)
        for few in SELECTION_SEEDS
        for n in pairs
        for looks in (1, 2)
    ]


def _swept(
    plan: Plan, few: int, n: int, looks: int, draw: np.random.Generator, repeats: int
) -> Swept:
    with_split, without_split, better = [], [], []
    adopted, unlucky, fake_adopted = [], [], []
    for _ in range(repeats):
        tried = _times(draw, few)
        chosen = _selected(tried)
        first = chosen.finalists[0]
        new = _times(draw, n * looks)
        with_split.append(_error_log(new, chosen, first, n))
        without_split.append(_error_log(tried, chosen, first, few))
        better.append(min(_error_log(new, chosen, name, n) for name in chosen.finalists))
        adopted.append(_adopted(plan, new, chosen, chosen.finalists, n, looks, draw))
        unlucky.append(min(_truth_log(chosen, name) for name in chosen.finalists) < 0)
        wide = _times(draw, n)
        chosen_there = _selected(wide)
        finalists = chosen_there.finalists[:1]
        fake_adopted.append(_adopted(plan, wide, chosen_there, finalists, n, 1, draw))
    return Swept(
        selection_seeds=few,
        pairs=n,
        looks=looks,
        error_with_split=_mean(with_split),
        error_without_split=_mean(without_split),
        error_of_better=_mean(better),
        adopted=share_of(adopted),
        false=share_of(yes and not lucky for yes, lucky in zip(adopted, unlucky, strict=True)),
        unlucky=share_of(unlucky),
        fake_adopted=share_of(fake_adopted),
    )


def _times(draw: np.random.Generator, seeds: int) -> Times:
    shared = draw.normal(0, SHARED_SD, seeds)
    return {
        (name, rate): np.exp(added + shared + draw.normal(0, OWN_SD, seeds))
        for name in (BASELINE, *CANDIDATES)
        for rate, added in RATES_LOG.items()
    }


def _selected(times: Times) -> Selection:
    """The product's selection on these runs."""
    return select(
        [
            Trial(
                schedule=name, rate_multiplier=rate, seed=seed, time_s=float(time), final_value=0.1
            )
            for (name, rate), column in times.items()
            for seed, time in enumerate(column)
        ],
        baseline=BASELINE,
        budget_s=BUDGET,
        direction="below",
    )


def _chosen(times: Times, selection: Selection, name: str, n: int) -> NDArray[np.float64]:
    return times[name, selection.selected[name]][:n]


def _error_log(times: Times, selection: Selection, name: str, n: int) -> float:
    """Measured log ratio less the true one."""
    ours = _chosen(times, selection, name, n).tolist()
    theirs = _chosen(times, selection, BASELINE, n).tolist()
    return float(log_ratios(ours, theirs).mean()) - _truth_log(selection, name)


def _truth_log(selection: Selection, name: str) -> float:
    """The true log ratio, which only the frozen rates can make different from 0."""
    return RATES_LOG[selection.selected[name]] - RATES_LOG[selection.selected[BASELINE]]


def _adopted(
    plan: Plan,
    times: Times,
    selection: Selection,
    finalists: Sequence[str],
    n: int,
    looks: int,
    draw: np.random.Generator,
) -> bool:
    """Whether a team that follows the verdict on the better finalist ends with "adopt"."""
    accuracies = draw.normal(0.95, ACCURACY_SD, (1 + len(finalists), n * looks))
    steps = []
    for look in range(1, looks + 1):
        upto = n * look
        baseline = _chosen(times, selection, BASELINE, upto)
        candidates = {name: _chosen(times, selection, name, upto) for name in finalists}
        found = [
            evidence(
                plan.odds(candidate, baseline, budget=math.inf),
                candidate,
                baseline,
                budget=math.inf,
                accuracies=(accuracies[1 + place, :upto], accuracies[0, :upto]),
                look=look,
                looks=looks,
                finalists=len(finalists),
                schedule=name,
            )
            for place, (name, candidate) in enumerate(candidates.items())
        ]
        best = choose(found)
        assert best is not None
        steps.append(best)
    return last_decision(steps) == "adopt"


def _mean(values: Sequence[float]) -> Mean:
    return Mean(
        value=float(np.mean(values)),
        standard_error=float(np.std(values, ddof=1)) / math.sqrt(len(values)),
    )
