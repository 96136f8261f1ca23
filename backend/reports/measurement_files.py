"""Measurements that lie in CSV files: how they are named, and how they are read."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from backend.wire.codec import decode
from backend.wire.problems import InputError, Problem, joined
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.measurements.gradient_noise import NoiseReading, mean_reading
from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.pilot import Pilot
from planner.pilots.run import Attempt
from planner.pilots.workload import Workload
from planner.reviews.review_input import PilotEvidence
from planner.reviews.selection import Selection
from wording.spreadsheet_cells import as_written

Value = TypeVar("Value")

RUN_COLUMNS = ("run", "schedule", "rate_multiplier", "seed", "purpose", "status")
ATTEMPT_COLUMNS = ("run", "attempt", "from_step", "to_step", "evaluations")
CLOCK_COLUMNS = ("run", "attempt", "wall_clock_s", "meters_s")
METERED_COLUMNS = ("energy_j",)
NOISE_COLUMNS = ("run", "step", "gradient_noise", "gradient_square")
OPTIONAL_COLUMNS = ("bundle_size", "cause", "rate_factor", "follows")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementFiles:
    """A pilot whose measurements are files beside this one.

    Attributes:
        pilot: The pilot file.
        throughput: Throughput curve of the device that it ran on.
        runs: CSV with run, schedule, rate_multiplier, seed, purpose, status.
        evaluations: CSV with run, step and one column a metric.
        attempts: CSV with run, attempt, from_step, to_step, evaluations and, where runs were
            trained together, bundle_size, where divergences sent them back, cause, rate_factor,
            follows; without it every run was done in one go, up to its last evaluation.
        wall_clock: CSV with run, attempt, wall_clock_s, meters_s: what a clock on the wall showed,
            and energy_j where a meter of the device read it. Without it no run is compared with
            its composed time, and no energy is measured.
        largest_micro_batch_size: Batches above it were accumulated.
        selected: Rate multiplier of every schedule, as frozen before the confirmation.
        finalists: Candidates that were confirmed.
        look: Number of this look at the confirmation.
        workload: Facts of the pilot's workload; absent for a built-in one.
        meters: CSV with run, step, gradient_noise, gradient_square: readings of the gradient's
            noise. Without it nothing is worked out for another share of the noise scale.
        scaling: Steps on several devices like that of the throughput curve. Without it composed
            times of stages on several devices lack what these say to each other.
    """

    pilot: str
    throughput: str
    runs: str
    evaluations: str
    attempts: str | None = None
    wall_clock: str | None = None
    largest_micro_batch_size: int = 1_000_000_000
    selected: dict[str, float] = field(default_factory=dict)
    finalists: tuple[str, ...] = ()
    look: int = 1
    workload: str | None = None
    meters: str | None = None
    scaling: str | None = None


def read_evidence(
    files: MeasurementFiles,
    folder: Path,
    *,
    pilot: Pilot,
    throughput: ThroughputCurve,
    workload: Workload | None = None,
    scaling: ScalingCurve | None = None,
) -> PilotEvidence:
    """The measurements that ``files`` names, below ``folder``.

    Raises:
        InputError: A file or column is missing, or a cell is not what its column holds; the field
            names file, line and column.
    """
    measured = _by_run(folder / files.evaluations, Measurement, _measurement)
    clocks = _clocks(folder / files.wall_clock) if files.wall_clock else {}
    attempts = {}
    if files.attempts:
        attempts = _by_run(
            folder / files.attempts, Attempt, lambda row: _attempt(row) | clocks.get(_key(row), {})
        )
    noise = _noises(folder / files.meters) if files.meters else {}
    records = []
    for line, row in _rows(folder / files.runs, RUN_COLUMNS):
        points = measured.get(row["run"], [])
        whole = Attempt(
            number=1,
            from_step=0,
            to_step=points[-1].step if points else 0,
            evaluations=len(points),
        )
        data = {
            "run_id": row["run"],
            "run": {name: row[name] for name in ("schedule", "rate_multiplier", "seed", "purpose")},
            "status": row["status"],
            "attempts": attempts.get(row["run"], [whole]),
            "measurements": points,
            "final_metrics": {},
            "noise": mean_reading(noise.get(row["run"], ())),
        }
        records.append(_decoded(RunRecord, data, folder / files.runs, line))
    selection = None
    if files.selected:
        selection = Selection(selected=files.selected, finalists=files.finalists, at_edge=())
    return PilotEvidence(
        pilot=pilot,
        records=tuple(records),
        throughput=throughput,
        micro_batch_plan=MicroBatchPlan(largest_micro_batch_size=files.largest_micro_batch_size),
        selection=selection,
        workload=workload,
        scaling=scaling,
    )


def _measurement(row: Mapping[str, str]) -> dict[str, object]:
    metrics = {name: cell for name, cell in row.items() if name not in ("run", "step") and cell}
    return {"step": row["step"], "metrics": metrics}


def _attempt(row: Mapping[str, str]) -> dict[str, object]:
    data: dict[str, object] = {name: row[name] for name in ATTEMPT_COLUMNS[2:]}
    data |= {name: row[name] for name in OPTIONAL_COLUMNS if row.get(name)}
    return {**data, "number": row["attempt"]}


def _key(row: Mapping[str, str]) -> tuple[str, str]:
    return row["run"], row["attempt"]


def _clocks(path: Path) -> dict[tuple[str, str], dict[str, object]]:
    """What the clock on the wall, and a meter, showed of every attempt, by run and number."""
    names = (*CLOCK_COLUMNS[2:], *METERED_COLUMNS)
    return {
        _key(row): {name: row[name] for name in names if row.get(name)}
        for _, row in _rows(path, CLOCK_COLUMNS)
    }


def _noises(path: Path) -> dict[str, list[NoiseReading]]:
    """Readings of the gradient's noise by run; a cell is empty where it was not read."""
    found: dict[str, list[NoiseReading]] = defaultdict(list)
    for line, row in _rows(path, NOISE_COLUMNS):
        cells = {"noise": row["gradient_noise"], "gradient_square": row["gradient_square"]}
        if all(cells.values()):
            found[row["run"]].append(_decoded(NoiseReading, cells, path, line))
    return found


def _by_run(
    path: Path, kind: type[Value], data_of: Callable[[Mapping[str, str]], dict[str, object]]
) -> dict[str, list[Value]]:
    """The values of a file by the run that they belong to, in the file's order."""
    columns = ATTEMPT_COLUMNS if kind is Attempt else ("run", "step")
    found: dict[str, list[Value]] = defaultdict(list)
    for line, row in _rows(path, columns):
        found[row["run"]].append(_decoded(kind, data_of(row), path, line))
    return found


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines of a CSV file with their numbers, the header being line 1."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            reader.fieldnames = [as_written(name) for name in reader.fieldnames or ()]
            missing = [name for name in columns if name not in reader.fieldnames]
            if missing:
                raise _refused(path.name, "column_missing", column=missing[0])
            for row in reader:
                if None in row:
                    raise _refused(f"{path.name}[{reader.line_num}]", "too_many_cells")
                yield reader.line_num, {name: as_written(cell) for name, cell in row.items()}
    except FileNotFoundError as error:
        raise _refused(str(path), "file_not_found") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refused(str(path), "file_not_readable") from error


def _decoded(kind: type[Value], data: object, path: Path, line: int) -> Value:
    try:
        return decode(kind, data)
    except InputError as error:
        place = f"{path.name}[{line}]"
        raise InputError(
            tuple(replace(found, field=joined([place, found.field])) for found in error.problems)
        ) from error


def _refused(field_name: str, code: str, **params: str) -> InputError:
    return InputError((Problem(field=field_name, code=code, params=dict(params)),))
