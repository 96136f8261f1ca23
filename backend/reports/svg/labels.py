"""Names beside what they name, so that no legend is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backend.reports.markup import element
from backend.reports.svg.frame import Frame, level_line, words
from backend.reports.svg.look import Look, text_width_px
from planner.chart import Chart, Series
from wording.catalogue import say
from wording.charts.axis_spans import Span
from wording.charts.end_labels import LINE_HEIGHT_PX, label_height_px, spread, wrapped
from wording.charts.series_look import colour_of, name_of

LEVELS = ("target", "budget")
"""Values of a chart that are drawn as horizontal lines."""

EARLY = 0.35
"""Share of the axis up to which a mark's box stands right of it, below the curve."""

BOX_PX, ROOM_BELOW_PX = 26, 40
"""Height of that box, and what it needs below the mark."""

GAP_PX = 8
_SHARES = (0.0, 0.25, 0.5, 0.75)


def lines_of_words(
    name: str, x_px: float, middle_px: float, colour: str, *, bold: bool, anchor: str | None = None
) -> Iterator[str]:
    """A wrapped name around a height."""
    pieces = wrapped(name)
    first = middle_px - LINE_HEIGHT_PX * (len(pieces) - 1) / 2 + 4.5
    for place, piece in enumerate(pieces):
        height = first + place * LINE_HEIGHT_PX
        yield words(piece, x_px, height, colour, anchor=anchor, bold=bold)


def margin_for(lines: Sequence[Series], look: Look) -> float:
    """Room to the right of the plot for the longest name."""
    names = (wrapped(name_of(series, look.language)) for series in lines)
    longest = max((text_width_px(piece) for pieces in names for piece in pieces), default=0.0)
    return longest + 2 * GAP_PX


def end_labels(chart: Chart, lines: Sequence[Series], look: Look, frame: Frame) -> Iterator[str]:
    """Every line's name at its end, moved apart where they would touch."""
    plot_px = frame.bottom_px - frame.top_px
    ends = [
        (frame.y.place(end) * plot_px, series)
        for series in lines
        if (end := _last(series, frame.y)) is not None
    ]
    ends.sort(key=lambda found: found[0])
    names = [name_of(series, look.language) for _, series in ends]
    placed = spread(
        [height for height, _ in ends], [label_height_px(name) for name in names], -8, plot_px + 8
    )
    for height, name, (_, series) in zip(placed, names, ends, strict=True):
        colour = colour_of(series, chart, look.palette, main=look.main)
        middle = frame.bottom_px - height
        bold = series.name == look.main
        yield from lines_of_words(name, frame.right_px + GAP_PX, middle, colour, bold=bold)


def _last(series: Series, y: Span) -> float | None:
    known = (value for value in reversed(series.y) if value is not None)
    return next((value for value in known if value > 0 or not y.axis.logarithmic), None)


def levels(chart: Chart, look: Look, frame: Frame) -> Iterator[str]:
    """Horizontal lines that the chart names: the target, or the end of the budget."""
    for name in LEVELS:
        value = chart.params.get(name)
        if not isinstance(value, float) or not frame.y.low < value < frame.y.high:
            continue
        height = frame.up(value)
        yield level_line(
            frame,
            height,
            stroke=look.palette.axis,
            stroke_width=1.2,
            stroke_dasharray="8 3 2 3",
            data_level=name,
            data_y=repr(value),
        )
        shown = say(f"chart.level.{name}", look.language)
        left = _free_place(chart, frame, height, text_width_px(shown))
        yield words(shown, left, height - 5, look.palette.muted)


def _free_place(chart: Chart, frame: Frame, height: float, width: float) -> float:
    """The leftmost place above a level where no line runs through its name."""
    room = frame.right_px - frame.left_px - width
    places = [frame.left_px + 2 + share * room for share in _SHARES]
    for left in places:
        across = np.arange(left - 4, left + width + 4, 2.0)
        lines = [_heights(series, frame, across) for series in chart.series]
        if not any(((at > height - 20) & (at < height + 6)).any() for at in lines):
            return left
    return places[0]


def _heights(series: Series, frame: Frame, across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a line is at places of the drawing; NaN where it is not."""
    known = [
        (frame.across(x), frame.up(y))
        for x, y in zip(series.x, series.y, strict=True)
        if y is not None and (y > 0 or not frame.y.axis.logarithmic)
    ]
    if len(known) < 2:
        return np.full_like(across, np.nan)
    xs, ys = zip(*known, strict=True)
    return np.asarray(np.interp(across, xs, ys, left=np.nan, right=np.nan), dtype=np.float64)


def mark(series: Series, curve: Series | None, look: Look, frame: Frame) -> Iterator[str]:
    """A box beside the break-even ring with a line to it, where the curve itself does not run."""
    across, height = frame.across(series.x[0]), frame.up(series.y[0] or 0.0)
    width = text_width_px(look.mark) * 1.06 + 16
    below = frame.x.place(series.x[0]) < EARLY and frame.bottom_px - height >= ROOM_BELOW_PX
    left = across + 26 if below else across - width / 2
    left = min(max(left, frame.left_px + 4), frame.right_px - width - 4)
    highest = height if below else _highest(curve, frame, left, left + width, height - 34)
    middle = height + 26 if below else max(highest - 20, frame.top_px + BOX_PX / 2)
    yield element(
        "line",
        x1=left if below else min(max(across, left + 4), left + width - 4),
        y1=middle if below else middle + BOX_PX / 2,
        x2=across + 4.6 if below else across,
        y2=height + 4.6 if below else height - 7,
        stroke=look.palette.muted,
    )
    yield element(
        "rect",
        x=left,
        y=middle - BOX_PX / 2,
        width=width,
        height=BOX_PX,
        rx=4,
        fill=look.palette.surface,
        stroke=look.palette.line,
    )
    yield words(
        look.mark, left + width / 2, middle + 4.5, look.palette.text, anchor="middle", bold=True
    )


def _highest(curve: Series | None, frame: Frame, left: float, right: float, least: float) -> float:
    """The highest place of a curve and its band between two places, or ``least`` above it."""
    if curve is None:
        return least
    upper = replace(curve, y=curve.high or curve.y)
    heights = _heights(upper, frame, np.arange(left - 4, right + 4, 2.0))
    return float(np.nanmin(np.append(heights, least)))
