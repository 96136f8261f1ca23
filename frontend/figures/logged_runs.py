"""The logged points of a file's runs: a line a run, a colour a schedule, crosses for divergence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from frontend.figures.plotly_charts import GAP_PX, Figure, end_labels, figure_of
from frontend.figures.plotly_traces import Look, Spans, Trace, cloud, line
from planner.chart import Axis, Chart, Series
from planner.exchange.imports import ReadCurve
from planner.pilots.workload import TARGET_METRICS
from wording.charts.axis_spans import spans
from wording.charts.end_labels import label_width_px
from wording.charts.series_look import Dash, colour_of, name_of

Along = Literal["steps", "time"]

COLOURS = 5
"""That the palette has; then the dash changes."""

MOST_NAMES = 10
"""Schedules whose names fit beside their lines; a pointer tells those of the others."""

LINE_PX, CROSS_PX = 1.6, 11

_AXES: Mapping[Along, Axis] = {
    "steps": Axis(label="steps"),
    "time": Axis(label="logged_time", unit="s"),
}
_DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")


def logged_chart(
    curves: Sequence[ReadCurve], diverged_at: Mapping[str, int], *, along: Along
) -> Chart:
    """The curves of one metric; a series of a single point says where a run diverged.

    Args:
        curves: At least one, all of one metric.
        diverged_at: Steps done there, of the runs that did.
        along: What goes to the right; points without a time are left out along it.
    """
    lines = [_line(curve, along) for curve in curves]
    crosses = [
        cross
        for curve in curves
        if curve.run in diverged_at
        and (cross := _cross(curve, diverged_at[curve.run], along)) is not None
    ]
    metric = curves[0].metric
    falls = TARGET_METRICS.get(metric) == "below"
    positive = all(value is None or value > 0 for series in lines for value in series.y)
    return Chart(
        key="logged_runs",
        x=_AXES[along],
        y=Axis(label=f"metric.{metric}", logarithmic=falls and positive),
        series=(*lines, *crosses),
    )


def logged_figure(chart: Chart, schedules: Mapping[str, str], look: Look) -> Figure:
    """The chart; runs of one schedule have its colour, and its name stands once at their ends.

    Args:
        chart: Of `logged_chart`.
        schedules: By run.
        look: For whom it is drawn.
    """
    frame = spans(chart, look.language)
    drawn = [one for one in chart.series if one.role == "candidate"]
    named = _by_schedule(drawn, schedules)
    told = replace(chart, series=tuple(named.values()))
    places = {name: place for place, name in enumerate(named)}
    data: list[Trace] = []
    for series in drawn:
        schedule = schedules[series.name]
        colour = colour_of(named[schedule], told, look.palette, main="")
        dash = _DASHES[places[schedule] // COLOURS % len(_DASHES)]
        drawn_line = {"color": colour, "width": LINE_PX, "dash": dash}
        whole = {"line": drawn_line, "cliponaxis": False}
        data.append({**line(series, chart, look, frame), **whole})
    data += [_crossed(one, chart, look, frame) for one in chart.series if one.role == "point"]
    labelled = list(named.values())[:MOST_NAMES]
    margin = max((label_width_px(name_of(one, look.language)) for one in labelled), default=0)
    figure = figure_of(data, look, frame, right_px=margin + GAP_PX)
    figure["layout"]["annotations"] = end_labels(told, labelled, frame[1], look)
    return figure


def _by_schedule(lines: Iterable[Series], schedules: Mapping[str, str]) -> dict[str, Series]:
    """The line of each schedule that goes on longest, under the schedule's name."""
    longest: dict[str, Series] = {}
    for one in lines:
        schedule = schedules[one.name]
        known = longest.get(schedule)
        if known is None or (one.x and (not known.x or one.x[-1] > known.x[-1])):
            longest[schedule] = replace(one, name=schedule)
    return longest


def _across(curve: ReadCurve, along: Along) -> Sequence[float | None]:
    return curve.steps if along == "steps" else curve.elapsed_s


def _line(curve: ReadCurve, along: Along) -> Series:
    points = zip(_across(curve, along), curve.values, strict=True)
    told = [(float(across), up) for across, up in points if across is not None]
    return Series(
        name=curve.run,
        role="candidate",
        x=tuple(across for across, _ in told),
        y=tuple(up for _, up in told),
    )


def _cross(curve: ReadCurve, at_step: int, along: Along) -> Series | None:
    """Where a run diverged, at the height of the last value up to there; None without either."""
    height: float | None = None
    for step, across, up in zip(curve.steps, _across(curve, along), curve.values, strict=True):
        height = up if up is not None and (step <= at_step or height is None) else height
        if step >= at_step and across is not None and height is not None:
            return Series(name=curve.run, role="point", x=(float(across),), y=(height,))
    return None


def _crossed(series: Series, chart: Chart, look: Look, frame: Spans) -> Trace:
    marker = {"symbol": "x", "size": CROSS_PX, "color": look.palette.bad}
    return {**cloud(series, chart, look, frame), "marker": marker}
