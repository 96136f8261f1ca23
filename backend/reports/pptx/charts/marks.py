"""Series of a scatter chart as XML: lines, points, error bars, and names beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from backend.reports.pptx.charts.axes import line_xml
from backend.reports.pptx.charts.sheet import Sheet
from backend.reports.pptx.typeset import Type, colour, run
from wording.charts.palette import LIGHT
from wording.language import Language

POINT_EMU = 12700

Position = Literal["l", "r", "t", "b"]

_NO_LEADERS = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)
"""A label that was moved aside gets no line to its point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name beside one point of a series.

    Attributes:
        lines: Of the text.
        type: How it is set.
        point: Which one.
        position: On which side of the point.
        at_edge: Whether it stands at the right edge of the plot, wherever its line ends.
        right: Moved so far to the right, as a share of the chart's width.
        down: Moved so far down, as a share of the chart's height.
    """

    lines: tuple[str, ...]
    type: Type
    point: int
    position: Position = "r"
    at_edge: bool = False
    right: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBar:
    """The range of single points along one axis, in the unit of the axis."""

    direction: Literal["x", "y"]
    minus: Sequence[float | None]
    plus: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One series as it is drawn; values in the unit of the axes.

    Attributes:
        name: Of the series, in the workbook too.
        x: Positions.
        y: Values; None is a gap.
        colour: Of line and points.
        width_pt: Of the line; 0 draws none.
        dash: Of the line, by DrawingML's name.
        dot_pt: Size of its points; 0 draws none.
        bars: Ranges.
        label: Its name in the chart.
    """

    name: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    colour: str
    width_pt: float = 0.0
    dash: str = "solid"
    dot_pt: int = 0
    bars: tuple[ErrorBar, ...] = ()
    label: Label | None = None


def scatter_xml(
    marks: Sequence[Mark], sheet: Sheet, language: Language, *, axes: tuple[int, int]
) -> str:
    """XML of the plot; every mark gets its columns in the sheet."""
    # LibreOffice drops series that are shorter than others, or a single cell: all are of one
    # length, with empty cells at the end, which change nothing elsewhere.
    rows = max([2, *(len(mark.x) for mark in marks)])
    series = "".join(
        _series(mark, place, rows, sheet, language) for place, mark in enumerate(marks)
    )
    ids = "".join(f'<c:axId val="{axis}"/>' for axis in axes)
    return (
        '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f"{series}{ids}</c:scatterChart>"
    )


def _series(mark: Mark, place: int, rows: int, sheet: Sheet, language: Language) -> str:
    blank = (None,) * (rows - len(mark.x))
    x = sheet.add(f"{mark.name} · x", (*mark.x, *blank))
    y = sheet.add(mark.name, (*mark.y, *blank))
    bars = "".join(_bar(bar, mark, sheet) for bar in mark.bars)
    labels = _label(mark.label, language) if mark.label else ""
    look = (
        line_xml(mark.colour, round(mark.width_pt * POINT_EMU), mark.dash)
        if mark.width_pt
        else "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    )
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{sheet.name_xml(y)}{look}'
        f"{_dots(mark)}{labels}{bars}<c:xVal>{sheet.numbers_xml(x)}</c:xVal>"
        f'<c:yVal>{sheet.numbers_xml(y)}</c:yVal><c:smooth val="0"/></c:ser>'
    )


def _dots(mark: Mark) -> str:
    if not mark.dot_pt:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    return (
        f'<c:marker><c:symbol val="circle"/><c:size val="{mark.dot_pt}"/><c:spPr><a:solidFill>'
        f"{colour(mark.colour)}</a:solidFill><a:ln w='{POINT_EMU}'><a:solidFill>"
        f"{colour(LIGHT.surface)}</a:solidFill></a:ln></c:spPr></c:marker>"
    )


def _bar(bar: ErrorBar, mark: Mark, sheet: Sheet) -> str:
    ends = "".join(
        f"<c:{side}>{sheet.numbers_xml(sheet.add(f'{mark.name} · {bar.direction} {sign}', values))}"
        f"</c:{side}>"
        for side, sign, values in (("plus", "+", bar.plus), ("minus", "−", bar.minus))
    )
    return (
        f'<c:errBars><c:errDir val="{bar.direction}"/><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="0"/>{ends}'
        f"{line_xml(mark.colour, round(1.5 * POINT_EMU))}</c:errBars>"
    )


def _label(label: Label, language: Language) -> str:
    moved = ""
    if abs(label.right) + abs(label.down) > 1e-4:
        moved = (
            f'<c:layout><c:manualLayout><c:x val="{label.right:.5f}"/>'
            f'<c:y val="{label.down:.5f}"/></c:manualLayout></c:layout>'
        )
    text = "".join(
        f'<a:p><a:pPr algn="l"/>{run(line, label.type, language)}</a:p>' for line in label.lines
    )
    shown = "".join(
        f'<c:{what} val="{value}"/>'
        for what, value in (
            ("showLegendKey", 0),
            ("showVal", 0),
            ("showCatName", 0),
            ("showSerName", 1),
            ("showPercent", 0),
            ("showBubbleSize", 0),
        )
    )
    hidden = shown.replace('showSerName val="1"', 'showSerName val="0"')
    return (
        f'<c:dLbls><c:dLbl><c:idx val="{label.point}"/>{moved}<c:tx><c:rich>'
        f'<a:bodyPr wrap="none" anchor="ctr"/><a:lstStyle/>{text}</c:rich></c:tx>'
        f'<c:dLblPos val="{label.position}"/>{shown}</c:dLbl>{hidden}{_NO_LEADERS}</c:dLbls>'
    )
