"""What a published setting does along its run, as stairs without a name: the card has it."""

from frontend.axis_spans import spans
from frontend.plotly_charts import GAP_PX, Figure, figure_of
from frontend.plotly_traces import Look, line
from planner.chart import Chart


def stairs_figure(chart: Chart, look: Look) -> Figure:
    """A value that holds from its point to the next one."""
    frame = spans(chart, look.language)
    drawn = [line(series, chart, look, frame) for series in chart.series]
    held = [{**trace, "mode": "lines", "line": {**trace["line"], "shape": "hv"}} for trace in drawn]
    return figure_of(held, look, frame, right_px=2 * GAP_PX)
