"""The tornado: one bar an input, from the worth at its worse end to that at its better end."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from frontend.axis_spans import Span, spans
from frontend.chart_labels import label_markup, label_width_px
from frontend.plotly_charts import BOTTOM_PX, TOP_PX, Figure, figure_of
from frontend.plotly_traces import Look, Trace
from planner.chart import Chart, Series

BAR_PX = 44
MOST_BARS = 10
"""The ten longest; the rest is in the data."""

SHORTEST_PX = 190
GAP_PX = 12
PADDING = 0.2
"""Share of the axis on either side, for the ends' own values."""


def bars_figure(
    chart: Chart,
    look: Look,
    *,
    name: Callable[[str], str],
    value: Callable[[str, float], str],
) -> Figure:
    """The drawing.

    Args:
        chart: One series an input, with two points.
        look: For whom.
        name: What an input is called.
        value: A value of an input with its unit.
    """
    series = chart.series[:MOST_BARS]
    base = float(chart.params["base"])
    height = max(SHORTEST_PX, TOP_PX + BOTTOM_PX + BAR_PX * len(series))
    x, y = spans(replace(chart, series=series), look.language)
    length = x.high - x.low
    x = replace(x, low=x.low - PADDING * length, high=x.high + PADDING * length, stops=())
    places = range(len(series) - 1, -1, -1)
    data = [
        _half(bar, place, end, base, x, look, name)
        for place, bar in zip(places, series, strict=True)
        for end in (0, 1)
    ]
    names = [label_markup(_capital(name(bar.name)), bold=False) for bar in series]
    figure = figure_of(data, replace(look, height_px=height), (x, y), right_px=GAP_PX)
    layout = figure["layout"]
    layout["barmode"] = "overlay"
    layout["bargap"] = 0.42
    layout["margin"]["l"] = GAP_PX + max(label_width_px(_capital(name(bar.name))) for bar in series)
    layout["yaxis"] |= {
        "type": "linear",
        "range": [-0.6, len(series) - 0.4],
        "tickvals": list(places),
        "ticktext": names,
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"color": look.palette.text, "size": 13},
    }
    layout["xaxis"] |= {"showgrid": True, "zeroline": True}
    layout["shapes"] = [_base_line(base, look)]
    layout["annotations"] = [
        note
        for place, bar in zip(places, series, strict=True)
        for note in _ends(bar, place, value, look)
    ]
    return figure


def _half(
    bar: Series,
    place: int,
    end: int,
    base: float,
    x: Span,
    look: Look,
    name: Callable[[str], str],
) -> Trace:
    """The part of a bar from the plan as assumed to one end."""
    better = bar.x[end] >= base
    shown = escape(_capital(name(bar.name)), quote=False)
    title = escape(x.title(look.language), quote=False)
    return {
        "type": "bar",
        "orientation": "h",
        "name": shown,
        "base": [base],
        "x": [bar.x[end] - base],
        "y": [place],
        "marker": {"color": look.palette.accent if better else look.palette.others[0]},
        "customdata": [bar.x[end] / x.scale.factor],
        "hovertemplate": f"<b>{shown}</b><br>{title}: %{{customdata:,.3~r}}<extra></extra>",
    }


def _ends(
    bar: Series, place: int, value: Callable[[str, float], str], look: Look
) -> list[dict[str, Any]]:
    """The value of the input at either end, outside of the bar."""
    lower = 0 if bar.x[0] <= bar.x[1] else 1
    return [
        _end(bar.x[end], place, value(bar.name, bar.y[end] or 0.0), look, left=end == lower)
        for end in (0, 1)
    ]


def _end(x: float, place: int, shown: str, look: Look, *, left: bool) -> dict[str, Any]:
    return {
        "x": x,
        "y": place,
        "xanchor": "right" if left else "left",
        "xshift": -4 if left else 4,
        "yanchor": "middle",
        "text": escape(shown, quote=False),
        "showarrow": False,
        "font": {"color": look.palette.muted, "size": 12},
    }


def _base_line(base: float, look: Look) -> Trace:
    return {
        "type": "line",
        "yref": "paper",
        "x0": base,
        "x1": base,
        "y0": 0,
        "y1": 1,
        "line": {"color": look.palette.axis, "width": 1.2, "dash": "dot"},
    }


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
