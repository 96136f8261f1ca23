"""Time saved against compute cost: one point a schedule, and where gain and loss part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.reports.markup import element
from backend.reports.svg.frame import Frame, axes, frame_of, words
from backend.reports.svg.labels import GAP_PX, lines_of_words
from backend.reports.svg.look import Look, text_width_px
from backend.reports.svg.marks import error_bars, point, series_group
from planner.chart import Chart, Series
from wording.charts.axis_spans import spans
from wording.charts.end_labels import label_height_px, wrapped
from wording.charts.series_look import colour_of, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in the drawing."""

    left_px: float
    right_px: float
    top_px: float
    bottom_px: float

    def touches(self, other: "Box") -> bool:
        """Whether both have a place in common."""
        return (
            self.left_px < other.right_px
            and other.left_px < self.right_px
            and self.top_px < other.bottom_px
            and other.top_px < self.bottom_px
        )


def points_drawing(chart: Chart, look: Look) -> Iterator[str]:
    """Points with error bars and names beside them, and the line that parts gain from loss."""
    x, y = spans(chart, look.language, padding=0.16)
    frame = frame_of(x, y, look, margin_px=2 * GAP_PX)
    yield from axes(frame, look)
    taken: list[Box] = []
    for series in chart.series:
        if len(series.x) > 1:
            yield series_group(series, _border(series, look, frame))
            box = _border_box(series, look, frame)
            taken.append(box)
            yield words(
                name_of(series, look.language),
                box.right_px,
                box.bottom_px - 5,
                look.palette.muted,
                anchor="end",
            )
    points = [series for series in chart.series if len(series.x) == 1]
    taken += [box for series in points for box in _drawn(series, frame)]
    for series in points:
        yield series_group(series, *point(series, chart, look, frame))
    for series in points:
        yield from _name(series, chart, look, frame, taken)


def _border(series: Series, look: Look, frame: Frame) -> str:
    (x1, x2), (y1, y2) = (
        [frame.across(value) for value in (series.x[0], series.x[-1])],
        [frame.up(value or 0.0) for value in (series.y[0], series.y[-1])],
    )
    return element(
        "line",
        x1=x1,
        x2=x2,
        y1=y1,
        y2=y2,
        stroke=look.palette.axis,
        stroke_width=1.5,
        stroke_dasharray="8 5",
    )


def _border_box(series: Series, look: Look, frame: Frame) -> Box:
    """Where the border's name stands: below its end."""
    right, height = frame.across(series.x[-1]), frame.up(series.y[-1] or 0.0)
    top = min(height + 6, frame.bottom_px - 20)
    width = text_width_px(name_of(series, look.language))
    return Box(left_px=right - width, right_px=right, top_px=top, bottom_px=top + 18)


def _drawn(series: Series, frame: Frame) -> Iterator[Box]:
    """The places that a point and its error bars take."""
    across, height = frame.across(series.x[0]), frame.up(series.y[0] or 0.0)
    lines = [(across, across, height, height), *error_bars(series, frame)]
    for x1, x2, y1, y2 in lines:
        yield Box(
            left_px=min(x1, x2) - 5,
            right_px=max(x1, x2) + 5,
            top_px=min(y1, y2) - 5,
            bottom_px=max(y1, y2) + 5,
        )


def _name(
    series: Series, chart: Chart, look: Look, frame: Frame, taken: list[Box]
) -> Iterator[str]:
    """A point's name at that of four corners where it covers least."""
    name = name_of(series, look.language)
    colour = colour_of(series, chart, look.palette, main=look.main)
    corners = _corners(series, name, frame)
    box, anchor = min(corners, key=lambda found: _covered(found[0], taken, frame))
    taken.append(box)
    edge = box.left_px if anchor == "start" else box.right_px
    middle = (box.top_px + box.bottom_px) / 2
    bold = series.name == look.main
    yield from lines_of_words(name, edge, middle, colour, bold=bold, anchor=anchor)


def _corners(series: Series, name: str, frame: Frame) -> list[tuple[Box, str]]:
    across, height = frame.across(series.x[0]), frame.up(series.y[0] or 0.0)
    width = max(text_width_px(piece) for piece in wrapped(name))
    tall = label_height_px(name)
    sides = [(across + 10, "start"), (across - 10 - width, "end")]
    if frame.x.place(series.x[0]) > 0.5:
        sides.reverse()
    return [
        (Box(left_px=left, right_px=left + width, top_px=top, bottom_px=top + tall), anchor)
        for top in (height - 8 - tall, height + 8)
        for left, anchor in sides
    ]


def _covered(box: Box, taken: Sequence[Box], frame: Frame) -> int:
    inside = (
        frame.left_px <= box.left_px
        and box.right_px <= frame.right_px
        and frame.top_px - 6 <= box.top_px
        and box.bottom_px <= frame.bottom_px
    )
    return sum(box.touches(other) for other in taken) + (0 if inside else 10)
