"""Sentences across several columns, each in a row as high as it needs."""

from collections.abc import Sequence

from backend.reports.visible_text import visible
from backend.reports.xlsx.looks import TEXT, Look
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.widths import lines_of

_LINE_POINTS = 14.0
_POINTS = 10


def put_paragraphs(
    sheet: Sheet,
    row: int,
    sentences: Sequence[str],
    look: Look,
    *,
    widths: Sequence[float],
    column: int = 0,
) -> int:
    """Writes them below each other and tells the next free row.

    Args:
        sheet: To be written on.
        row: Of the first.
        sentences: Anybody's text.
        look: Over that of wrapped text.
        widths: Of the sheet's columns; the last of them is where the sentences end.
        column: Where they begin.
    """
    found = sheet.book.looks.of(TEXT, look)
    size = float(look.get("font_size", _POINTS)) / _POINTS
    room = sum(widths[column:]) / size
    for sentence in sentences:
        if column < len(widths) - 1:
            sheet.page.merge_range(row, column, row, len(widths) - 1, "", found)
        sheet.page.write_string(row, column, visible(sentence), found)
        sheet.page.set_row(row, lines_of(sentence, room) * _LINE_POINTS * size + 3)
        row += 1
    return row
