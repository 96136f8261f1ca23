"""The workbook inside a chart: its numbers, and names that no spreadsheet runs as a formula."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from backend.reports.pptx.typeset import escaped
from backend.reports.visible_text import visible

NAME = "Data"
_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Instead of a clock, so that the same numbers give the same bytes."""

Cell = float | str | None


@dataclass(slots=True)
class Sheet:
    """Columns that a chart refers to, in the order in which they are added."""

    columns: list[tuple[str, tuple[Cell, ...]]] = field(default_factory=list)

    def add(self, head: str, cells: Sequence[Cell]) -> int:
        """Adds a column and says which it is."""
        self.columns.append((head, tuple(cells)))
        return len(self.columns) - 1

    def name_xml(self, column: int) -> str:
        """XML that says where the name of a series is, and what it is."""
        text = escaped(self.columns[column][0])
        where = escape(f"{NAME}!{xl_range_abs(0, column, 0, column)}")
        return (
            f"<c:tx><c:strRef><c:f>{where}</c:f><c:strCache><c:ptCount val='1'/>"
            f"<c:pt idx='0'><c:v>{text}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        )

    def numbers_xml(self, column: int) -> str:
        """XML that says where numbers are, and what they are; a gap has none."""
        cells = self.columns[column][1]
        points = "".join(
            f"<c:pt idx='{place}'><c:v>{cell}</c:v></c:pt>"
            for place, cell in enumerate(cells)
            if cell is not None
        )
        return (
            f"<c:numRef><c:f>{self._where(column)}</c:f><c:numCache>"
            f"<c:formatCode>General</c:formatCode><c:ptCount val='{len(cells)}'/>{points}"
            "</c:numCache></c:numRef>"
        )

    def texts_xml(self, column: int) -> str:
        """XML that says where texts are, and what they are."""
        cells = self.columns[column][1]
        points = "".join(
            f"<c:pt idx='{place}'><c:v>{escaped(str(cell))}</c:v></c:pt>"
            for place, cell in enumerate(cells)
        )
        return (
            f"<c:strRef><c:f>{self._where(column)}</c:f><c:strCache>"
            f"<c:ptCount val='{len(cells)}'/>{points}</c:strCache></c:strRef>"
        )

    def xlsx(self) -> bytes:
        """The workbook; texts are texts, whatever they begin with."""
        file = io.BytesIO()
        book = Workbook(
            file,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        book.set_properties({"created": _DAY})
        page = book.add_worksheet(NAME)
        for column, (head, cells) in enumerate(self.columns):
            page.write_string(0, column, visible(head))
            for row, cell in enumerate(cells, start=1):
                if isinstance(cell, str):
                    page.write_string(row, column, visible(cell))
                elif cell is not None:
                    page.write_number(row, column, cell)
        book.close()
        return file.getvalue()

    def _where(self, column: int) -> str:
        last = max(len(self.columns[column][1]), 1)
        return escape(f"{NAME}!{xl_range_abs(1, column, last, column)}")
