"""What a clock on the wall showed, and how far that is from composed time."""

from collections.abc import Sequence

from backend.reports.csv_table import Table, table_of
from backend.reports.measurement_files import CLOCK_COLUMNS, METERED_COLUMNS
from backend.reports.numbered_runs import numbered
from planner.measurements.measurement import RunRecord
from planner.reviews.review import Review

GAP_COLUMNS = ("run", "schedule", "measured_s", "composed_s", "gap_fraction", "flagged")


def wall_clock_table(records: Sequence[RunRecord]) -> Table:
    """What the clock on the wall, and a meter, showed beside the composed times of the review."""
    rows = (
        {
            "run": number,
            "attempt": attempt.number,
            "wall_clock_s": attempt.wall_clock_s,
            "meters_s": attempt.meters_s,
            "energy_j": attempt.energy_j,
        }
        for number, record in numbered(records)
        for attempt in record.attempts
    )
    return table_of("wall_clock", (*CLOCK_COLUMNS, *METERED_COLUMNS), rows)


def clock_gaps_table(records: Sequence[RunRecord], review: Review) -> Table:
    """How far the clock on the wall was from composed time, run by run."""
    clocks = {clock.run_id: clock for clock in review.run_clocks}
    rows = (
        {
            "run": number,
            "schedule": record.run.schedule,
            "measured_s": clocks[record.run_id].measured_s,
            "composed_s": clocks[record.run_id].composed_s,
            "gap_fraction": clocks[record.run_id].gap_fraction,
            "flagged": clocks[record.run_id].flagged,
        }
        for number, record in numbered(records)
        if record.run_id in clocks
    )
    return table_of("clock_gaps", GAP_COLUMNS, rows)
