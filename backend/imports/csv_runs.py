"""Runs of a table in text: a column a metric, or names and values in two columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.imports.day_times import day_times
from backend.imports.gathered import Codes, Facts, Numbers
from backend.imports.table_text import TableText, chunks, numbers, open_table, short_texts
from backend.imports.text_lines import Progress
from planner.imports.logged_run import SourceFormat, Values
from planner.imports.logged_table import LoggedTable, Places
from planner.imports.mapping import ColumnMapping
from planner.imports.pivoted_rows import pivoted
from planner.refusal import require

MOST_RUNS = 10_000
MOST_NAMES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All rows that a mapping needs, in the order of the file."""

    runs: Codes
    names: Codes
    columns: dict[str, Values]
    lines: Places
    facts: Facts
    of_run: NDArray[np.int32]
    about: NDArray[np.int32]


def csv_runs(
    path: Path,
    mapping: ColumnMapping,
    *,
    name: str,
    source: SourceFormat = "csv",
    progress: Progress | None = None,
) -> Iterator[LoggedTable]:
    """Every run of a table, in the order in which they begin.

    Args:
        path: Of the file.
        mapping: With every question answered.
        name: Of the run, where no column names runs.
        source: What the table is said to come from.
        progress: Called while the file is read.

    Raises:
        Refusal: Where the file is not what the mapping says, with line and column.
    """
    table = open_table(path)
    _check_columns(table, mapping)
    rows = _gathered(table, mapping, name, progress)
    order = np.argsort(rows.of_run, kind="stable")
    counts = np.bincount(rows.of_run, minlength=len(rows.runs.texts))
    for run, chosen in zip(rows.runs.texts, np.split(order, np.cumsum(counts)[:-1]), strict=True):
        columns = {column: values[chosen] for column, values in rows.columns.items()}
        lines, about = rows.lines[chosen], rows.about[chosen] if len(rows.about) else rows.about
        if mapping.shape == "long":
            columns, lines = _pivoted(columns, about, lines, mapping, rows.names.texts, run)
        yield LoggedTable(
            name=run, source=source, columns=columns, places=lines, facts=rows.facts.of(run)
        )


def number_columns(table: TableText, mapping: ColumnMapping) -> tuple[str, ...]:
    """Columns of a table that a mapping takes numbers from."""
    texts = (mapping.run, mapping.schedule, mapping.seed, mapping.name)
    return tuple(name for name in mapping.columns if name in table.header and name not in texts)


def _check_columns(table: TableText, mapping: ColumnMapping) -> None:
    """Refuses a mapping that names columns which the table lacks."""
    places = (mapping.run, mapping.schedule, mapping.seed, mapping.step, mapping.samples)
    must = [*places, mapping.name, mapping.value]
    must += [part.column for part in (mapping.epoch, mapping.timestamp) if part is not None]
    if mapping.shape == "wide":
        must += mapping.columns
    for name in must:
        known = name is None or name in table.header
        require(known, "file", "import_column_unknown", column=str(name))


def _gathered(
    table: TableText, mapping: ColumnMapping, name: str, progress: Progress | None
) -> Rows:
    wanted = number_columns(table, mapping)
    facts = [one for one in (mapping.schedule, mapping.seed) if one is not None]
    runs, names = Codes(), Codes()
    gathered, said, lines = Numbers(wanted), Facts(facts), list[Places]()
    dated = mapping.timestamp if mapping.timestamp and mapping.timestamp.form == "iso8601" else None
    for chunk in chunks(table, progress):
        count = len(chunk.lines)
        of_run = (name,) * count
        if mapping.run is not None:
            of_run = tuple(short_texts(table, chunk, mapping.run))
        runs.add(of_run)
        require(len(runs.texts) <= MOST_RUNS, "file", "import_too_many_runs", most=MOST_RUNS)
        if mapping.name is not None:
            names.add(short_texts(table, chunk, mapping.name))
            few = len(names.texts) <= MOST_NAMES
            require(few, "file", "import_too_many_names", most=MOST_NAMES)
        for column in wanted:
            is_dated = dated is not None and column == dated.column
            read = day_times(table, chunk, dated) if dated and is_dated else None
            gathered.add(column, numbers(table, chunk, column) if read is None else read)
        for fact in facts:
            said.add(fact, of_run, short_texts(table, chunk, fact), chunk.lines)
        lines.append(np.array(chunk.lines, dtype=np.int64))
    require(bool(lines), "file", "import_empty")
    return Rows(
        runs=runs,
        names=names,
        columns=gathered.columns(),
        lines=np.concatenate(lines),
        facts=said,
        of_run=runs.column(),
        about=names.column(),
    )


def _pivoted(
    columns: dict[str, Values],
    about: NDArray[np.int32],
    lines: Places,
    mapping: ColumnMapping,
    names: tuple[str, ...],
    run: str,
) -> tuple[dict[str, Values], Places]:
    key = mapping.place_column
    here = np.isfinite(columns[key])
    keys = columns.pop(key)[here]
    values = columns.pop(mapping.value or "")[here]
    used = {code: name for code, name in enumerate(names) if name in mapping.columns}
    kept, found, lines = pivoted(
        keys,
        (about[here], values),
        {name: column[here] for name, column in columns.items()},
        lines[here],
        names=used,
        latest=mapping.time_columns,
        repeats=mapping.repeats,
        run=run,
    )
    return {**found, key: kept}, lines
