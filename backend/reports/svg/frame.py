"""The place of a plot in a drawing, and its axes."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend.reports.markup import element, text
from backend.reports.svg.look import TEXT_PX, Look, text_width_px
from wording.charts.axis_spans import Span

TOP_PX, BOTTOM_PX, LEFT_PX = 12, 48, 44
TICK_PX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A rectangle that shows a part of both axes.

    Attributes:
        left_px: Of the rectangle, from the left of the drawing; ``right_px`` as well.
        top_px: From the top of the drawing; ``bottom_px`` as well.
    """

    x: Span
    y: Span
    left_px: float
    right_px: float
    top_px: float
    bottom_px: float

    def across(self, value: float) -> float:
        """Where a value of the x axis is, from the left of the drawing."""
        return self.left_px + self.x.place(value) * (self.right_px - self.left_px)

    def up(self, value: float) -> float:
        """Where a value of the y axis is, from the top of the drawing."""
        return self.bottom_px - self.y.place(value) * (self.bottom_px - self.top_px)


def frame_of(x: Span, y: Span, look: Look, *, margin_px: float) -> Frame:
    """A plot with room for the numbers beside it, and ``margin_px`` to its right."""
    numbers = (text_width_px(shown) for shown in y.tick_texts(look.language))
    return Frame(
        x=x,
        y=y,
        left_px=max(LEFT_PX, 12 + max(numbers, default=0)),
        right_px=look.width_px - margin_px,
        top_px=TOP_PX,
        bottom_px=look.height_px - BOTTOM_PX,
    )


def axes(frame: Frame, look: Look) -> Iterator[str]:
    """Lines across the plot with their numbers, numbers below it, and what they count."""
    yield from upright_axis(frame, look)
    yield from level_axis(frame, look)


def upright_axis(frame: Frame, look: Look) -> Iterator[str]:
    """A fine line at every tick, a stronger one at zero, and the numbers left of the plot."""
    colours = look.palette
    for tick, shown in zip(frame.y.ticks(), frame.y.tick_texts(look.language), strict=True):
        height = frame.up(tick)
        yield level_line(
            frame,
            height,
            stroke=colours.axis if tick == 0 else colours.line,
            stroke_width=1.2 if tick == 0 else 1,
        )
        yield words(shown, frame.left_px - 8, height + 4.5, colours.muted, anchor="end")


def level_axis(frame: Frame, look: Look) -> Iterator[str]:
    """Short strokes below the plot with their numbers, and the axis' title."""
    colours, bottom = look.palette, frame.bottom_px
    yield level_line(frame, bottom, stroke=colours.line)
    for tick, shown in zip(frame.x.ticks(), frame.x.tick_texts(look.language), strict=True):
        across = frame.across(tick)
        yield element(
            "line", x1=across, x2=across, y1=bottom, y2=bottom + TICK_PX, stroke=colours.line
        )
        yield words(shown, across, bottom + 18, colours.muted, anchor="middle")
    middle = (frame.left_px + frame.right_px) / 2
    title = frame.x.title(look.language)
    yield words(title, middle, bottom + 38, colours.muted, anchor="middle")


def level_line(frame: Frame, height: float, **attributes: str | float | None) -> str:
    """A line over the whole width of the plot, at ``height`` pixels from the top."""
    return element("line", x1=frame.left_px, x2=frame.right_px, y1=height, y2=height, **attributes)


def words(
    shown: str,
    x_px: float,
    y_px: float,
    colour: str,
    *,
    anchor: str | None = None,
    bold: bool = False,
    size_px: float = TEXT_PX,
) -> str:
    """One line of text, its foot at ``y_px``."""
    return element(
        "text",
        text(shown),
        x=x_px,
        y=y_px,
        fill=colour,
        text_anchor=anchor,
        font_weight="700" if bold else None,
        font_size=None if size_px == TEXT_PX else size_px,
    )
