"""A native table: grey heads, thin rules, numbers on the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from backend.reports.pptx.shapes import Rect, Sheet, describe
from backend.reports.pptx.text_fit import shortened, width_pt
from backend.reports.pptx.typeset import Paragraph, Type, colour, paragraphs
from backend.reports.visible_text import visible
from wording.charts.palette import LIGHT

ROW_PT, LEAST_ROW_PT = 22.0, 16.0
"""Height of a row, and down to what it goes so that no row is left out."""

PAD_PT = 7.0
SIZES_PT = (11.0, 10.5, 10.0, 9.5, 9.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Texts of a table as they go on a slide.

    Attributes:
        title: What it is, for those who cannot see it.
        heads: Of the columns.
        rows: As many cells each as heads.
        right: Columns that hold numbers.
        bold: Rows that stand out.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()
    bold: frozenset[int] = frozenset()


def native_table(sheet: Sheet, place: Rect, grid: Grid) -> None:
    """The table, its rows as high as there is room for."""
    rows = [[visible(cell) for cell in row] for row in grid.rows]
    height_pt = max(LEAST_ROW_PT, min(ROW_PT, place.height / (len(rows) + 1)))
    heads = [visible(head) for head in grid.heads]
    size, widths = _widths([heads, *rows], place.width)
    for row in (heads, *rows):
        sheet.unsaid.extend(
            cell for cell, width in zip(row, widths, strict=True) if _cut(cell, width, size) != cell
        )
    frame = sheet.slide.shapes.add_table(
        len(rows) + 1,
        len(heads),
        Pt(place.left),
        Pt(place.top),
        Pt(place.width),
        Pt(height_pt * (len(rows) + 1)),
    )
    frame.name = grid.title
    describe(frame, grid.title)
    columns = "".join(f'<a:gridCol w="{round(width * 12700)}"/>' for width in widths)
    body = "".join(_rows(heads, rows, widths, size, grid, sheet, height_pt=height_pt))
    table = parse_xml(
        f"<a:tbl {nsdecls('a')}><a:tblPr firstRow='1'/><a:tblGrid>{columns}</a:tblGrid>"
        f"{body}</a:tbl>"
    )
    old = frame.element.find(".//" + qn("a:tbl"))
    old.getparent().replace(old, table)


def _widths(rows: Sequence[Sequence[str]], room_pt: float) -> tuple[float, list[float]]:
    """The largest size in which all cells fit, and the widths of the columns then."""
    wanted: list[float] = []
    for size in SIZES_PT:
        wanted = [
            max(width_pt(cell, size_pt=size, bold=True) for cell in column) + 2 * PAD_PT
            for column in zip(*rows, strict=True)
        ]
        if sum(wanted) <= room_pt:
            break
    spare = room_pt - sum(wanted)
    if spare >= 0:
        return size, [width + spare / len(wanted) for width in wanted]
    return size, _narrowed(wanted, room_pt)


def _narrowed(wanted: Sequence[float], room_pt: float) -> list[float]:
    """The widest columns give way until all have room."""
    low, high = 0.0, max(wanted)
    for _ in range(40):
        middle = (low + high) / 2
        if sum(min(width, middle) for width in wanted) > room_pt:
            high = middle
        else:
            low = middle
    return [min(width, low) for width in wanted]


def _rows(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    size: float,
    grid: Grid,
    sheet: Sheet,
    *,
    height_pt: float,
) -> Iterator[str]:
    head = Type(size_pt=size, colour=LIGHT.muted)
    for number, row in enumerate((heads, *rows)):
        bold = number - 1 in grid.bold
        type_ = head if number == 0 else Type(size_pt=size, bold=bold)
        cells = "".join(
            _cell(_cut(cell, width, size), type_, place in grid.right, number == 0, sheet)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f'<a:tr h="{round(height_pt * 12700)}">{cells}</a:tr>'


def _cut(cell: str, width: float, size: float) -> str:
    return shortened(cell, width_pt=width - 2 * PAD_PT + 0.5, size_pt=size, bold=True)


def _cell(words: str, type_: Type, right: bool, head: bool, sheet: Sheet) -> str:
    aligned = Type(
        size_pt=type_.size_pt,
        colour=type_.colour,
        bold=type_.bold,
        align="r" if right else "l",
    )
    one = paragraphs([Paragraph(text=words, type=aligned)], sheet.language)
    pad = round(PAD_PT * 12700)
    none = "".join(f"<a:{side}><a:noFill/></a:{side}>" for side in ("lnL", "lnR", "lnT"))
    rule = f'<a:lnB w="9525"><a:solidFill>{colour(LIGHT.line)}</a:solidFill></a:lnB>'
    fill = LIGHT.soft if head else LIGHT.surface
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{one}</a:txBody>"
        f'<a:tcPr marL="{pad}" marR="{pad}" marT="0" marB="0" anchor="ctr">{none}{rule}'
        f"<a:solidFill>{colour(fill)}</a:solidFill></a:tcPr></a:tc>"
    )
