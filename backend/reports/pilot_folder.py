"""A pilot as a folder: everything that its review is computed from, and the review itself."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from backend.reports.csv_table import Table, table_of, write_table
from backend.reports.measurement_files import MeasurementFiles
from backend.reports.meter_tables import meters_table
from backend.reports.numbered_runs import numbered
from backend.reports.pilot_tables import pilot_tables
from backend.reports.rollback_report import write_rollback_report
from backend.wire.codec import encode
from planner.exchange.states import Series
from planner.exchange.work import SeriesGroup
from planner.measurements.measurement import RunRecord
from planner.reviews.review import Review
from planner.reviews.review_input import PilotEvidence
from planner.reviews.rollback_procedure import RollbackProcedure

REVIEW = "review.json"
MEASUREMENTS = "measurements.json"
WORKLOAD = "workload.json"
SCALING = "scaling.json"


def write_pilot_folder(
    folder: Path,
    evidence: PilotEvidence,
    review: Review,
    procedure: RollbackProcedure,
    *,
    look: int,
    series_of: Callable[[str, SeriesGroup], Series],
    progress: Callable[[int], None],
) -> None:
    """Writes review, rollback procedure, tables, series and what ``paybatch review`` reads.

    Args:
        folder: Made if it is not there; what an earlier pilot wrote into it is replaced.
        evidence: The pilot with its measurements.
        review: Computed from them.
        procedure: How what it recommends is watched in production and taken back.
        look: Number of the look.
        series_of: Gives one group of a run's series by its id.
        progress: Told how many of the runs' series are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in (*folder.glob("series/run-*.csv"), *folder.glob("charts/*.csv")):
        left_over.unlink()
    _write_json(folder / "pilot.json", encode(evidence.pilot))
    _write_json(folder / "throughput.json", encode(evidence.throughput))
    for name, carried in ((WORKLOAD, evidence.workload), (SCALING, evidence.scaling)):
        if carried is None:
            (folder / name).unlink(missing_ok=True)
        else:
            _write_json(folder / name, encode(carried))
    for table in pilot_tables(evidence, review):
        write_table(table, folder)
    meters = []
    for number, record in numbered(evidence.records):
        write_table(_series_table(number, series_of(record.run_id, "train")), folder)
        meters.append((number, series_of(record.run_id, "meters")))
        progress(number)
    write_table(meters_table(meters), folder)
    write_rollback_report(procedure, folder)
    _write_json(folder / MEASUREMENTS, encode(_measurement_files(evidence, look)))
    _write_json(folder / REVIEW, encode(review))


def runs_with_series(records: Sequence[RunRecord]) -> int:
    """Number of runs whose series are written."""
    return len(list(numbered(records)))


def _measurement_files(evidence: PilotEvidence, look: int) -> MeasurementFiles:
    selection = evidence.selection
    return MeasurementFiles(
        pilot="pilot.json",
        throughput="throughput.json",
        runs="runs.csv",
        attempts="attempts.csv",
        wall_clock="wall_clock.csv",
        evaluations="evaluations.csv",
        largest_micro_batch_size=evidence.micro_batch_plan.largest_micro_batch_size,
        selected=selection.selected if selection else {},
        finalists=selection.finalists if selection else (),
        look=look,
        workload=None if evidence.workload is None else WORKLOAD,
        meters="meters.csv",
        scaling=None if evidence.scaling is None else SCALING,
    )


def _series_table(number: int, series: Series) -> Table:
    rows = (
        {"step": step, **{name: values[place] for name, values in series.columns.items()}}
        for place, step in enumerate(series.steps)
    )
    return table_of(f"series/run-{number:03d}", ("step", *series.columns), rows)


def _write_json(path: Path, data: Any) -> None:  # noqa: ANN401  # JSON has no narrower type
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
