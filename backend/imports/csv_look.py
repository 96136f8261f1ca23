"""A first look at a table in text: columns, first rows, runs, and what they seem to say."""

from collections import Counter
from itertools import islice
from pathlib import Path

from backend.imports.csv_runs import MOST_RUNS
from backend.imports.table_text import Chunk, TableText, chunks, open_table
from planner.imports.logged_run import SourceFormat
from planner.imports.look import FoundColumn, FoundRun, Look
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import unanswered
from planner.imports.suggested_mapping import suggested_mapping
from planner.refusal import require

FIRST_ROWS = 20


def look_at_csv(
    path: Path, mapping: ColumnMapping | None, *, name: str, source: SourceFormat = "csv"
) -> Look:
    """What a table holds; every line of it is read once.

    Raises:
        Refusal: A line of it cannot be read.
    """
    table = open_table(path)
    first = next(chunks(table), None)
    require(first is not None, "file", "import_empty")
    rows = _first_rows(first)
    suggested = suggested_mapping(table.header, rows)
    used = mapping or suggested
    columns = [
        FoundColumn(name=column, kind="column", sample=next(filter(None, cells), ""))
        for column, cells in zip(table.header, zip(*rows, strict=True), strict=True)
    ]
    return Look(
        source=source,
        form="csv",
        columns=tuple(columns),
        first_rows=rows,
        runs=_runs(table, used.run, name),
        suggested=suggested,
        asked=unanswered(used),
    )


def _first_rows(chunk: Chunk | None) -> tuple[tuple[str, ...], ...]:
    return () if chunk is None else tuple(islice(zip(*chunk.cells, strict=True), FIRST_ROWS))


def _runs(table: TableText, column: str | None, name: str) -> tuple[FoundRun, ...]:
    rows: Counter[str] = Counter()
    place = None if column is None else table.header.index(column)
    for chunk in chunks(table):
        if place is None:
            rows[name] += len(chunk.lines)
        else:
            rows.update(cell.strip() for cell in chunk.cells[place])
        require(len(rows) <= MOST_RUNS, "file", "import_too_many_runs", most=MOST_RUNS)
    return tuple(FoundRun(name=run, rows=count) for run, count in rows.items())
