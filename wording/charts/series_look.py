"""What a series looks like and is called, whatever draws it: one accent, grey for today."""

from typing import Literal

from planner.chart import Chart, Series
from wording.charts.palette import Palette
from wording.labels import label
from wording.language import Language

Dash = Literal["solid", "dash", "dot"]


def colour_of(series: Series, chart: Chart, palette: Palette, *, main: str) -> str:
    """Accent for the main candidate, grey for today, a colour of its own for each other.

    Args:
        series: To be drawn.
        chart: It belongs to; the order of its series gives the others their colours.
        palette: Of the theme.
        main: Name of the candidate that all is about.
    """
    if series.name == main:
        return palette.accent
    if series.role in ("baseline", "break_even"):
        return palette.muted
    others = dict.fromkeys(
        found.name
        for found in chart.series
        if found.role in ("candidate", "point") and found.name != main
    )
    return palette.others[list(others).index(series.name) % len(palette.others)]


def dash_of(series: Series, *, main: str) -> Dash:
    """Solid for the main candidate, dots for today, dashes for the others."""
    if series.name == main:
        return "solid"
    return "dot" if series.role == "baseline" else "dash"


def name_of(series: Series, language: Language) -> str:
    """A schedule's own name, or the message of a key."""
    return label("chart.series", series.name, language)
