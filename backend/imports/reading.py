"""What a file of another program holds, and its runs under a mapping.

Files lie on this computer's disk: an upload is spooled there first. Memory is bounded by what
`backend.imports.gathered` holds at most, whatever the size of the file.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from backend.imports.csv_look import look_at_csv
from backend.imports.csv_runs import csv_runs
from backend.imports.dawnbench import dawnbench_runs
from backend.imports.dawnbench_look import look_at_dawnbench
from backend.imports.json_runs import json_runs
from backend.imports.mlflow_database import mlflow_database_runs
from backend.imports.mlflow_files import mlflow_file_runs
from backend.imports.recognition import Source, recognised
from backend.imports.tensorboard_runs import tensorboard_runs
from backend.imports.text_lines import Progress
from backend.imports.tracker_look import look_at_tracker
from backend.imports.unpacking import unpacked
from backend.imports.wandb_runs import wandb_runs
from planner.imports.assembled_run import assembled
from planner.imports.logged_run import LoggedRun, SourceFormat
from planner.imports.logged_table import LoggedTable
from planner.imports.look import LogForm, Look
from planner.imports.mapping import ColumnMapping, RepeatRule
from planner.imports.questions import check_answered
from planner.refusal import Refusal, require

SOURCES: dict[LogForm, SourceFormat] = {
    "csv": "csv",
    "json": "wandb",
    "mlflow_files": "mlflow",
    "mlflow_database": "mlflow",
    "tensorboard": "tensorboard",
    "wandb_offline": "wandb",
    "dawnbench": "dawnbench",
}


def look(
    path: Path,
    mapping: ColumnMapping | None = None,
    progress: Progress | None = None,
    *,
    name: str | None = None,
) -> Look:
    """What a file, zip archive or folder holds, and what must be told before it can be read.

    Args:
        path: Of the file or folder.
        mapping: Under which runs are counted; None for the suggested one.
        progress: Called with how much is read and how much there is, in bytes or runs.
        name: As the person who brings it calls the file; None for the path's own.

    Raises:
        Refusal: It is none of the known formats, or broken; where is said.
    """
    called = _stem(path, name)
    with _sources(path) as source:
        if source.form == "csv":
            return look_at_csv(source.path, mapping, name=called, progress=progress)
        if source.form == "dawnbench":
            return look_at_dawnbench(source.files, mapping)
        form = _plain(source)
        tables = _told_apart(_tracked(source, None, "last", called, progress))
        return look_at_tracker(tables, mapping, source=SOURCES[form], form=form)


def read(
    path: Path,
    mapping: ColumnMapping,
    progress: Progress | None = None,
    *,
    name: str | None = None,
) -> Iterator[LoggedRun]:
    """Runs of a file, archive or folder, one by one; those that never reach anything are kept.

    Args:
        path: Of the file or folder.
        mapping: What its columns say.
        progress: Called with how much is read and how much there is, in bytes or runs.
        name: As the person who brings it calls the file; None for the path's own.

    Raises:
        Refusal: The mapping leaves a question open, or the file is not what it says.
    """
    check_answered(mapping)
    found = 0
    with _sources(path) as source:
        for table in _told_apart(_tables(source, mapping, _stem(path, name), progress)):
            run = assembled(table, mapping)
            if run is not None:
                found += 1
                yield run
    require(found > 0, "file", "import_no_steps", column=mapping.place_column)


def _tables(
    source: Source, mapping: ColumnMapping, name: str, progress: Progress | None
) -> Iterator[LoggedTable]:
    if source.form == "csv":
        return csv_runs(source.path, mapping, name=name, progress=progress)
    if source.form == "dawnbench":
        return dawnbench_runs(source.files, mapping, progress)
    return _tracked(source, mapping.columns, mapping.repeats, name, progress)


def _tracked(
    source: Source,
    wanted: Collection[str] | None,
    repeats: RepeatRule,
    name: str,
    progress: Progress | None,
) -> Iterator[LoggedTable]:
    match source.form:
        case "json":
            return json_runs(source.path, wanted, repeats, name=name, progress=progress)
        case "mlflow_files":
            return mlflow_file_runs(source.path, wanted, repeats, progress)
        case "mlflow_database":
            return mlflow_database_runs(source.path, wanted, repeats, progress)
        case "tensorboard":
            files = source.files
            return tensorboard_runs(
                source.path, files, wanted, repeats, name=name, progress=progress
            )
        case _:
            return wandb_runs(source.files, wanted, repeats, progress)


def _told_apart(tables: Iterator[LoggedTable]) -> Iterator[LoggedTable]:
    """Runs of one name become "name", "name (2)", in the order of the source."""
    seen: dict[str, int] = {}
    for table in tables:
        count = seen[table.name] = seen.get(table.name, 0) + 1
        yield table if count == 1 else replace(table, name=f"{table.name} ({count})")


@contextmanager
def _sources(path: Path) -> Iterator[Source]:
    """What lies at a path, unpacked where it is an archive."""
    source = recognised(path)
    if source.form != "zip":
        yield source
        return
    with unpacked(path) as folder:
        yield recognised(folder)


def _plain(source: Source) -> LogForm:
    if source.form == "zip":
        raise Refusal("file", "import_format_unknown")
    return source.form


def _stem(path: Path, name: str | None) -> str:
    return Path(name or path.name).stem or "run"
