"""A chart of the planner as one self-contained SVG: nothing runs, nothing loads."""

from collections.abc import Callable, Iterator

from backend.reports.markup import element
from backend.reports.svg.bars import bars_drawing, bars_height_px
from backend.reports.svg.lines import lines_drawing
from backend.reports.svg.look import TEXT_PX, Look
from backend.reports.svg.points import points_drawing
from planner.chart import Chart

_DRAWINGS: dict[str, Callable[[Chart, Look], Iterator[str]]] = {
    "tornado": bars_drawing,
    "time_against_cost": points_drawing,
}


def chart_svg(chart: Chart, look: Look, *, alternative: str) -> str:
    """The drawing; every series is a group whose ``data-`` attributes hold its exact numbers.

    Args:
        chart: What is drawn; a tornado takes its height from the number of its bars.
        look: How it is drawn.
        alternative: What it shows, for who cannot see it.
    """
    height = bars_height_px(chart) if chart.key == "tornado" else look.height_px
    drawing = _DRAWINGS.get(chart.key, lines_drawing)
    return element(
        "svg",
        *drawing(chart, look),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {look.width_px:g} {height:g}",
        width=look.width_px,
        height=height,
        role="img",
        aria_label=alternative,
        data_chart=chart.key,
        font_family=look.font,
        font_size=TEXT_PX,
    )
