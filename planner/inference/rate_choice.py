"""What a learning rate chosen on few seeds leaves open: another rate may be as fast, or faster.

The sweep freezes the rate that was fastest on some selection seeds. Where it froze a poor one for
the baseline, a candidate that is worth nothing is faster than the baseline as it is measured, and
no number of confirmation seeds shows it. A candidate is better than today's schedule only if it
beats that at every rate that was tried: "not faster" is a union of one hypothesis a rate, and
each is tested at the full level (intersection-union: Berger 1982).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_not_negative, check_positive

FEWEST_DEGREES = 2
"""Below it the scatter is taken from the runs that never reached their target as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Another learning rate of the baseline that the selection tried, against the frozen one.

    Attributes:
        gap_log: Log of its time over that of the frozen rate, on the selection seeds; at least 0.
        spread_log: Standard error of the gap.
        degrees: Degrees of freedom of that.
    """

    gap_log: float
    spread_log: float
    degrees: int

    def __post_init__(self) -> None:
        check_not_negative(self.gap_log, "gap_log")
        check_not_negative(self.spread_log, "spread_log")
        check_at_least(self.degrees, 1, "degrees")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One run.

    Attributes:
        time_s: Seconds to the target, or to the budget's end where it was not reached.
        reached: Whether it was.
    """

    time_s: float
    reached: bool

    def __post_init__(self) -> None:
        check_positive(self.time_s, "time_s")


Runs = Mapping[int, Tried]
"""Of one schedule at one rate, by seed."""

Sweep = Mapping[float, Runs]
"""One schedule's runs of the selection, by rate multiplier and seed."""


def rivals(
    baseline: Sweep, frozen: float, *, others: Iterable[Sweep], confirmed: Iterable[Runs] = ()
) -> tuple[Rival, ...]:
    """Every other rate of the baseline, on the seeds that it shares with the frozen one.

    A gap of two rates is as uncertain as the log times of two rates scatter against each other
    from seed to seed, which every schedule of the sweep shows. A sweep on a single seed shows
    nothing of it: there the schedules of the confirmation, which scatter against each other as
    well, stand in. Times that ended at the budget make a gap smaller than it is, so they widen
    what is left open.

    Args:
        baseline: Its sweep.
        frozen: The rate multiplier that the selection froze for it.
        others: The sweeps of the other schedules.
        confirmed: Runs of the confirmation, schedule by schedule.
    """
    swept = [list(sweep.values()) for sweep in (baseline, *others)]
    variance, degrees = _scatter(swept)
    if not degrees:
        variance, degrees = _scatter([*swept, list(confirmed)])
    chosen = baseline.get(frozen, {})
    found = []
    for rate, runs in baseline.items():
        shared = sorted(set(runs) & set(chosen))
        if rate == frozen or not shared or not degrees:
            continue
        gaps = [math.log(runs[seed].time_s / chosen[seed].time_s) for seed in shared]
        found.append(
            Rival(
                gap_log=max(0.0, math.fsum(gaps) / len(gaps)),
                spread_log=math.sqrt(2 * variance / len(shared)),
                degrees=degrees,
            )
        )
    return tuple(found)


def _scatter(grids: Sequence[Sequence[Runs]]) -> tuple[float, int]:
    """Variance that a run adds to what its seed and its row bring, and its degrees of freedom."""
    for with_lost in (False, True):
        tables = [table for rows in grids if (table := _table(rows, with_lost)) is not None]
        degrees = sum((table.shape[0] - 1) * (table.shape[1] - 1) for table in tables)
        if degrees >= FEWEST_DEGREES:
            return math.fsum(map(_interaction, tables)) / degrees, degrees
    return 0.0, 0


def _table(rows: Sequence[Runs], with_lost: bool) -> NDArray[np.float64] | None:
    """Log times, one row each of those with a run on every seed; None for fewer than 2 by 2."""
    seeds = sorted({seed for runs in rows for seed in runs})
    whole = [
        [math.log(runs[seed].time_s) for seed in seeds]
        for runs in rows
        if len(runs) == len(seeds) and (with_lost or all(run.reached for run in runs.values()))
    ]
    return np.array(whole) if min(len(whole), len(seeds)) > 1 else None


def _interaction(table: NDArray[np.float64]) -> float:
    """Sum of squares that neither the row nor the column explains."""
    rest = table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()
    return float(np.sum(rest**2))
