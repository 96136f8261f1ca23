"""Runs of MLflow's file store: ``<experiment>/<run>/meta.yaml``, ``metrics``, ``params``, ``tags``.

A line of a metric's file is ``timestamp_ms value step``; older ones have no step.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from backend.documents.plain_yaml import SpelledOutLoader
from backend.imports.text_lines import Progress, text_lines
from backend.imports.tracker_rows import TrackerRows
from planner.imports.logged_run import LoggedEnd
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import RepeatRule
from planner.refusal import Refusal, require

META = "meta.yaml"
LARGEST_META_BYTES = 2**18
LARGEST_FACT_BYTES = 2**16
MOST_FILES = 20_000

ENDS: Mapping[int, LoggedEnd] = {3: "finished", 4: "failed", 5: "failed"}
"""``RunStatus`` of MLflow's protocol: FINISHED, FAILED, KILLED."""


def is_run(folder: Path) -> bool:
    """Whether a folder is a run: experiments have no metrics of their own."""
    return (folder / META).is_file() and (folder / "metrics").is_dir()


def run_folders(folder: Path) -> tuple[Path, ...]:
    """Runs in a folder that may be a store, an experiment, a run, or hold one of them."""
    metas = sorted(folder.rglob(META))
    require(len(metas) <= MOST_FILES, "file", "import_too_many_files", most=MOST_FILES)
    return tuple(meta.parent for meta in metas if is_run(meta.parent))


def mlflow_file_runs(
    folder: Path,
    wanted: Collection[str] | None,
    repeats: RepeatRule,
    progress: Progress | None = None,
) -> Iterator[LoggedTable]:
    """Every run of the store that was not deleted.

    Args:
        folder: Of the store, of an experiment, or of a run.
        wanted: Names that are kept; None for all.
        repeats: What counts where values of one name and step contradict each other.
        progress: Called with the runs that are read and those of all.

    Raises:
        Refusal: A file of a run is not what MLflow writes; file and line are said.
    """
    runs = run_folders(folder)
    for place, run in enumerate(runs):
        if progress is not None:
            progress(place, len(runs))
        meta = _meta(run / META, folder)
        if meta.get("lifecycle_stage") == "deleted":
            continue
        rows = TrackerRows(wanted)
        for file in _files(run / "metrics"):
            _add(rows, file, file.relative_to(run / "metrics").as_posix())
        facts = {
            f"{kind}.{file.relative_to(run / part).as_posix()}": _fact(file)
            for kind, part in (("param", "params"), ("tag", "tags"))
            for file in _files(run / part)
            if not file.name.startswith("mlflow.")
        }
        start, status = meta.get("start_time"), meta.get("status")
        yield rows.table(
            str(meta.get("run_name") or meta.get("run_id") or run.name),
            "mlflow",
            repeats=repeats,
            facts=facts,
            ended=ENDS.get(status, "unknown") if isinstance(status, int) else "unknown",
            started_s=start / 1e3 if isinstance(start, int) and start < 2**63 else None,
        )


def _files(folder: Path) -> list[Path]:
    """Files below a folder, but those that a file browser leaves there."""
    found = sorted(
        file
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and not file.name.startswith(".")
    )
    require(len(found) <= MOST_FILES, "file", "import_too_many_files", most=MOST_FILES)
    return found


def _meta(path: Path, store: Path) -> dict[str, Any]:
    name = path.relative_to(store).as_posix()
    small = path.stat().st_size <= LARGEST_META_BYTES
    require(small, "file", "import_member_broken", name=name, line=1)
    try:
        found = yaml.load(path.read_bytes(), Loader=SpelledOutLoader)  # noqa: S506  # from SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        raise Refusal("file", "import_member_broken", name=name, line=line) from error
    require(isinstance(found, dict), "file", "import_member_broken", name=name, line=1)
    return dict(found)


def _add(rows: TrackerRows, file: Path, name: str) -> None:
    for number, line in enumerate(text_lines(file), start=1):
        parts = line.split()
        if not parts:
            continue
        try:
            time_s, value = int(parts[0]) / 1e3, float(parts[1])
            step = float(int(parts[2])) if len(parts) > 2 else 0.0
        except (ValueError, IndexError, OverflowError) as error:
            raise Refusal("file", "import_member_broken", name=name, line=number) from error
        rows.add(name, value, step=step, time_s=time_s, place=number)


def _fact(file: Path) -> str:
    with file.open("rb") as stream:
        return stream.read(LARGEST_FACT_BYTES).decode(errors="replace").strip()
