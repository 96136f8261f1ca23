"""Pilots with a sweep, whose candidates are all the baseline under another name, or truly faster.

Every schedule is tried at four learning rates on selection seeds; the product's selection freezes
one rate each and two finalists; they are confirmed on new seeds, and the better one is judged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibrated.decisions import ACCURACY_SD, Plan, evidence, last_decision
from benchmarks.calibrated.share import Share, share_of
from planner.inference.rate_choice import Rival, Tried, rivals
from planner.inference.statistics import log_ratios
from planner.reviews.evidence import Evidence
from planner.reviews.selection import Selection, Trial, select
from planner.reviews.verdict import choose

BASELINE = "today"
CANDIDATES = ("one", "two", "three")
SELECTION_SEEDS = (2, 3)
BUDGET = 20.0
SHARED_SD = 0.15
OWN_SD = 0.10

TWO_EQUAL, ONE_BEST = "two equal", "one best"
CURVES = {
    TWO_EQUAL: {0.5: 0.10, 1.0: 0.0, 2.0: 0.0, 4.0: 0.15},
    ONE_BEST: {0.5: 0.10, 1.0: 0.0, 2.0: 0.05, 4.0: 0.20},
}
"""What each rate adds to log time, the same for every schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean over repeats, with its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is drawn and how it is judged.

    Attributes:
        curve: Name of the curve over the rates.
        selection_seeds: On which every schedule is tried at every rate.
        pairs: Confirmation seeds at the first look; a second one adds as many.
        looks: Looks that were planned.
        ratio: True time of every candidate over the baseline's at the same rate.
    """

    curve: str
    selection_seeds: int
    pairs: int
    looks: int
    ratio: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """One row: pilots of a kind.

    Attributes:
        kind: What was drawn.
        error_with_split: Measured less true log ratio of the first finalist, on new seeds.
        error_without_split: The same on the seeds that chose it, as a pilot without confirmation
            would claim.
        error_of_better: The same of the better of two finalists, on new seeds: the choice that
            the higher required confidence pays for.
        adopted: Pilots that ended with "adopt" of either finalist.
        at_frozen: Pilots that would, were the frozen rate of the baseline taken for its best.
        unlucky: Pilots in which the selection froze a worse rate for the baseline than for a
            finalist, so that equal schedules are truly different as they were measured.
        fake_adopted: Pilots that would, were the seeds that chose also the ones that prove.
    """

    kind: Kind
    error_with_split: Mean
    error_without_split: Mean
    error_of_better: Mean
    adopted: Share
    at_frozen: Share
    unlucky: Share
    fake_adopted: Share

    @property
    def unbiased(self) -> bool:
        """Whether the split leaves no error that the repeats could show."""
        return abs(self.error_with_split.value) <= 3 * self.error_with_split.standard_error


Times = dict[tuple[str, float], NDArray[np.float64]]
"""Times to target by schedule and rate multiplier, one a seed."""


def null_kinds(pairs: Sequence[int]) -> list[Kind]:
    """Pilots in which nothing is true."""
    return [
        Kind(curve=curve, selection_seeds=few, pairs=n, looks=looks)
        for curve in CURVES
        for few in SELECTION_SEEDS
        for n in pairs
        for looks in (1, 2)
    ]


def power_kinds(pairs: Sequence[int]) -> list[Kind]:
    """Pilots whose candidates take a tenth or a fifth less time."""
    return [
        Kind(curve=TWO_EQUAL, selection_seeds=few, pairs=n, looks=2, ratio=ratio)
        for ratio in (0.9, 0.8)
        for few in SELECTION_SEEDS
        for n in pairs
    ]


def sweeps(plan: Plan, kinds: Sequence[Kind], *, repeats: int, seed: int) -> list[Swept]:
    """One row a kind."""
    return [
        _swept(plan, kind, np.random.default_rng([seed, place]), repeats)
        for place, kind in enumerate(kinds)
    ]


def _swept(plan: Plan, kind: Kind, draw: np.random.Generator, repeats: int) -> Swept:
    with_split, without_split, better = [], [], []
    adopted, at_frozen, unlucky, fake_adopted = [], [], [], []
    for _ in range(repeats):
        tried = _times(draw, kind, kind.selection_seeds)
        chosen = _selected(tried)
        first = chosen.finalists[0]
        new = _times(draw, kind, kind.pairs * kind.looks)
        errors = _Errors(kind=kind, chosen=chosen)
        with_split.append(errors.log(new, first, kind.pairs))
        without_split.append(errors.log(tried, first, kind.selection_seeds))
        better.append(min(errors.log(new, name, kind.pairs) for name in chosen.finalists))
        unlucky.append(min(errors.of_rates(name) for name in chosen.finalists) < 0)
        steps = _steps(plan, new, chosen, _rivals(tried, chosen), kind, draw)
        adopted.append(last_decision(steps) == "adopt")
        at_frozen.append(last_decision([_as_frozen(step) for step in steps]) == "adopt")
        wide = _times(draw, kind, kind.pairs)
        there = _selected(wide)
        alone = replace(there, finalists=there.finalists[:1])
        once = _steps(plan, wide, alone, (), replace(kind, looks=1), draw)
        fake_adopted.append(last_decision(once) == "adopt")
    return Swept(
        kind=kind,
        error_with_split=_mean(with_split),
        error_without_split=_mean(without_split),
        error_of_better=_mean(better),
        adopted=share_of(adopted),
        at_frozen=share_of(at_frozen),
        unlucky=share_of(unlucky),
        fake_adopted=share_of(fake_adopted),
    )


def _times(draw: np.random.Generator, kind: Kind, seeds: int) -> Times:
    shared = draw.normal(0, SHARED_SD, seeds)
    faster_log = {BASELINE: 0.0} | dict.fromkeys(CANDIDATES, math.log(kind.ratio))
    return {
        (name, rate): np.exp(shift + added + shared + draw.normal(0, OWN_SD, seeds))
        for name, shift in faster_log.items()
        for rate, added in CURVES[kind.curve].items()
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


def _rivals(times: Times, selection: Selection) -> tuple[Rival, ...]:
    """The baseline's other rates, as the product sees them."""
    tried: dict[str, dict[float, dict[int, Tried]]] = {}
    for (name, rate), column in times.items():
        tried.setdefault(name, {})[rate] = {
            seed: Tried(time_s=float(time), reached=True) for seed, time in enumerate(column)
        }
    own = tried.pop(BASELINE)
    return rivals(own, selection.selected[BASELINE], others=tried.values())


def _chosen(times: Times, selection: Selection, name: str, n: int) -> NDArray[np.float64]:
    return times[name, selection.selected[name]][:n]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errors:
    """What is measured less what is true at the frozen rates, as log ratios."""

    kind: Kind
    chosen: Selection

    def of_rates(self, name: str) -> float:
        """What the frozen rates alone make of the true log ratio."""
        added, frozen = CURVES[self.kind.curve], self.chosen.selected
        return added[frozen[name]] - added[frozen[BASELINE]]

    def log(self, times: Times, name: str, n: int) -> float:
        """The error of the measured log ratio."""
        ours = _chosen(times, self.chosen, name, n).tolist()
        theirs = _chosen(times, self.chosen, BASELINE, n).tolist()
        truth = math.log(self.kind.ratio) + self.of_rates(name)
        return float(log_ratios(ours, theirs).mean()) - truth


def _steps(
    plan: Plan,
    times: Times,
    selection: Selection,
    others: tuple[Rival, ...],
    kind: Kind,
    draw: np.random.Generator,
) -> list[Evidence]:
    """What the decision on the better finalist rests on, look by look."""
    finalists = selection.finalists
    accuracies = draw.normal(0.95, ACCURACY_SD, (1 + len(finalists), kind.pairs * kind.looks))
    steps = []
    for look in range(1, kind.looks + 1):
        upto = kind.pairs * look
        baseline = _chosen(times, selection, BASELINE, upto)
        candidates = {name: _chosen(times, selection, name, upto) for name in finalists}
        found = [
            evidence(
                plan.odds(candidate, baseline, budget=math.inf, rivals=others),
                candidate,
                baseline,
                budget=math.inf,
                accuracies=(accuracies[1 + place, :upto], accuracies[0, :upto]),
                look=look,
                looks=kind.looks,
                finalists=len(finalists),
                schedule=name,
            )
            for place, (name, candidate) in enumerate(candidates.items())
        ]
        best = choose(found)
        assert best is not None
        steps.append(best)
    return steps


def _as_frozen(step: Evidence) -> Evidence:
    """The same with the baseline's frozen rate taken for its best."""
    found = step.propagation
    if found is None or found.odds_at_frozen_rates is None:
        return step
    return replace(step, propagation=replace(found, odds=found.odds_at_frozen_rates))


def _mean(values: Sequence[float]) -> Mean:
    return Mean(
        value=float(np.mean(values)),
        standard_error=float(np.std(values, ddof=1)) / math.sqrt(len(values)),
    )
