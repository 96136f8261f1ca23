"""A chart of the planner as a native scatter chart: lines with bounds, marks, points with ranges.

The format has no band: the bounds of the main candidate are two thin dashed series.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.reports.pptx.charts.axes import (
    X_AXIS,
    Y_AXIS,
    NativeAxis,
    axis_xml,
    native_axis,
)
from backend.reports.pptx.charts.chart_file import ChartFile, chart_file
from backend.reports.pptx.charts.frame import GAP_PT, Drawn, Frame, frame_of, scaled
from backend.reports.pptx.charts.labels import apart, at_edge, right_pt
from backend.reports.pptx.charts.marks import ErrorBar, Label, Mark, scatter_xml
from backend.reports.pptx.charts.sheet import Sheet
from backend.reports.pptx.text_fit import ELLIPSIS, shortened
from backend.reports.pptx.typeset import Type
from backend.reports.visible_text import visible
from planner.chart import Chart, Series
from wording.catalogue import say
from wording.charts.axis_spans import spans
from wording.charts.end_labels import wrapped
from wording.charts.palette import LIGHT
from wording.charts.series_look import colour_of, dash_of, name_of

LABEL = Type(size_pt=11)
BOUND = Type(size_pt=9.5, colour=LIGHT.muted)
LEVELS = ("target", "budget")
BESIDE_PT = 8.0
"""So far above or below a point stands its name, clear of the range to its left and right.

Cost follows time, so that points lie along a line through today's: on its inner side is room."""

WIDEST_LABEL = 0.4
"""Share of the chart that the name of a point takes at most."""

NARROWEST = 1e-4
"""Of what a line and its bounds span: a bound nearer to its line gets no name of its own."""

EARLY = 0.35
"""Share of the axis up to which there is no room to the left of the break-even mark."""

_DASHES = {"solid": "solid", "dash": "dash", "dot": "sysDot"}


def line_chart(chart: Chart, drawn: Drawn) -> ChartFile:
    """Lines with the bounds of the main candidate, its break-even mark, and names at the ends."""
    lines = [one for one in chart.series if len(one.x) > 1 or one.role != "break_even"]
    ordered = sorted(lines, key=lambda series: series.name == drawn.main)
    x_span, y_span = spans(chart, drawn.language, padding=0.0)
    x, y = native_axis(x_span, drawn.language, tight=True), native_axis(y_span, drawn.language)
    marks = [
        *(mark for series in ordered for mark in _bounds(series, drawn)),
        *(_line(series, chart, drawn) for series in ordered),
        *_levels(chart, x, y, drawn),
        *_break_evens(chart, x, drawn),
    ]
    frame = frame_of(x, y, drawn, right_pt=right_pt(marks))
    placed = [at_edge(scaled(mark, frame), frame) for mark in marks]
    return _file(apart(placed, frame, drawn), frame, drawn)


def points_chart(chart: Chart, drawn: Drawn) -> ChartFile:
    """One point a series with its ranges, and the line that separates gain from loss."""
    x_span, y_span = spans(chart, drawn.language, padding=0.16)
    x, y = native_axis(x_span, drawn.language), native_axis(y_span, drawn.language)
    frame = frame_of(x, y, drawn, right_pt=2 * GAP_PT)
    marks = [
        _border(series, drawn) if len(series.x) > 1 else _point(series, chart, frame, drawn)
        for series in chart.series
    ]
    return _file(apart([scaled(mark, frame) for mark in marks], frame, drawn), frame, drawn)


def _line(series: Series, chart: Chart, drawn: Drawn) -> Mark:
    main = series.name == drawn.main
    ink = colour_of(series, chart, LIGHT, main=drawn.main)
    return Mark(
        name=name_of(series, drawn.language),
        x=series.x,
        y=series.y,
        colour=ink,
        width_pt=2.75 if main else 1.75,
        dash=_DASHES[dash_of(series, main=drawn.main)],
        dot_pt=5 if len(series.x) <= 8 else 0,
        label=_end_label(series, replace(LABEL, colour=ink, bold=main), drawn),
    )


def _bounds(series: Series, drawn: Drawn) -> Iterator[Mark]:
    """Both ends of the band as lines, for the main candidate only."""
    if series.name != drawn.main or not series.low:
        return
    for end, values in (("low", series.low), ("high", series.high)):
        named = say(f"deck.bound_{end}", drawn.language)
        bound = replace(series, y=values)
        ends_apart = _apart_from(values, series)
        yield Mark(
            name=f"{name_of(series, drawn.language)} · {named}",
            x=series.x,
            y=values,
            colour=LIGHT.accent,
            width_pt=1,
            dash="sysDash",
            label=_end_label(bound, BOUND, drawn, text=named) if ends_apart else None,
        )


def _apart_from(bound: Sequence[float | None], series: Series) -> bool:
    """Whether a bound ends so far from its line that it can be seen beside it."""
    end, last = bound[-1], series.y[-1]
    if end is None or last is None:
        return False
    reached = [value for value in (*series.y, *series.low, *series.high) if value is not None]
    return abs(end - last) > NARROWEST * (max(reached) - min(reached))


def _end_label(
    series: Series, type_: Type, drawn: Drawn, *, text: str | None = None
) -> Label | None:
    last = next((p for p in range(len(series.y) - 1, -1, -1) if series.y[p] is not None), None)
    if last is None:
        return None
    shown = visible(text if text is not None else name_of(series, drawn.language))
    return Label(lines=_lines(shown), type=type_, point=last, at_edge=True)


def _lines(name: str) -> tuple[str, ...]:
    """A name in short lines; an ellipsis never stands alone."""
    first, *more = wrapped(name)
    return (
        (f"{first}{ELLIPSIS}",) if [one.strip() for one in more] == [ELLIPSIS] else (first, *more)
    )


def _levels(chart: Chart, x: NativeAxis, y: NativeAxis, drawn: Drawn) -> Iterator[Mark]:
    """The target, or the end of the budget, as a line of its own."""
    for name in LEVELS:
        value = chart.params.get(name)
        if not isinstance(value, float) or not y.low < value / y.factor < y.high:
            continue
        text = say(f"chart.level.{name}", drawn.language)
        early = Label(lines=(text,), type=BOUND, point=0, position="r", down=-0.03)
        yield Mark(
            name=text,
            x=(x.low * x.factor, x.high * x.factor),
            y=(value, value),
            colour=LIGHT.axis,
            width_pt=1.25,
            dash="lgDashDot",
            label=early,
        )


def _break_evens(chart: Chart, x: NativeAxis, drawn: Drawn) -> Iterator[Mark]:
    for series in chart.series:
        single = len(series.x) == 1 and series.role == "break_even"
        if not single or series.name != drawn.main:
            continue
        early = x.place(series.x[0]) < EARLY
        label = Label(
            lines=(visible(drawn.mark),),
            type=replace(LABEL, bold=True),
            point=0,
            position="r" if early else "t",
            down=0.07 if early else 0.0,
        )
        yield Mark(
            name=say("chart.series.break_even", drawn.language),
            x=series.x,
            y=series.y,
            colour=LIGHT.accent,
            dot_pt=10,
            label=label if drawn.mark else None,
        )


def _point(series: Series, chart: Chart, frame: Frame, drawn: Drawn) -> Mark:
    main = series.name == drawn.main
    ink = colour_of(series, chart, LIGHT, main=drawn.main)
    left = frame.x.place(series.x[0]) > 0.5
    below = (series.y[0] or 0.0) < 0
    label = Label(
        lines=(_one_line(series, drawn),),
        type=replace(LABEL, colour=ink, bold=main),
        point=0,
        position="l" if left else "r",
        down=(BESIDE_PT if left and below else -BESIDE_PT) / drawn.height_pt,
    )
    return Mark(
        name=name_of(series, drawn.language),
        x=series.x,
        y=series.y,
        colour=ink,
        dot_pt=9,
        bars=_bars(series),
        label=label,
    )


def _one_line(series: Series, drawn: Drawn) -> str:
    """The name of a point: others may lie near it, so it takes no second line."""
    name = visible(name_of(series, drawn.language))
    return shortened(name, width_pt=drawn.width_pt * WIDEST_LABEL, size_pt=LABEL.size_pt, bold=True)


def _bars(series: Series) -> tuple[ErrorBar, ...]:
    middle, found = series.y[0], []
    if series.x_low:
        found.append(
            ErrorBar(
                direction="x",
                minus=(series.x[0] - series.x_low[0],),
                plus=(series.x_high[0] - series.x[0],),
            )
        )
    if series.low and middle is not None:
        low, high = series.low[0], series.high[0]
        if low is not None and high is not None:
            found.append(ErrorBar(direction="y", minus=(middle - low,), plus=(high - middle,)))
    return tuple(found)


def _border(series: Series, drawn: Drawn) -> Mark:
    text = name_of(series, drawn.language)
    rises = (series.y[-1] or 0.0) > (series.y[0] or 0.0)
    return Mark(
        name=text,
        x=series.x,
        y=series.y,
        colour=LIGHT.axis,
        width_pt=1.5,
        dash="dash",
        label=Label(
            lines=(text,),
            type=replace(BOUND, size_pt=10.5),
            point=len(series.x) - 1,
            position="l",
            down=(-14 if rises else 14) / drawn.height_pt,
        ),
    )


def _file(marks: Sequence[Mark], frame: Frame, drawn: Drawn) -> ChartFile:
    sheet = Sheet()
    plot = scatter_xml(marks, sheet, drawn.language, axes=(X_AXIS, Y_AXIS))
    x, y = frame.x, frame.y
    ground = y.low if y.logarithmic or not y.low < 0 < y.high else 0.0
    axes = axis_xml(x, "b", drawn.language, crosses_at=ground, lines=False) + axis_xml(
        y, "l", drawn.language, crosses_at=x.low, lines=True
    )
    return chart_file(sheet, frame.room, plot + axes, drawn.language)
