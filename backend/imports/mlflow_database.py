"""Runs of MLflow's tracking database in SQLite: a copy of the file, opened for reading only.

Nothing in the file is executed: what is read must be tables, not views or virtual tables that could
call functions; triggers act on writing, and nothing is written.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from backend.imports.text_lines import Progress
from backend.imports.tracker_rows import TrackerRows
from planner.imports.logged_run import LoggedEnd
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import RepeatRule
from planner.refusal import Refusal, require

MAGIC = b"SQLite format 3\0"
TABLES = ("experiments", "runs", "metrics", "params", "tags")
ENDS: Mapping[str, LoggedEnd] = {"FINISHED": "finished", "FAILED": "failed", "KILLED": "failed"}
LARGEST_FLOAT = 1.7976931348623157e308
"""What MLflow writes for infinity, which its databases do not hold."""

_LONGEST_TEXT_BYTES = 2**20
_RUNS = """SELECT run_uuid, name, status, start_time FROM runs
    WHERE lifecycle_stage = 'active' ORDER BY start_time, run_uuid"""
_METRICS = """SELECT rowid, key, value, timestamp, step, is_nan FROM metrics
    WHERE run_uuid = ? ORDER BY timestamp, rowid"""
_FACTS = {
    "param": "SELECT key, value FROM params WHERE run_uuid = ?",
    "tag": "SELECT key, value FROM tags WHERE run_uuid = ?",
}


def mlflow_database_runs(
    path: Path,
    wanted: Collection[str] | None,
    repeats: RepeatRule,
    progress: Progress | None = None,
) -> Iterator[LoggedTable]:
    """Every run that was not deleted.

    Args:
        path: Of the database.
        wanted: Names that are kept; None for all.
        repeats: What counts where values of one name and step contradict each other.
        progress: Called with the runs that are read and those of all.

    Raises:
        Refusal: It is no such database, or damaged; table and row are said.
    """
    with _copied(path) as copy, closing(_opened(copy)) as database:
        _check_tables(database)
        runs = list(_rows(database, "runs", _RUNS))
        for place, (run, name, status, start) in enumerate(runs):
            if progress is not None:
                progress(place, len(runs))
            rows = TrackerRows(wanted)
            for row in _rows(database, "metrics", _METRICS, run):
                _add(rows, row)
            yield rows.table(
                str(name or run),
                "mlflow",
                repeats=repeats,
                facts=_facts(database, run),
                ended=ENDS.get(str(status), "unknown"),
                started_s=start / 1e3 if isinstance(start, int) else None,
            )


@contextmanager
def _copied(path: Path) -> Iterator[Path]:
    """The database in a folder of its own, with what its program has not yet written back."""
    with tempfile.TemporaryDirectory(prefix="paybatch-import-") as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(path, copy)
        log = path.with_name(f"{path.name}-wal")
        if log.is_file():
            shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
        yield copy


def _opened(copy: Path) -> sqlite3.Connection:
    alone = not copy.with_name(f"{copy.name}-wal").is_file()
    mode = "mode=ro&immutable=1" if alone else "mode=ro"
    database = sqlite3.connect(f"{copy.as_uri()}?{mode}", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_TEXT_BYTES)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    try:
        for guard in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
            database.execute(f"PRAGMA {guard}")
        return database
    except sqlite3.Error as error:
        database.close()
        raise _broken("sqlite_master", 1) from error


def _check_tables(database: sqlite3.Connection) -> None:
    """Refuses a database in which one of MLflow's tables is missing, or is something else."""
    found = {
        name: (kind, sql)
        for name, kind, sql in _rows(
            database, "sqlite_master", "SELECT name, type, sql FROM sqlite_master"
        )
    }
    for table in TABLES:
        kind, sql = found.get(table, ("", ""))
        require(bool(kind), "file", "import_table_missing", table=table)
        plain = kind == "table" and str(sql).upper().startswith("CREATE TABLE")
        require(plain, "file", "import_table_not_plain", table=table)


def _rows(
    database: sqlite3.Connection, table: str, query: str, *given: str
) -> Iterator[tuple[Any, ...]]:
    number = 1
    try:
        for row in database.execute(query, given):
            yield row
            number += 1
    except (sqlite3.Error, OverflowError) as error:
        raise _broken(table, number) from error


def _add(rows: TrackerRows, row: tuple[Any, ...]) -> None:
    place, key, value, timestamp, step, is_nan = row
    numbers = all(isinstance(one, int | float) for one in (value, timestamp, step))
    if not numbers or not isinstance(key, str):
        raise _broken("metrics", place)
    lost = bool(is_nan) or abs(value) >= LARGEST_FLOAT
    rows.add(
        key,
        float("nan") if lost else float(value),
        step=step,
        time_s=timestamp / 1e3,
        place=place,
    )


def _facts(database: sqlite3.Connection, run: str) -> dict[str, str]:
    return {
        f"{kind}.{key}": str(value or "")
        for kind, query in _FACTS.items()
        for key, value in _rows(database, f"{kind}s", query, run)
        if not str(key).startswith("mlflow.")
    }


def _broken(table: str, row: int) -> Refusal:
    return Refusal("file", "import_table_broken", table=table, row=row)
