"""The lines, bands and points of a chart as plotly draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from frontend.figures.chart_labels import label_markup
from planner.chart import Chart, Series
from wording.charts.axis_spans import Span
from wording.charts.palette import Palette
from wording.charts.series_look import colour_of, dash_of, name_of
from wording.language import Language

Trace = dict[str, Any]
Spans = tuple[Span, Span]

EARLY = 0.35
"""Share of the axis up to which there is no room to the left of a mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How charts are drawn for one reader.

    Attributes:
        main: Name of the candidate that the page is about; it has the accent colour.
        height_px: Of the whole figure.
        mark: What stands beside the break-even mark; empty for nothing.
    """

    palette: Palette
    language: Language
    main: str
    height_px: int = 340
    mark: str = ""


def line(series: Series, chart: Chart, look: Look, frame: Spans) -> Trace:
    """One schedule over the whole axis."""
    main = series.name == look.main
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(series.x) <= 8 else "lines",
        "x": series.x,
        "y": series.y,
        "name": escape(name_of(series, look.language), quote=False),
        "line": {
            "color": colour_of(series, chart, look.palette, main=look.main),
            "width": 3 if main else 2,
            "dash": dash_of(series, main=look.main),
        },
        "marker": {"size": 8 if main else 6},
        **_hover(series, look, frame),
    }


def band(series: Series, look: Look) -> Trace:
    """The range around the main candidate."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": (*series.x, *reversed(series.x)),
        "y": (*series.high, *reversed(series.low)),
        "fill": "toself",
        "fillcolor": look.palette.accent_soft,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "name": "band",
    }


def ring(series: Series, look: Look) -> Trace:
    """The place where it breaks even."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": series.x,
        "y": series.y,
        "marker": {
            "size": 13,
            "color": look.palette.surface,
            "line": {"color": look.palette.accent, "width": 3},
        },
        "hoverinfo": "skip",
        "name": "break-even",
        "cliponaxis": False,
    }


def mark(series: Series, look: Look, frame: Spans) -> Trace:
    """The box beside the break-even mark, where the line itself does not run."""
    early = frame[0].place(series.x[0]) < EARLY
    return {
        "x": series.x[0],
        "y": series.y[0],
        "ax": 104 if early else -30,
        "ay": 6 if early else -48,
        "xanchor": "center",
        "text": f"<b>{escape(look.mark, quote=False)}</b>",
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "standoff": 7,
        "arrowcolor": look.palette.muted,
        "bgcolor": look.palette.surface,
        "bordercolor": look.palette.line,
        "borderpad": 5,
        "font": {"color": look.palette.text},
    }


def point(series: Series, chart: Chart, look: Look, frame: Spans) -> Trace:
    """One schedule as a point with error bars."""
    colour = colour_of(series, chart, look.palette, main=look.main)
    right = frame[0].place(series.x[0]) > 0.5
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": series.x,
        "y": series.y,
        "name": escape(name_of(series, look.language), quote=False),
        "text": [label_markup(name_of(series, look.language), bold=series.name == look.main)],
        "textposition": "top left" if right else "top right",
        "textfont": {"color": colour},
        "marker": {
            "size": 11,
            "color": look.palette.surface if series.role == "baseline" else colour,
            "line": {"color": colour, "width": 2},
        },
        "error_x": _bar(series.x[0], series.x_low, series.x_high, colour),
        "error_y": _bar(series.y[0], series.low, series.high, colour),
        "cliponaxis": False,
        **_hover(series, look, frame),
    }


def cloud(series: Series, chart: Chart, look: Look, frame: Spans) -> Trace:
    """Many measured points of one thing, each with its range where it has one."""
    colour = colour_of(series, chart, look.palette, main=look.main)
    bounds = [
        (middle - low, high - middle)
        for middle, low, high in zip(series.y, series.low, series.high, strict=bool(series.low))
        if middle is not None and low is not None and high is not None
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": series.x,
        "y": series.y,
        "name": escape(name_of(series, look.language), quote=False),
        "marker": {"size": 9, "color": colour},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [above for _, above in bounds],
            "arrayminus": [below for below, _ in bounds],
            "color": colour,
            "thickness": 1.5,
            "width": 5,
        },
        "cliponaxis": False,
        **_hover(series, look, frame),
    }


def _bar(
    middle: float | None,
    low: Sequence[float | None],
    high: Sequence[float | None],
    colour: str,
) -> Trace:
    if middle is None or not low or low[0] is None or high[0] is None:
        return {"visible": False}
    return {
        "type": "data",
        "symmetric": False,
        "array": [high[0] - middle],
        "arrayminus": [middle - low[0]],
        "color": colour,
        "thickness": 1.5,
        "width": 5,
    }


def border(series: Series, look: Look) -> Trace:
    """The line that separates gain from loss."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": series.x,
        "y": series.y,
        "name": escape(name_of(series, look.language), quote=False),
        "line": {"color": look.palette.axis, "width": 1.5, "dash": "dash"},
        "hoverinfo": "skip",
    }


def border_name(series: Series, look: Look) -> Trace:
    """Its name, below its end."""
    return {
        "x": series.x[-1],
        "y": series.y[-1],
        "text": escape(name_of(series, look.language), quote=False),
        "showarrow": False,
        "xanchor": "right",
        "yanchor": "top",
        "yshift": -3,
        "font": {"color": look.palette.muted},
    }


def _hover(series: Series, look: Look, frame: Spans) -> Trace:
    """What a pointer over a point shows: the browser formats the numbers."""
    name = escape(name_of(series, look.language), quote=False)
    x, y = (escape(span.title(look.language), quote=False) for span in frame)
    factors = frame[0].scale.factor, frame[1].scale.factor
    return {
        "customdata": [
            (across / factors[0], None if up is None else up / factors[1])
            for across, up in zip(series.x, series.y, strict=True)
        ],
        "hovertemplate": (
            f"<b>{name}</b><br>{x}: %{{customdata[0]:,.3~r}}"
            f"<br>{y}: %{{customdata[1]:,.3~r}}<extra></extra>"
        ),
    }
