"""The clock on the wall beside composed time: where the two differ, something held the device."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planner.bounds import check_not_negative, check_positive
from planner.measurements.measurement import RunRecord
from planner.pilots.course import Course
from planner.pilots.pilot import Pilot
from planner.reviews.race import composed_s

LARGEST_GAP_FRACTION = 0.1
"""Gap between measured and composed time above which a run is flagged, in either direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunClock:
    """What a run took by the clock on the wall, and what its steps and evaluations compose.

    Attributes:
        run_id: Identifier of its record.
        schedule: Name of its schedule.
        measured_s: Wall-clock seconds, those that reading meters took left out.
        composed_s: Composed seconds of the same steps and evaluations.
    """

    run_id: str
    schedule: str
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
        """Whether the gap is larger than `LARGEST_GAP_FRACTION`."""
        return abs(self.gap_fraction) > LARGEST_GAP_FRACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockGap:
    """The clock on the wall against composed time, over several runs.

    Attributes:
        runs: Runs that were timed.
        flagged: Of these, the ones whose own gap is over `LARGEST_GAP_FRACTION`.
        gap_fraction: Of all of them together.
        largest_gap_fraction: The one furthest from zero.
    """

    runs: int
    flagged: int
    gap_fraction: float
    largest_gap_fraction: float


def run_clocks(
    records: Iterable[RunRecord],
    pilot: Pilot,
    laid_out: Mapping[str, Course],
    *,
    evaluation_s: float,
) -> tuple[RunClock, ...]:
    """The clock of every training run that had the device alone and was timed.

    Attempts that were trained in a bundle share one clock and are left out; so are those that
    nobody timed, and those that composed time has nothing of.

    Args:
        records: Runs with their attempts.
        pilot: Names the schedule that a run may have fallen back on.
        laid_out: Course of every schedule.
        evaluation_s: Seconds of one evaluation on the measured device.
    """
    clocks = (
        _clock(record, pilot, record.run.schedule, laid_out, evaluation_s)
        for record in records
        if record.run.schedule is not None
    )
    return tuple(clock for clock in clocks if clock is not None)


def clock_gap(clocks: Iterable[RunClock]) -> ClockGap | None:
    """What several clocks say together; None without any."""
    listed = list(clocks)
    if not listed:
        return None
    measured_s = math.fsum(clock.measured_s for clock in listed)
    return ClockGap(
        runs=len(listed),
        flagged=sum(clock.flagged for clock in listed),
        gap_fraction=measured_s / math.fsum(clock.composed_s for clock in listed) - 1,
        largest_gap_fraction=max((clock.gap_fraction for clock in listed), key=abs),
    )


def _clock(
    record: RunRecord,
    pilot: Pilot,
    schedule: str,
    laid_out: Mapping[str, Course],
    evaluation_s: float,
) -> RunClock | None:
    measured, composed = [], []
    trained = composed_s(record, pilot, schedule, laid_out)
    for attempt, trained_s in zip(record.attempts, trained, strict=True):
        if attempt.bundle_size == 1 and attempt.wall_clock_s is not None:
            measured.append(max(attempt.wall_clock_s - attempt.meters_s, 0.0))
            composed.append(trained_s + attempt.evaluations * evaluation_s)
    if not math.fsum(composed):
        return None
    return RunClock(
        run_id=record.run_id,
        schedule=schedule,
        measured_s=math.fsum(measured),
        composed_s=math.fsum(composed),
    )
