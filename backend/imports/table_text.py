"""A table as text: its delimiter, its header, and its rows with the lines that they stand on."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
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
ROWS_A_CHUNK = 512
CELLS_A_CHUNK = 64 * ROWS_A_CHUNK
"""What is held as text at a time: of a wide table fewer rows. It fits into the caches of a core."""

BYTES_A_CHUNK = 8 * 2**20
"""And of a table with long cells."""

ROWS_AT_ONCE = 8
BYTES_AT_ONCE = 16 * 2**20
"""Of so few rows, whose quoted cells may hold line ends: a quote may never be closed."""

MOST_COLUMNS = 2000
UNSAID = frozenset(("", "NA", "N/A", "n/a", "na", "null", "NULL", "None"))
"""Cells that hold no value; NaN and its like are values that are not finite."""

LONGEST_TEXT = 1000
"""Characters of a cell that names a run, a metric or a schedule: many thousand of them are kept."""

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
    text = _Text(table, progress)
    try:
        while rows := text.rows():
            chunk = _chunk(rows, text, width=len(table.header))
            if chunk.lines:
                yield chunk
    except csv.Error as error:
        raise Refusal("file", "import_line_unreadable", line=text.line) from error


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


def short_texts(table: TableText, chunk: Chunk, column: str) -> Sequence[str]:
    """A column of names.

    Raises:
        Refusal: One is longer than any name; its line is said.
    """
    cells = chunk.cells[table.header.index(column)]
    lengths = list(map(len, cells))
    if max(lengths, default=0) > LONGEST_TEXT:
        place = next(at for at, length in enumerate(lengths) if length > LONGEST_TEXT)
        raise wrong_cell(chunk.lines[place], column, cells[place])
    return cells


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


class _Text:
    """A table's rows below its header, as many at a time as may be held.

    Attributes:
        line: On which the last row ends.
        before: On which the row before those that were read last ends.
    """

    def __init__(self, table: TableText, progress: Progress | None) -> None:
        self._most = min(ROWS_A_CHUNK, CELLS_A_CHUNK // len(table.header))
        self._progress = progress
        self._done_bytes = self._row_bytes = 0
        self._reader = _reader(text_lines(table.path, self._note), table.delimiter)
        next(self._reader)
        self.before = self.line

    @property
    def line(self) -> int:
        return self._reader.line_num

    def rows(self) -> list[list[str]]:
        """The next rows; none at the end.

        Raises:
            csv.Error: A row cannot be read, or is longer than any.
        """
        rows: list[list[str]] = []
        self.before = self.line
        begin_bytes = self._done_bytes
        while len(rows) < self._most and self._done_bytes - begin_bytes < BYTES_A_CHUNK:
            self._row_bytes = self._done_bytes
            read = list(islice(self._reader, ROWS_AT_ONCE))
            rows += read
            if len(read) < ROWS_AT_ONCE:
                break
        return rows

    def _note(self, done: int, size: int) -> None:
        """Before each block of lines."""
        if done - self._row_bytes > BYTES_AT_ONCE:
            raise csv.Error
        self._done_bytes = done
        if self._progress is not None:
            self._progress(done, size)


def _chunk(rows: list[list[str]], text: _Text, *, width: int) -> Chunk:
    """Rows with their lines: a quoted cell may hold line ends, and a blank line is no row."""
    lines: Sequence[int] = range(text.before + 1, text.line + 1)
    if len(lines) != len(rows) or set(map(len, rows)) != {width}:
        ends = text.before + np.cumsum([1 + sum(cell.count("\n") for cell in row) for row in rows])
        for line, row in zip(ends.tolist(), rows, strict=True):
            if len(row) not in (0, width):
                raise Refusal(
                    "file", "import_cells_wrong", line=line, cells=len(row), columns=width
                )
        lines = [line for line, row in zip(ends.tolist(), rows, strict=True) if row]
        rows = [row for row in rows if row]
    return Chunk(lines=lines, cells=list(zip(*rows, strict=True)))


def _reader(lines: Iterator[str], delimiter: str) -> "_csv.Reader":
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _first_row(path: Path, delimiter: str) -> list[str]:
    try:
        return next(_reader(text_lines(path), delimiter))
    except csv.Error as error:
        raise Refusal("file", "import_line_unreadable", line=1) from error


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
