"""Tables as CSV: UTF-8 with its mark, full precision, nothing that a spreadsheet would run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wording.spreadsheet_cells import csv_line


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
    return "".join(map(csv_line, (table.columns, *table.rows))).encode("utf-8-sig")


def table_of(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Table:
    """A table from rows by column name; a missing cell is empty."""
    return Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(tuple(row.get(column) for column in columns) for row in rows),
    )
