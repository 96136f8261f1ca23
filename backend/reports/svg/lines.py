"""Charts of lines: payback, convergence, survival, sweep."""

from collections.abc import Iterator

from backend.reports.svg.frame import axes, frame_of
from backend.reports.svg.labels import end_labels, levels, margin_for, mark
from backend.reports.svg.look import Look
from backend.reports.svg.marks import band, line, ring, series_group
from planner.chart import Chart, Series
from wording.charts.axis_spans import spans


def lines_drawing(chart: Chart, look: Look) -> Iterator[str]:
    """Lines with the band of the main candidate, its break-even mark, and names at the ends."""
    lines = [series for series in chart.series if series.role != "break_even"]
    x, y = spans(chart, look.language)
    frame = frame_of(x, y, look, margin_px=margin_for(lines, look))
    yield from axes(frame, look)
    yield from levels(chart, look, frame)
    for series in sorted(lines, key=lambda found: found.name == look.main):
        shaded = series.name == look.main and bool(series.low)
        around = [band(series, look, frame)] if shaded else []
        yield series_group(series, *around, *line(series, chart, look, frame))
    rings = [series for series in chart.series if _is_ring(series, look)]
    for series in rings:
        yield ring(series, look, frame)
        if look.mark:
            curve = next((found for found in lines if found.name == look.main), None)
            yield from mark(series, curve, look, frame)
    yield from end_labels(chart, lines, look, frame)


def _is_ring(series: Series, look: Look) -> bool:
    return series.role == "break_even" and series.name == look.main and len(series.x) == 1
