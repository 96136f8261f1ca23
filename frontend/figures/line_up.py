"""The chart of a line-up: every line with the band of its seeds, the baseline in grey."""

from dataclasses import replace

from frontend.figures.plotly_charts import Figure, line_figure
from frontend.figures.plotly_traces import Look, Trace
from planner.chart import Chart, Series
from wording.charts.series_look import Dash, colour_of

MOST_LINES = 16
"""Lines that one chart draws: more names do not fit beside each other."""

ROW_PX = 38
"""Height that the name of a line takes."""

SMALLEST_PX = 400
AROUND_PX = 70

_DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")

COLOURS = 5
"""Colours that the palette has for others."""

BAND_OPACITY = 0.12


def line_up_figure(chart: Chart, look: Look) -> Figure:
    """The first lines of a chart, as many as can be told apart."""
    shown = drawn(chart)
    height_px = max(SMALLEST_PX, AROUND_PX + ROW_PX * len(shown.series))
    first = next((one.name for one in shown.series if one.role == "candidate"), "")
    own = replace(look, main=first, height_px=height_px)
    figure = line_figure(shown, own)
    lines = [trace for trace in figure["data"] if trace["name"] != "band"]
    told_apart = _dashes(shown, first)
    long = [one for one in shown.series if len(one.x) > 1]
    ordered = sorted(long, key=lambda one: one.name == first)
    for series, trace in zip(ordered, lines, strict=True):
        trace["line"]["dash"] = told_apart[series.name]
    bands = [_band(series, shown, own) for series in shown.series if series.low]
    figure["data"] = [*bands, *lines]
    return figure


def drawn(chart: Chart) -> Chart:
    """The part of a chart that is drawn; its data go into the file whole."""
    return replace(chart, series=chart.series[:MOST_LINES])


def _dashes(chart: Chart, main: str) -> dict[str, Dash]:
    """Dots for the baseline; the others change their dash where their colours begin again."""
    others = [one.name for one in chart.series if one.role != "baseline" and one.name != main]
    dashes = {name: _DASHES[place // COLOURS % len(_DASHES)] for place, name in enumerate(others)}
    return {**dict.fromkeys((one.name for one in chart.series), "dot"), **dashes, main: "solid"}


def _band(series: Series, chart: Chart, look: Look) -> Trace:
    colour = colour_of(series, chart, look.palette, main=look.main)
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": (*series.x, *reversed(series.x)),
        "y": (*series.high, *reversed(series.low)),
        "fill": "toself",
        "fillcolor": f"rgba({red}, {green}, {blue}, {BAND_OPACITY})",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "name": "band",
    }
