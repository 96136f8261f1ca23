"""The tornado: one bar an input, from the worth at its worse end to that at its better end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from frontend.figures.chart_labels import label_markup
from frontend.figures.plotly_charts import BOTTOM_PX, TOP_PX, Figure, figure_of
from frontend.figures.plotly_traces import Look, Trace
from planner.chart import Chart, Series
from wording.charts.axis_spans import Span, spans
from wording.charts.end_labels import label_width_px

BAR_PX = 62
MOST_BARS = 10
"""The ten longest; the rest is in the data."""

SHORTEST_PX = 280
GAP_PX = 12
PADDING = 0.06
"""Share of the axis that stays free on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written beside the bars.

    Attributes:
        name: What an input is called.
        ends: Its value at the worse and at the better end, in one short text.
    """

    name: Callable[[str], str]
    ends: Callable[[str, float, float], str]


def bars_figure(chart: Chart, look: Look, words: Words) -> Figure:
    """The drawing; the chart has one series an input, with two points."""
    series = chart.series[:MOST_BARS]
    base = float(chart.params["base"])
    height = max(SHORTEST_PX, TOP_PX + BOTTOM_PX + BAR_PX * len(series))
    x, y = spans(replace(chart, series=series), look.language, padding=PADDING)
    length = x.high - x.low
    x = replace(x, low=x.low - PADDING * length, high=x.high + PADDING * length, stops=())
    places = range(len(series) - 1, -1, -1)
    data = [
        _half(bar, place, end, base, x, look, words)
        for place, bar in zip(places, series, strict=True)
        for end in (0, 1)
    ]
    figure = figure_of(data, replace(look, height_px=height), (x, y), right_px=GAP_PX)
    layout = figure["layout"]
    layout["barmode"] = "overlay"
    layout["bargap"] = 0.5
    layout["margin"]["l"] = GAP_PX + max(_width_px(bar, words) for bar in series)
    layout["yaxis"] |= {
        "type": "linear",
        "range": [-0.6, len(series) - 0.4],
        "tickvals": list(places),
        "ticktext": [_label(bar, look, words) for bar in series],
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"color": look.palette.text, "size": 13},
    }
    layout["xaxis"] |= {"showgrid": True, "zeroline": True}
    layout["shapes"] = [_base_line(base, look)]
    return figure


def _label(bar: Series, look: Look, words: Words) -> str:
    """The input's name, and its values from the worse to the better end."""
    ends = escape(_ends(bar, words), quote=False)
    muted = f'<span style="color:{look.palette.muted};font-size:11px">{ends}</span>'
    return f"{label_markup(_capital(words.name(bar.name)), bold=False)}<br>{muted}"


def _width_px(bar: Series, words: Words) -> int:
    ends = sum(7 if character.isascii() else 12 for character in _ends(bar, words))
    return max(label_width_px(_capital(words.name(bar.name))), ends)


def _ends(bar: Series, words: Words) -> str:
    worse, better = (0, 1) if bar.x[0] <= bar.x[1] else (1, 0)
    return words.ends(bar.name, bar.y[worse] or 0.0, bar.y[better] or 0.0)


def _half(
    bar: Series,
    place: int,
    end: int,
    base: float,
    x: Span,
    look: Look,
    words: Words,
) -> Trace:
    """The part of a bar from the plan as assumed to one end."""
    better = bar.x[end] >= base
    shown = escape(_capital(words.name(bar.name)), quote=False)
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
