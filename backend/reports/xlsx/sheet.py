"""One sheet that is written cell by cell; a formula goes in with its value."""

import math
from collections.abc import Collection, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from backend.reports.visible_text import visible
from backend.reports.xlsx.looks import HEAD, INDENT, LEFT, RIGHT, Look, Looks
from backend.reports.xlsx.term import Block, Term, Value
from backend.reports.xlsx.widths import lines_of
from wording.catalogue import say
from wording.charts.palette import LIGHT
from wording.language import Language
from wording.money import currency_name

_A4 = 9
_LINE_POINTS = 13.5
_NARROW = 9.0
_WORKING_SCALE = 60
_MARGIN_INCHES = 0.5


class Book:
    """The workbook that is being made.

    Attributes:
        workbook: Of XlsxWriter.
        language: Of every word in it.
        looks: Formats of its cells.
        currency: Of every amount that has no other.
    """

    def __init__(self, workbook: Workbook, language: Language, currency: str) -> None:
        self.workbook = workbook
        self.language = language
        self.currency = currency
        self.looks = Looks(workbook, language, currency)

    def words(self, key: str, **params: str | float) -> str:
        """A message below ``workbook.``."""
        return say(f"workbook.{key}", self.language, **params)

    def unit(self, key: str, currency: str = "") -> str:
        """A unit below ``workbook.``, with the currency as people write it behind figures."""
        code = currency or self.currency
        shown = currency_name(code, self.language) if self.language == "ja" else code
        return self.words(key, currency=shown)

    def sheet(self, key: str, widths: Sequence[float]) -> "Sheet":
        """Another sheet, named in the language, columns as wide as so many characters."""
        return Sheet(self, self.words(f"sheet.{key}"), widths)

    def name(self, name: str, term: Term) -> Term:
        """Gives the cell of a term a name; formulas use it from then on."""
        self.workbook.define_name(name, f"={term.text}")
        return Term(text=name, value=term.value)


class Sheet:
    """One sheet; rows and columns are counted from 0.

    Attributes:
        book: The workbook.
        page: The sheet of XlsxWriter.
        title: Its name.
    """

    def __init__(self, book: Book, title: str, widths: Sequence[float]) -> None:
        self.book = book
        self.title = title
        self.page: Worksheet = book.workbook.add_worksheet(title)
        self._widths: dict[int, float] = {}
        self._lines: dict[int, int] = {}
        for column, width in enumerate(widths):
            self.columns(column, column, width)
        self.page.hide_gridlines(2)
        self.page.set_landscape()
        self.page.set_paper(_A4)
        self.page.fit_to_pages(1, 0)
        self.page.set_margins(*([_MARGIN_INCHES] * 2), 0.6, 0.7)
        self.page.set_footer("&L&A&R&P / &N")

    def text(self, row: int, column: int, text: str, *looks: Look) -> None:
        """Anybody's text, which stays text whatever it begins with."""
        self.page.write_string(row, column, visible(text), self.book.looks.of(*looks))

    def heads(
        self, row: int, heads: Sequence[str], *, texts: Collection[int] = (0,), column: int = 0
    ) -> None:
        """Heads of columns: those at ``texts`` stand over text, all others over numbers.

        The first column is flush with the sheet; texts in others are indented.
        """
        lines = 1
        for place, head in enumerate(heads):
            over = RIGHT if place not in texts else INDENT if place else LEFT
            self.text(row, column + place, head, HEAD, over)
            lines = max(lines, lines_of(head, self._widths.get(column + place, _NARROW)))
        self._tall(row, lines)

    def columns(self, first: int, last: int, width: float) -> None:
        """Makes columns as wide as so many digits."""
        self.page.set_column(first, last, width, self.book.looks.of())
        for column in range(first, last + 1):
            self._widths[column] = width

    def _tall(self, row: int, lines: int) -> None:
        """As many lines as the longest head needs, also of those that were put before."""
        self._lines[row] = max(lines, self._lines.get(row, 1))
        self.page.set_row(row, _LINE_POINTS * self._lines[row] + 3)

    def put(
        self, row: int, column: int, found: Term | Value, number: str = "exact", *looks: Look
    ) -> Term:
        """A constant, or a formula with its value; tells the cell as a term."""
        look = self.book.looks.of(*looks, number=number)
        if isinstance(found, Term):
            self._formula(row, column, found, look)
            value = found.value
        else:
            value = found
            self._constant(row, column, value, look)
        return Term(text=self.address(row, column), value=value)

    def block(self, row: int, column: int, cells: Sequence[Term]) -> Block:
        """Cells that were put one below the other, the first of them at this row."""
        ends = self._local(row, column), self._local(row + len(cells) - 1, column)
        return Block(
            text=f"{self._quoted()}{ends[0]}:{ends[1]}",
            values=tuple(cell.value for cell in cells),
        )

    def for_working(self) -> None:
        """Printed as it is: fitted to one page's width it could not be read."""
        self.page.set_print_scale(_WORKING_SCALE)
        self.page.set_tab_color(LIGHT.axis)

    def address(self, row: int, column: int) -> str:
        """Of a cell, as any sheet reads it."""
        return self._quoted() + self._local(row, column)

    def _formula(self, row: int, column: int, found: Term, look: Format) -> None:
        value = found.value
        if not isinstance(value, str) and not math.isfinite(value):
            raise ValueError(f"{self.address(row, column)} has no value: {found.text}")
        self.page.write_formula(row, column, f"={found.text}", look, value)

    def _constant(self, row: int, column: int, value: Value, look: Format) -> None:
        if isinstance(value, str):
            self.page.write_string(row, column, visible(value), look)
        else:
            self.page.write_number(row, column, value, look)

    def _quoted(self) -> str:
        return f"'{self.title}'!"

    @staticmethod
    def _local(row: int, column: int) -> str:
        return f"${xl_col_to_name(column)}${row + 1}"
