"""A chart of the planner as a plotly figure: direct labels, one accent colour, no legend."""

from collections.abc import Sequence
from typing import Any

from frontend.figures.chart_labels import label_markup
from frontend.figures.plotly_axes import axis_layout, note_position
from frontend.figures.plotly_traces import (
    Look,
    Spans,
    Trace,
    band,
    border,
    border_name,
    cloud,
    line,
    mark,
    point,
    ring,
)
from planner.chart import Chart, Series
from wording.catalogue import say
from wording.charts.axis_spans import Span, spans
from wording.charts.end_labels import label_height_px, label_width_px, spread
from wording.charts.palette import FONT
from wording.charts.series_look import colour_of, name_of

Figure = dict[str, Any]

CONFIG = {"displayModeBar": False, "responsive": True, "doubleClick": False}
"""Of every chart: no tool bar."""

LEVELS = ("target", "budget")
"""Values of a chart that are drawn as horizontal lines."""

TICK_PX = 12
LEFT_PX, TOP_PX, BOTTOM_PX, GAP_PX = 52, 12, 46, 10


def line_figure(chart: Chart, look: Look) -> Figure:
    """Lines with the band of the main candidate, its break-even mark, and names at the ends.

    What was measured lies over them as points.
    """
    lines = [series for series in chart.series if len(series.x) > 1 and series.role != "point"]
    x, y = spans(chart, look.language)
    data = [band(series, look) for series in lines if series.name == look.main and series.low]
    ordered = sorted(lines, key=lambda series: series.name == look.main)
    data += [line(series, chart, look, (x, y)) for series in ordered]
    marks = [
        series
        for series in chart.series
        if series.role == "break_even" and series.name == look.main and len(series.x) == 1
    ]
    data += [ring(series, look) for series in marks]
    data += [
        cloud(series, chart, look, (x, y)) for series in chart.series if series.role == "point"
    ]
    notes = [mark(series, look, (x, y)) for series in marks if look.mark]
    margin = max((label_width_px(name_of(series, look.language)) for series in lines), default=0)
    figure = figure_of(data, look, (x, y), right_px=margin + GAP_PX)
    figure["layout"]["annotations"] = [
        *end_labels(chart, lines, y, look),
        *notes,
        *(_level_name(name, note_position(y, value), look) for name, value in _levels(chart, y)),
    ]
    figure["layout"]["shapes"] = [_level(value, look) for _, value in _levels(chart, y)]
    return figure


def points_figure(chart: Chart, look: Look) -> Figure:
    """One point a series with error bars, and the line that separates gain from loss."""
    x, y = spans(chart, look.language, padding=0.16)
    data = [
        border(series, look) if len(series.x) > 1 else point(series, chart, look, (x, y))
        for series in chart.series
    ]
    figure = figure_of(data, look, (x, y), right_px=GAP_PX)
    borders = [series for series in chart.series if len(series.x) > 1]
    figure["layout"]["annotations"] = [border_name(series, look) for series in borders]
    return figure


def front_figure(chart: Chart, look: Look) -> Figure:
    """Lines through points, names at their ends, and single points with theirs beside them."""
    lines = [series for series in chart.series if len(series.x) > 1]
    x, y = spans(chart, look.language, padding=0.08)
    data = [{**line(series, chart, look, (x, y)), "mode": "lines+markers"} for series in lines]
    data += [point(series, chart, look, (x, y)) for series in chart.series if len(series.x) == 1]
    margin = max((label_width_px(name_of(series, look.language)) for series in lines), default=0)
    figure = figure_of(data, look, (x, y), right_px=margin + GAP_PX)
    figure["layout"]["annotations"] = end_labels(chart, lines, y, look)
    return figure


def measured_figure(chart: Chart, look: Look) -> Figure:
    """What was measured as points with their ranges, each with the line that was fitted to it."""
    x, y = spans(chart, look.language)
    lines = [series for series in chart.series if series.role != "point"]
    data = [line(series, chart, look, (x, y)) for series in lines]
    data += [
        cloud(series, chart, look, (x, y)) for series in chart.series if series.role == "point"
    ]
    margin = max((label_width_px(name_of(series, look.language)) for series in lines), default=0)
    figure = figure_of(data, look, (x, y), right_px=margin + GAP_PX)
    figure["layout"]["annotations"] = end_labels(chart, lines, y, look)
    return figure


def _left_px(vertical: Span, look: Look) -> int:
    """Room for the numbers beside the upright axis; no first digit is cut."""
    numbers = vertical.tick_texts(look.language)
    return max(LEFT_PX, TICK_PX + max((label_width_px(text) for text in numbers), default=0))


def _levels(chart: Chart, y: Span) -> list[tuple[str, float]]:
    """Horizontal lines that the chart names: the target, or the end of the budget."""
    return [
        (name, value)
        for name in LEVELS
        if isinstance(value := chart.params.get(name), float) and y.low < value < y.high
    ]


def _level(value: float, look: Look) -> Trace:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": look.palette.axis, "width": 1.2, "dash": "dashdot"},
        "layer": "below",
    }


def _level_name(name: str, value: float, look: Look) -> Trace:
    return {
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "y": value,
        "yanchor": "bottom",
        "text": say(f"chart.level.{name}", look.language),
        "showarrow": False,
        "font": {"color": look.palette.muted, "size": 12},
    }


def end_labels(chart: Chart, lines: Sequence[Series], y: Span, look: Look) -> list[dict[str, Any]]:
    """The names of lines, each beside its end."""
    plot_px = look.height_px - TOP_PX - BOTTOM_PX
    ends = [
        (y.place(end) * plot_px, series) for series in lines if (end := _last(series)) is not None
    ]
    ends.sort(key=lambda found: found[0])
    names = [name_of(series, look.language) for _, series in ends]
    placed = spread(
        [height for height, _ in ends], [label_height_px(name) for name in names], -8, plot_px + 8
    )
    return [
        {
            "xref": "paper",
            "yref": "paper",
            "x": 1,
            "y": 0,
            "xshift": GAP_PX - 2,
            "yshift": height,
            "xanchor": "left",
            "yanchor": "middle",
            "align": "left",
            "showarrow": False,
            "text": label_markup(name, bold=series.name == look.main),
            "font": {"color": colour_of(series, chart, look.palette, main=look.main)},
        }
        for height, name, (_, series) in zip(placed, names, ends, strict=True)
    ]


def _last(series: Series) -> float | None:
    return next((value for value in reversed(series.y) if value is not None), None)


def figure_of(data: list[Trace], look: Look, frame: Spans, *, right_px: int) -> Figure:
    """Traces on both axes, in the colours of the theme."""
    colours = look.palette
    grid = {
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "zerolinecolor": colours.axis,
        "zerolinewidth": 1.2,
        "tickfont": {"color": colours.muted},
    }

    def axis(span: Span, **more: object) -> dict[str, Any]:
        return {**grid, **axis_layout(span, look.language), **more}

    x_title = {"text": frame[0].title(look.language), "font": {"color": colours.muted, "size": 13}}
    return {
        "data": data,
        "layout": {
            "template": {},
            "height": look.height_px,
            "margin": {"l": _left_px(frame[1], look), "r": right_px, "t": TOP_PX, "b": BOTTOM_PX},
            "font": {"family": FONT, "size": 13, "color": colours.text},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "hoverlabel": {
                "bgcolor": colours.surface,
                "bordercolor": colours.line,
                "font": {"color": colours.text},
                "align": "left",
            },
            "xaxis": axis(frame[0], showgrid=False, zeroline=False, title=x_title, ticks="outside"),
            "yaxis": axis(frame[1]),
        },
    }
