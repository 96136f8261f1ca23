"""A table as text: its delimiter, its header, and its rows with the lines that they stand on."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backend.imports.text_lines import Progress, text_lines
from planner.imports.logged_run import Values
from planner.imports.logged_table import NOT_FINITE, NOT_SAID
from planner.refusal import Refusal, require

if TYPE_CHECKING:
    import _csv

DELIMITERS = ("\t", ";", ",")
ROWS_A_CHUNK = 4096
CELLS_A_CHUNK = 64 * ROWS_A_CHUNK
"""What is held as text at a time: of a wide table fewer rows."""

MOST_COLUMNS = 2000
UNSAID = frozenset(("", "NA", "N/A", "n/a", "na", "null", "NULL", "None"))
"""Cells that hold no value; NaN and its like are values that are not finite."""

_SAID = 20
"""Characters of a wrong cell that a refusal repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableText:
    """A text file whose first line names its columns."""

    path: Path
    delimiter: str
    header: tuple[str, ...]

    @property
    def decimal_comma(self) -> bool:
        """With semicolons between them, numbers may have a comma in them."""
        return self.delimiter == ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows, column by column.

    Attributes:
        lines: Line on which each row ends.
        cells: A sequence of texts a column.
    """

    lines: Sequence[int]
    cells: Sequence[Sequence[str]]


def open_table(path: Path) -> TableText:
    """The table of a file.

    Raises:
        Refusal: It is empty, or its first line does not name columns.
    """
    first = next(text_lines(path), "")
    require(bool(first.strip()), "file", "import_empty")
    delimiter = max(DELIMITERS, key=first.count)
    names = _first_row(path, delimiter)
    header = tuple(name.strip() or f"column {place}" for place, name in enumerate(names, start=1))
    require(len(header) <= MOST_COLUMNS, "file", "import_too_many_columns", most=MOST_COLUMNS)
    require(not all(map(_is_number, header)), "file", "import_header_missing")
    for place, name in enumerate(header):
        require(name not in header[:place], "file", "import_column_repeated", column=name)
    return TableText(path=path, delimiter=delimiter, header=header)


def chunks(table: TableText, progress: Progress | None = None) -> Iterator[Chunk]:
    """All rows in their order; blank lines are left out.

    Raises:
        Refusal: A row has another number of cells than the header, or cannot be read.
    """
    rows: list[list[str]] = []
    lines: list[int] = []
    most = min(ROWS_A_CHUNK, CELLS_A_CHUNK // len(table.header))
    for line, row in _rows(table, progress):
        rows.append(row)
        lines.append(line)
        if len(rows) == most:
            yield Chunk(lines=lines, cells=list(zip(*rows, strict=True)))
            rows, lines = [], []
    if rows:
        yield Chunk(lines=lines, cells=list(zip(*rows, strict=True)))


def numbers(table: TableText, chunk: Chunk, column: str) -> Values:
    """A column as raw numbers, with `NOT_SAID` and `NOT_FINITE`.

    Raises:
        Refusal: A cell is neither empty nor a number; its line and column are said.
    """
    cells = chunk.cells[table.header.index(column)]
    try:
        values = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
    except ValueError:
        return _numbers_one_by_one(table, chunk, column)
    values[~np.isfinite(values)] = NOT_FINITE
    return values


def wrong_cell(line: int, column: str, cell: str) -> Refusal:
    """A cell that is not what its column holds."""
    return Refusal("file", "import_value_wrong", line=line, column=column, value=cell[:_SAID])


def _numbers_one_by_one(table: TableText, chunk: Chunk, column: str) -> Values:
    values = np.empty(len(chunk.lines))
    comma = table.decimal_comma
    for place, cell in enumerate(chunk.cells[table.header.index(column)]):
        text = cell.strip()
        if text in UNSAID:
            values[place] = NOT_SAID
            continue
        try:
            value = float(text.replace(",", ".") if comma else text)
        except ValueError as error:
            raise wrong_cell(chunk.lines[place], column, cell) from error
        values[place] = value if np.isfinite(value) else NOT_FINITE
    return values


def _rows(table: TableText, progress: Progress | None) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header, with the line on which each ends."""
    reader = _reader(table.path, table.delimiter, progress)
    width, line = len(table.header), 1
    try:
        next(reader)
        for row in reader:
            line = reader.line_num
            if len(row) == width:
                yield line, row
            elif row:
                raise Refusal(
                    "file", "import_cells_wrong", line=line, cells=len(row), columns=width
                )
    except csv.Error as error:
        raise Refusal("file", "import_line_unreadable", line=reader.line_num) from error


def _reader(path: Path, delimiter: str, progress: Progress | None = None) -> "_csv.Reader":
    return csv.reader(text_lines(path, progress), delimiter=delimiter, strict=True)


def _first_row(path: Path, delimiter: str) -> list[str]:
    try:
        return next(_reader(path, delimiter))
    except csv.Error as error:
        raise Refusal("file", "import_line_unreadable", line=1) from error


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
