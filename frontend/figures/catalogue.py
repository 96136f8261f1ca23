"""What a published setting does along its run, as stairs without a name: the card has it."""

from dataclasses import replace

from frontend.figures.plotly_charts import GAP_PX, Figure, figure_of
from frontend.figures.plotly_traces import Look, line
from planner.chart import Chart
from wording.charts.axis_spans import Span, spans


def stairs_figure(chart: Chart, look: Look) -> Figure:
    """A value that holds from its point to the next one."""
    along, upright = spans(chart, look.language)
    frame = along, _of_one_value(upright, chart)
    drawn = [line(series, chart, look, frame) for series in chart.series]
    held = [{**trace, "mode": "lines", "line": {**trace["line"], "shape": "hv"}} for trace in drawn]
    return figure_of(held, look, frame, right_px=2 * GAP_PX)


def _of_one_value(upright: Span, chart: Chart) -> Span:
    """From zero and with that value's own tick where there is but one: the rest never occurs."""
    values = {value for series in chart.series for value in series.y if value is not None}
    value = max(values)
    if len(values) > 1 or upright.axis.logarithmic or value <= 0:
        return upright
    return replace(upright, low=0.0, high=2 * value, stops=(0.0, value))
