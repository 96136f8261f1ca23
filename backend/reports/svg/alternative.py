"""A drawing in words, for who cannot see it."""

from planner.chart import Chart, Series
from wording.charts.axis_spans import Span, spans
from wording.charts.series_look import name_of
from wording.inputs import input_name
from wording.language import Language
from wording.numbers import significant
from wording.report.words import CaptionedChart

MOST_SERIES = 8
"""More than these would be heard as noise; the numbers are in the tables."""


def alternative(found: CaptionedChart, language: Language) -> str:
    """Title, what it shows, the mark on it, and where each series begins and ends."""
    words, chart = found.caption, found.chart
    series = [one for one in chart.series if one.role != "break_even"][:MOST_SERIES]
    ends = "; ".join(_series(one, chart, language) for one in series)
    parts = (f"{words.title}.", f"{words.subtitle}.", words.mark and f"{words.mark}.", ends)
    return " ".join(part for part in parts if part)


def _series(series: Series, chart: Chart, language: Language) -> str:
    x, y = spans(chart, language)
    if chart.key == "tornado":
        return f"{input_name(series.name, language)}: {_ends(sorted(series.x), x, language)}"
    name = name_of(series, language)
    known = [value for value in series.y if value is not None]
    if len(series.x) == 1 and known:
        places = zip((series.x[0], known[0]), (x, y), strict=True)
        shown = (f"{span.title(language)} {_number(at, span, language)}" for at, span in places)
        return f"{name}: {', '.join(shown)}"
    return f"{name}: {_ends(known, y, language)}" if known else name


def _ends(values: list[float], span: Span, language: Language) -> str:
    first, last = (_number(value, span, language) for value in (values[0], values[-1]))
    return f"{first} → {last}"


def _number(value: float, span: Span, language: Language) -> str:
    return significant(value / span.scale.factor, language)
