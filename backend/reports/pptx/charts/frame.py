"""The room of a scatter chart: its axes, and values in their units."""

from dataclasses import dataclass, replace

from backend.reports.pptx.charts.axes import TITLE, NativeAxis, numbers_width_pt
from backend.reports.pptx.charts.chart_file import Room
from backend.reports.pptx.charts.marks import ErrorBar, Mark
from backend.reports.pptx.text_fit import LINE_HEIGHT, line_count
from wording.language import Language

BOTTOM_PT, TOP_PT, TITLE_PT, GAP_PT = 44.0, 10.0, 20.0, 8.0

TITLE_SHARE = 0.75
"""Of the height of a chart: an upright title that is longer is broken into lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How a chart is drawn.

    Attributes:
        main: Name of the candidate that all is about; it has the accent colour.
        language: Of the reader.
        width_pt: Of the whole chart.
        height_pt: Of the whole chart.
        mark: What stands beside the break-even mark; empty for nothing.
    """

    main: str
    language: Language
    width_pt: float
    height_pt: float
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Both axes, and the room between them."""

    x: NativeAxis
    y: NativeAxis
    room: Room


def frame_of(x: NativeAxis, y: NativeAxis, drawn: Drawn, *, right_pt: float) -> Frame:
    """The frame with so much room for names on the right."""
    left = left_pt(y, drawn)
    return Frame(
        x=x,
        y=y,
        room=Room(
            left=left / drawn.width_pt,
            top=TOP_PT / drawn.height_pt,
            width=(drawn.width_pt - left - right_pt) / drawn.width_pt,
            height=(drawn.height_pt - TOP_PT - BOTTOM_PT) / drawn.height_pt,
        ),
    )


def left_pt(y: NativeAxis, drawn: Drawn) -> float:
    """Room for the lines of the title and the numbers of the upright axis."""
    lines = line_count(y.title, width_pt=TITLE_SHARE * drawn.height_pt, size_pt=TITLE.size_pt)
    more = (lines - 1) * TITLE.size_pt * LINE_HEIGHT
    return TITLE_PT + more + numbers_width_pt(y, drawn.language) + GAP_PT


def scaled(mark: Mark, frame: Frame) -> Mark:
    """The same in the units of the axes."""
    bars = tuple(
        replace(
            bar,
            minus=tuple(_of_bar(bar, value, frame) for value in bar.minus),
            plus=tuple(_of_bar(bar, value, frame) for value in bar.plus),
        )
        for bar in mark.bars
    )
    return replace(
        mark,
        x=tuple(value / frame.x.factor for value in mark.x),
        y=tuple(frame.y.scaled(value) for value in mark.y),
        bars=bars,
    )


def _of_bar(bar: ErrorBar, value: float | None, frame: Frame) -> float | None:
    return (frame.x if bar.direction == "x" else frame.y).scaled(value)
