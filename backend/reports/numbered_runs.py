"""The number that a run has in every table of its pilot."""

from collections.abc import Iterable, Sequence

from planner.measurements.measurement import RunRecord


def numbered(records: Sequence[RunRecord]) -> Iterable[tuple[int, RunRecord]]:
    """Training runs with their number, from 1 in the pilot's order; probes have none."""
    return enumerate((record for record in records if record.run.schedule is not None), start=1)
