"""Tables as CSV: UTF-8 with its mark, full precision, nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wording.spreadsheet_cells import STARTS_A_FORMULA

_QUOTE = "'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns.

    Attributes:
        name: Name of the file without its suffix; never a user's text.
        rows: As many cells each as columns; None is an empty cell.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def write_table(table: Table, folder: Path) -> Path:
    """Writes ``<folder>/<name>.csv``."""
    path = folder / f"{table.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(table_bytes(table))
    return path


def table_bytes(table: Table) -> bytes:
    """The whole file."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(name) for name in table.columns])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return stream.getvalue().encode("utf-8-sig")


def harmless(cell: object) -> object:
    """A text that a spreadsheet would run as a formula, or one in quotes, gets a quote in front."""
    if isinstance(cell, str) and cell.startswith((*STARTS_A_FORMULA, _QUOTE)):
        return _QUOTE + cell
    return cell


def as_written(cell: str) -> str:
    """The text that `harmless` made a cell from."""
    return cell.removeprefix(_QUOTE)


def table_of(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Table:
    """A table from rows by column name; a missing cell is empty."""
    return Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(tuple(row.get(column) for column in columns) for row in rows),
    )
