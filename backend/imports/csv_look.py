"""A first look at a table in text: columns, first rows, runs, and what they seem to say."""

from collections import Counter
from pathlib import Path

from backend.imports.csv_runs import MOST_NAMES, MOST_RUNS
from backend.imports.table_text import Chunk, TableText, chunks, open_table, short_texts
from backend.imports.text_lines import Progress
from planner.imports.logged_run import SourceFormat
from planner.imports.look import FoundColumn, FoundRun, Look
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import unanswered
from planner.imports.suggested_mapping import suggested_mapping
from planner.refusal import require

FIRST_ROWS = 20
LONGEST_CELL = 80
"""Characters of a cell that are shown."""


def look_at_csv(
    path: Path,
    mapping: ColumnMapping | None,
    *,
    name: str,
    source: SourceFormat = "csv",
    progress: Progress | None = None,
) -> Look:
    """What a table holds; every line of it is read once.

    Args:
        path: Of the file.
        mapping: Under which runs are counted; None for the suggested one.
        name: Of the run, where no column names runs.
        source: What the table is said to come from.
        progress: Called while the file is read.

    Raises:
        Refusal: A line of it cannot be read.
    """
    table = open_table(path)
    first = next(chunks(table), None)
    require(first is not None, "file", "import_empty")
    told = () if first is None else tuple(zip(*first.cells, strict=True))
    suggested = suggested_mapping(table.header, told)
    rows = tuple(tuple(cell[:LONGEST_CELL] for cell in row) for row in told[:FIRST_ROWS])
    used = mapping or suggested
    columns = [
        FoundColumn(name=column, kind="column", sample=next(filter(None, cells), ""))
        for column, cells in zip(table.header, zip(*rows, strict=True), strict=True)
    ]
    runs, names = _counted(table, used, name, progress)
    return Look(
        source=source,
        form="csv",
        columns=(*columns, *names),
        first_rows=rows,
        runs=runs,
        suggested=suggested,
        asked=unanswered(used),
    )


def _counted(
    table: TableText, mapping: ColumnMapping, name: str, progress: Progress | None
) -> tuple[tuple[FoundRun, ...], tuple[FoundColumn, ...]]:
    """Rows of every run, and what a column of names holds with its first value."""
    rows: Counter[str] = Counter()
    names: dict[str, str] = {}
    for chunk in chunks(table, progress):
        rows.update(_cells(table, chunk, mapping.run) or {name: len(chunk.lines)})
        require(len(rows) <= MOST_RUNS, "file", "import_too_many_runs", most=MOST_RUNS)
        about, said = (_cells(table, chunk, one) for one in (mapping.name, mapping.value))
        for told, value in zip(about, said, strict=True):
            names.setdefault(told, value[:LONGEST_CELL])
        require(len(names) <= MOST_NAMES, "file", "import_too_many_names", most=MOST_NAMES)
    return (
        tuple(FoundRun(name=run, rows=count) for run, count in rows.items()),
        tuple(FoundColumn(name=told, kind="name", sample=value) for told, value in names.items()),
    )


def _cells(table: TableText, chunk: Chunk, column: str | None) -> list[str]:
    """A column's cells; none where no column is named.

    Raises:
        Refusal: The table has no such column, or one that holds more than names and numbers.
    """
    if column is None:
        return []
    require(column in table.header, "file", "import_column_unknown", column=column)
    return [cell.strip() for cell in short_texts(table, chunk, column)]
