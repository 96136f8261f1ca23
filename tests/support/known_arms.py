"""Arms of the pilot whose truth is simple: the epochs at which each seed reaches its target."""

from collections.abc import Iterable, Sequence

from planner.measurements.measurement import RunRecord
from planner.pilots.pilot import Pilot
from planner.reviews.arm import Arm, arms
from planner.reviews.comparison import Comparison, compare
from planner.reviews.selection import Selection, selection_without_sweep
from tests.support.known_pilot import (
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    known_pilot,
    races_of,
    records_of,
)

PILOT = known_pilot()
EPOCH_TODAY_S = STEPS_AT_22 * T_22
EPOCH_LARGE_S = STEPS_AT_154 * T_154
BUDGET_S = 20 * EPOCH_TODAY_S

AtEpochs = Sequence[float | None]


def arms_of(
    records: Iterable[RunRecord], pilot: Pilot = PILOT, selection: Selection | None = None
) -> dict[str, Arm]:
    """Every arm by its schedule."""
    found = arms(pilot, races_of(pilot, *records), selection or selection_without_sweep(pilot))
    return {arm.schedule: arm for arm in found}


def two_arms(today: AtEpochs, large: AtEpochs, *, pilot: Pilot = PILOT) -> tuple[Arm, Arm]:
    """Baseline and candidate, by the epoch at which each seed reaches the target."""
    records = (*records_of(pilot, "today", today), *records_of(pilot, "large", large))
    found = arms_of(records, pilot)
    return found["today"], found["large"]


def compared(today: AtEpochs, large: AtEpochs, *, pilot: Pilot = PILOT) -> Comparison:
    """The candidate against the baseline."""
    baseline, candidate = two_arms(today, large, pilot=pilot)
    return compare(candidate, baseline, pilot)
