"""The table by month: one row a month, in columns that formulas read as blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.reports.xlsx.looks import HEADING, MUTED
from backend.reports.xlsx.sheet import Book
from backend.reports.xlsx.term import Block, Term, Value

FIRST_ROW = 4
"""Of month 0; above it stand the heads, and above those whom they are about."""

MONTHS_AT_LEAST = 60
"""The table goes so far, so that the horizon can be moved."""


Made = Callable[[int, Sequence[Term]], Term | Value]
"""A cell from its month and the cells above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table.

    Attributes:
        cells: By month, from 0.
        block: All of them.
        place: Of the column on its sheet.
    """

    cells: tuple[Term, ...]
    block: Block
    place: int


class MonthTable:
    """The table by month, which grows to the right."""

    def __init__(self, book: Book, last_month: int) -> None:
        self.last_month = last_month
        self.sheet = book.sheet("months", [9.0] + [14.0] * 12)
        self.sheet.text(0, 0, book.words("months.title"), HEADING)
        self.sheet.text(1, 0, book.words("months.note", months=last_month), MUTED, _UNWRAPPED)
        self.sheet.page.freeze_panes(FIRST_ROW, 1)
        self.sheet.page.repeat_rows(FIRST_ROW - 1)
        self.sheet.page.repeat_columns(0)
        self.sheet.for_working()
        self._next = 0
        self._book = book

    def whom(self, name: str) -> None:
        """Says above the next column whom it and the following ones are about."""
        self.sheet.text(FIRST_ROW - 2, self._next, name, HEADING)

    def column(self, key: str, made: Made, number: str = "money") -> Column:
        """Another column; ``made`` tells a cell from its month and the cells above it."""
        place = self._next
        self._next += 1
        self.sheet.columns(place, place, 9 if not place else 15)
        self.sheet.heads(FIRST_ROW - 1, [self._book.words(f"month.{key}")], texts=(), column=place)
        cells: list[Term] = []
        for month in range(self.last_month + 1):
            found = made(month, cells)
            cells.append(self.sheet.put(FIRST_ROW + month, place, found, number))
        block = self.sheet.block(FIRST_ROW, place, cells)
        return Column(cells=tuple(cells), block=block, place=place)


_UNWRAPPED = {"text_wrap": False}
