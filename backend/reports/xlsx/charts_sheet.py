"""The sheet of charts: native ones, drawn from the numbers on the sheet of their data."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.chart import Chart as NativeChart

from backend.reports.xlsx.assumptions_sheet import put_notice
from backend.reports.xlsx.chart_data import HEAD_ROW, ChartData, Drawn
from backend.reports.xlsx.looks import FONTS, HEADING, MUTED, TITLE, Look
from backend.reports.xlsx.sheet import Sheet
from backend.reports.xlsx.term import Term
from planner.chart import Chart, Series
from wording.charts.axis_spans import Span, spans
from wording.charts.palette import LIGHT
from wording.charts.series_look import colour_of, dash_of
from wording.report.words import CaptionedChart

WIDTHS = (98, 3, 98)
_UNWRAPPED: Look = {"text_wrap": False}
_CHART_PX = (688, 380)
_ROW_POINTS = 296
_FIRST_ROW = 4
_ROWS = 4
_FEW_MONTHS = 48
_DASHES = {"solid": "solid", "dash": "dash", "dot": "round_dot"}
_MARKERS = {"break_even": "diamond", "baseline": "circle", "candidate": "circle", "point": "circle"}


def write_charts(
    sheet: Sheet, data: ChartData, charts: Sequence[CaptionedChart], changed: Term, main: str
) -> None:
    """Two beside each other, each below its title and subtitle, with a text for who cannot see it.

    Args:
        sheet: Empty.
        data: Sheet of their numbers.
        charts: In reading order.
        changed: How many inputs are not what they were.
        main: Name of the candidate that all is about.
    """
    sheet.text(0, 0, sheet.book.words("sheet.charts"), TITLE, _UNWRAPPED)
    sheet.text(1, 0, sheet.book.words("charts.note"), MUTED, _UNWRAPPED)
    put_notice(sheet, 2, changed)
    for place, captioned in enumerate(charts):
        row, column = _FIRST_ROW + (place // 2) * _ROWS, (place % 2) * 2
        words = captioned.caption
        sheet.text(row, column, words.title, HEADING, _UNWRAPPED)
        sheet.text(row + 1, column, words.subtitle, MUTED)
        sheet.page.set_row(row + 1, 30)
        sheet.page.set_row(row + 2, _ROW_POINTS)
        native = (
            _tornado(sheet, data, captioned)
            if captioned.chart.key == "tornado"
            else _lines(sheet, data, captioned, main)
        )
        native.set_size({"width": _CHART_PX[0], "height": _CHART_PX[1]})
        told = " ".join(part for part in (words.title, words.subtitle, words.note) if part)
        options = {"description": told, "object_position": 1, "x_offset": 4, "y_offset": 4}
        sheet.page.insert_chart(row + 2, column, native, options)
        sheet.text(row + 3, column, words.note, MUTED)
        if words.note:
            sheet.page.set_row(row + 3, 30)
    sheet.page.set_h_pagebreaks([_FIRST_ROW + 2 * _ROWS])


def _lines(sheet: Sheet, data: ChartData, captioned: CaptionedChart, main: str) -> NativeChart:
    """Lines with the ends of their band as thin dashed lines, and single points."""
    chart = captioned.chart
    native = sheet.book.workbook.add_chart({"type": "scatter", "subtype": "straight"})
    font = {"name": FONTS[sheet.book.language]}
    hidden: list[int] = []
    count = 0
    for drawn in data.put(captioned):
        for offset, look in enumerate(_looks(drawn, chart, main), start=1):
            native.add_series(
                {
                    "name": [data.title, HEAD_ROW - 1, drawn.first_column],
                    "categories": _range(data.title, drawn, 0),
                    "values": _range(data.title, drawn, offset),
                    **look,
                }
            )
            if offset > 1 or _repeated(drawn.series):
                hidden.append(count)
            count += 1
    for axis, span in zip(("x", "y"), spans(chart, sheet.book.language), strict=True):
        settings = _axis(span, sheet, font)
        if axis == "x" and chart.key != "time_against_cost" and not span.axis.logarithmic:
            factor = span.scale.factor
            settings |= {"min": span.low / factor, "max": span.high / factor}
            if span.axis.label == "months":
                settings["major_unit"] = 6 if span.high <= _FEW_MONTHS else 24
        native.set_x_axis(settings) if axis == "x" else native.set_y_axis(settings)
    native.set_legend({"position": "bottom", "font": font, "delete_series": hidden})
    native.set_chartarea({"border": {"color": LIGHT.line}})
    native.show_na_as_empty_cell()
    return native


def _repeated(series: Series) -> bool:
    """A mark on a line that is in the legend already."""
    return series.role == "break_even" and len(series.x) == 1


def _looks(drawn: Drawn, chart: Chart, main: str) -> list[dict[str, Any]]:
    """Of the series itself, then of both ends of its band."""
    series = drawn.series
    colour = colour_of(series, chart, LIGHT, main=main)
    thin = {"color": colour, "width": 0.75, "dash_type": "dash", "transparency": 35}
    if series.x_low or drawn.rows == 1:
        marker = {
            "type": _MARKERS[series.role],
            "size": 9,
            "fill": {"color": colour},
            "border": {"color": LIGHT.surface},
        }
        return [{"line": {"none": True}, "marker": marker, **_error_bars(series, colour, chart)}]
    dash = _DASHES[dash_of(series, main=main)]
    line = {"color": colour, "width": 2.25, "dash_type": dash}
    looks: list[dict[str, Any]] = [{"line": line, "marker": {"type": "none"}}]
    if series.low:
        looks += [{"line": thin, "marker": {"type": "none"}}] * 2
    return looks


def _error_bars(series: Series, colour: str, chart: Chart) -> dict[str, Any]:
    """The band of a single point, to both sides and up and down."""
    found: dict[str, Any] = {}
    x_scale, y_scale = (span.scale.factor for span in spans(chart, "en"))
    ends = (
        ("x_error_bars", series.x, series.x_low, series.x_high, x_scale),
        ("y_error_bars", series.y, series.low, series.high, y_scale),
    )
    for name, middle, low, high, factor in ends:
        at = middle[0] if middle else None
        if not low or at is None or low[0] is None or high[0] is None:
            continue
        found[name] = {
            "type": "custom",
            "minus_values": [(at - low[0]) / factor],
            "plus_values": [(high[0] - at) / factor],
            "line": {"color": colour, "width": 1},
        }
    return found


def _axis(span: Span, sheet: Sheet, font: dict[str, str]) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "name": span.title(sheet.book.language),
        "name_font": {**font, "bold": False, "color": LIGHT.muted},
        "num_font": {**font, "color": LIGHT.muted},
        "num_format": "#,##0.######;\N{MINUS SIGN}#,##0.######",
        "line": {"color": LIGHT.axis},
        "major_gridlines": {"visible": True, "line": {"color": LIGHT.line, "width": 0.5}},
        "label_position": "low",
    }
    if span.axis.logarithmic:
        settings["log_base"] = 2 if span.axis.label == "rate_multiplier" else 10
    return settings


def _tornado(sheet: Sheet, data: ChartData, captioned: CaptionedChart) -> NativeChart:
    """Bars from the assumed worth to both ends of an input, the better in the accent colour."""
    drawn = data.put_tornado(captioned)
    native = sheet.book.workbook.add_chart({"type": "bar"})
    font = {"name": FONTS[sheet.book.language]}
    for offset, colour in ((3, LIGHT.others[0]), (4, LIGHT.accent)):
        native.add_series(
            {
                "name": [data.title, HEAD_ROW, drawn.first_column + offset],
                "categories": _range(data.title, drawn, 0),
                "values": _range(data.title, drawn, offset),
                "fill": {"color": colour},
                "overlap": 100,
                "gap": 60,
            }
        )
    language = sheet.book.language
    span = spans(captioned.chart, language)[0]
    value_axis = _axis(span, sheet, font)
    value_axis["name"] = sheet.book.words("charts.change", axis=span.title(language))
    native.set_x_axis(value_axis)
    native.set_y_axis({"num_font": font, "label_position": "low"})
    native.set_legend({"position": "bottom", "font": font})
    native.set_chartarea({"border": {"color": LIGHT.line}})
    return native


def _range(title: str, drawn: Drawn, offset: int) -> list[str | int]:
    column = drawn.first_column + offset
    return [title, HEAD_ROW + 1, column, HEAD_ROW + drawn.rows, column]
