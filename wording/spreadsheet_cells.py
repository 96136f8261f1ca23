"""Cells and rows as spreadsheets of both languages take them."""

import csv
import io
from collections.abc import Iterable

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so may be run; spreadsheets set up for Japanese may read the wide signs as the
narrow ones (OWASP)."""

_QUOTE = "'"


def csv_line(row: Iterable[object]) -> str:
    """One row of a table with its line end, in which every cell is harmless."""
    line = io.StringIO(newline="")
    # Python quotes what is in the line end: a carriage return alone would begin a row of its own.
    csv.writer(line, lineterminator="\r\n").writerow([harmless(cell) for cell in row])
    return line.getvalue().removesuffix("\r\n") + "\n"


def harmless(cell: object) -> object:
    """A text that a spreadsheet would run as a formula, or one in quotes, gets a quote in front."""
    if isinstance(cell, str) and cell.startswith((*STARTS_A_FORMULA, _QUOTE)):
        return _QUOTE + cell
    return cell


def as_written(cell: str) -> str:
    """The text that `harmless` made a cell from."""
    return cell.removeprefix(_QUOTE)
