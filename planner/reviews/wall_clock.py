"""The clock on the wall beside composed time: where the two differ, something held the device."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.bounds import check_not_negative, check_positive

LARGEST_GAP_FRACTION = 0.1
"""Gap between measured and composed time from which it is flagged (either way)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClock:
    """What executions took by the clock on the wall, and what their steps and evaluations compose.

    Attributes:
        measured_s: Wall-clock seconds, those that reading meters took left out.
        composed_s: Composed seconds of the same steps and evaluations.
    """

    measured_s: float
    composed_s: float

    def __post_init__(self) -> None:
        check_not_negative(self.measured_s, "measured_s")
        check_positive(self.composed_s, "composed_s")

    @property
    def gap_fraction(self) -> float:
        """Share by which the clock showed more than was composed; negative where it showed less."""
        return self.measured_s / self.composed_s - 1

    @property
    def flagged(self) -> bool:
        """Whether the gap is too large to be the noise of a shared machine."""
        return abs(self.gap_fraction) > LARGEST_GAP_FRACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class WallClockCheck:
    """The clock on the wall over all runs of an arm that had one of their own.

    Attributes:
        runs: Runs with an execution of their own; members of a bundle share one and have none.
        flagged: Of these, the ones whose gap is over `LARGEST_GAP_FRACTION`.
        gap_fraction: Of all of them together.
        largest_gap_fraction: The one furthest from zero.
    """

    runs: int
    flagged: int
    gap_fraction: float
    largest_gap_fraction: float


def joined(clocks: Sequence[WallClock]) -> WallClock | None:
    """Several executions as one; None without any."""
    if not clocks:
        return None
    return WallClock(
        measured_s=math.fsum(clock.measured_s for clock in clocks),
        composed_s=math.fsum(clock.composed_s for clock in clocks),
    )


def check_wall_clock(clocks: Iterable[WallClock | None]) -> WallClockCheck | None:
    """What the clocks of an arm's runs say; None where no run had one of its own."""
    own = [clock for clock in clocks if clock is not None]
    whole = joined(own)
    if whole is None:
        return None
    return WallClockCheck(
        runs=len(own),
        flagged=sum(clock.flagged for clock in own),
        gap_fraction=whole.gap_fraction,
        largest_gap_fraction=max((clock.gap_fraction for clock in own), key=abs),
    )
