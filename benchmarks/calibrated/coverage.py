"""How often an interval holds the truth that it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibrated.share import Share, share_of
from benchmarks.calibrated.worlds import World
from planner.economics.speed_up import PairedSpeedUp, speed_up
from planner.inference.statistics import (
    FEWEST_PAIRS_FOR_BOOTSTRAP,
    bootstrap_ratio,
    paired_ratio,
)
from planner.inference.success import RESAMPLING_SEED, success_cost_ratio

CONFIDENCE = 0.9
PROMISED = (0.85, 0.95)
BOOTSTRAPS = 2000
"""A BCa interval takes milliseconds; this many of them show a share within 0.8 points."""

MOST_DRAWN = 4000
"""Repeats of intervals that are themselves drawn."""

ENDS = (0.05, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One row: an interval in a world.

    Attributes:
        interval: What is covered, as in the table.
        world: Its name.
        pairs: Seeds.
        covered: Repeats whose interval held the truth.
        without: Repeats that gave no interval; they are in neither count.
    """

    interval: str
    world: str
    pairs: int
    covered: Share
    without: int

    @property
    def kept(self) -> bool:
        """Whether what was promised holds."""
        return self.covered.within(*PROMISED)


def coverages(
    worlds: Sequence[World], censored: World, pairs: Sequence[int], *, repeats: int, seed: int
) -> Iterator[Coverage]:
    """Every interval in every world."""
    for place, world in enumerate(worlds):
        for n in pairs:
            generator = np.random.default_rng([seed, place, n])
            drawn = world.times(generator, (repeats, n))
            yield _paired(world, n, drawn)
            yield _means(world, n, [times[:MOST_DRAWN] for times in drawn])
            if n >= FEWEST_PAIRS_FOR_BOOTSTRAP:
                yield _bootstrap(world, n, [times[:BOOTSTRAPS] for times in drawn])
    for n in pairs:
        generator = np.random.default_rng([seed, len(worlds), n])
        yield _per_success(censored, n, censored.times(generator, (min(repeats, MOST_DRAWN), n)))


Drawn = Sequence[NDArray[np.float64]]
Limits = tuple[float, float] | None


def _row(interval: str, world: World, n: int, found: Sequence[Limits], truth: float) -> Coverage:
    limits = [ends for ends in found if ends is not None]
    return Coverage(
        interval=interval,
        world=world.name,
        pairs=n,
        covered=share_of(low <= truth <= high for low, high in limits),
        without=len(found) - len(limits),
    )


def _paired(world: World, n: int, drawn: Drawn) -> Coverage:
    found: list[Limits] = []
    for candidate, baseline in zip(*drawn, strict=True):
        interval = paired_ratio(candidate.tolist(), baseline.tolist(), confidence=CONFIDENCE)
        found.append(interval and (interval.low, interval.high))
    truth = float(np.exp(world.shift_log))
    return _row("time ratio, Student t", world, n, found, truth)


def _bootstrap(world: World, n: int, drawn: Drawn) -> Coverage:
    found: list[Limits] = []
    for candidate, baseline in zip(*drawn, strict=True):
        interval = bootstrap_ratio(candidate.tolist(), baseline.tolist(), seed=RESAMPLING_SEED)
        found.append(interval and (interval.low, interval.high))
    truth = float(np.exp(world.shift_log))
    return _row("time ratio, BCa", world, n, found, truth)


def _means(world: World, n: int, drawn: Drawn) -> Coverage:
    """The central 90 % of the draws that money is computed from, against the ratio of means."""
    found: list[Limits] = []
    everyone = [True] * n
    for candidate, baseline in zip(*drawn, strict=True):
        ratio = speed_up(candidate.tolist(), everyone, baseline.tolist(), everyone)
        assert isinstance(ratio, PairedSpeedUp)
        low, high = np.quantile(ratio.draws(), ENDS)
        found.append((float(low), float(high)))
    name = "ratio of means, the draws of the money"
    return _row(name, world, n, found, world.ratio_of_means)


def _per_success(world: World, n: int, drawn: Drawn) -> Coverage:
    found: list[Limits] = []
    for candidate, baseline in zip(*drawn, strict=True):
        interval = success_cost_ratio(
            np.minimum(candidate, world.budget).tolist(),
            (candidate <= world.budget).tolist(),
            np.minimum(baseline, world.budget).tolist(),
            (baseline <= world.budget).tolist(),
            seed=RESAMPLING_SEED,
            confidence=CONFIDENCE,
            resamples=1000,
        )
        found.append(interval and (interval.low, interval.high))
    name = "cost per success, pairs and hit rates"
    return _row(name, world, n, found, world.ratio_per_success)
