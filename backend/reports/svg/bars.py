"""The tornado: one bar an input, from the worth at its worse end to that at its better end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.reports.markup import element
from backend.reports.svg.frame import BOTTOM_PX, TOP_PX, Frame, level_axis, words
from backend.reports.svg.look import SMALL_PX, TEXT_PX, Look, text_width_px
from backend.reports.svg.marks import series_group
from planner.chart import Chart, Series
from wording.charts.axis_spans import Span, spans
from wording.inputs import input_ends, input_name

ROW_PX = 40
BAR_PX = 20
MOST_BARS = 10
"""The ten longest; the rest is in the data."""

GAP_PX = 12
WIDEST_NAME = 0.42
"""Share of the drawing that names may take."""


def bars_height_px(chart: Chart) -> float:
    """Height of the drawing: it grows with the number of bars."""
    return TOP_PX + BOTTOM_PX + ROW_PX * len(chart.series[:MOST_BARS])


def bars_drawing(chart: Chart, look: Look) -> Iterator[str]:
    """The drawing; the chart has one series an input, with two points."""
    series = chart.series[:MOST_BARS]
    shown = replace(chart, series=series)
    x, y = spans(shown, look.language, padding=0.06)
    length = x.high - x.low
    x = replace(x, low=x.low - 0.06 * length, high=x.high + 0.06 * length, stops=())
    frame = Frame(
        x=x,
        y=y,
        left_px=GAP_PX + _names_px(series, look),
        right_px=look.width_px - GAP_PX,
        top_px=TOP_PX,
        bottom_px=bars_height_px(chart) - BOTTOM_PX,
    )
    base = float(chart.params["base"])
    yield from _grid(x, frame, look)
    yield from level_axis(frame, look)
    for place, bar in enumerate(series):
        middle = frame.top_px + ROW_PX * (place + 0.5)
        yield series_group(bar, *_halves(bar, base, middle, frame, look))
        yield from _names(bar, middle, frame, look)
    yield element(
        "line",
        x1=frame.across(base),
        x2=frame.across(base),
        y1=frame.top_px,
        y2=frame.bottom_px,
        stroke=look.palette.axis,
        stroke_width=1.2,
        stroke_dasharray="2 4",
        data_level="base",
        data_x=repr(base),
    )


def _grid(x: Span, frame: Frame, look: Look) -> Iterator[str]:
    for tick in x.ticks():
        across = frame.across(tick)
        yield element(
            "line",
            x1=across,
            x2=across,
            y1=frame.top_px,
            y2=frame.bottom_px,
            stroke=look.palette.axis if tick == 0 else look.palette.line,
        )


def _halves(bar: Series, base: float, middle: float, frame: Frame, look: Look) -> Iterator[str]:
    """From the plan as assumed to either end: the better end in the accent colour."""
    for end in bar.x:
        left, right = sorted((frame.across(base), frame.across(end)))
        yield element(
            "rect",
            x=left,
            y=middle - BAR_PX / 2,
            width=right - left,
            height=BAR_PX,
            fill=look.palette.accent if end >= base else look.palette.others[0],
        )


def _names(bar: Series, middle: float, frame: Frame, look: Look) -> Iterator[str]:
    """The input's name, and its values from the worse to the better end."""
    right, colours = frame.left_px - GAP_PX, look.palette
    yield words(_name(bar, look), right, middle - 2, colours.text, anchor="end")
    ends = _ends(bar, look)
    yield words(ends, right, middle + 13, colours.muted, anchor="end", size_px=SMALL_PX)


def _names_px(series: Sequence[Series], look: Look) -> float:
    widths = [
        max(text_width_px(_name(bar, look)), text_width_px(_ends(bar, look), SMALL_PX))
        for bar in series
    ]
    return min(max(widths, default=0.0) + GAP_PX, WIDEST_NAME * look.width_px)


def _name(bar: Series, look: Look) -> str:
    name = input_name(bar.name, look.language)
    name = name[:1].upper() + name[1:]
    room = WIDEST_NAME * look.width_px - GAP_PX
    while text_width_px(name, TEXT_PX) > room:
        name = name.removesuffix("…")[:-1] + "…"
    return name


def _ends(bar: Series, look: Look) -> str:
    worse, better = (0, 1) if bar.x[0] <= bar.x[1] else (1, 0)
    return input_ends(
        bar.name,
        bar.y[worse] or 0.0,
        bar.y[better] or 0.0,
        currency=look.currency,
        language=look.language,
    )
