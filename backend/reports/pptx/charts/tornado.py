"""The tornado as a native bar chart: bars from the plan as assumed to both ends of every input."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.reports.pptx.charts.axes import (
    NUMBERS,
    X_AXIS,
    Y_AXIS,
    NativeAxis,
    line_xml,
    native_axis,
    text_xml,
    title_xml,
)
from backend.reports.pptx.charts.chart_file import ChartFile, Room, chart_file
from backend.reports.pptx.charts.frame import BOTTOM_PT, GAP_PT, TOP_PT, Drawn
from backend.reports.pptx.charts.sheet import Sheet
from backend.reports.pptx.text_fit import shortened, width_pt
from backend.reports.pptx.typeset import Type, colour
from planner.chart import Chart, Series
from wording.catalogue import say
from wording.charts.axis_spans import spans
from wording.charts.palette import LIGHT
from wording.inputs import input_ends, input_name
from wording.language import Language

MOST_BARS = 8
"""The eight longest; the rest is in the other files."""

FEW_BARS = 4
"""Up to so many are drawn thinner, so that they do not look like blocks."""

WIDEST_NAME = 0.42
"""Share of the chart that names take at most."""

NAMES = Type(size_pt=10.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """One input: its name with its values, and the worth at the worse and at the better end."""

    name: str
    worse: float
    better: float


def tornado_chart(chart: Chart, drawn: Drawn) -> ChartFile:
    """The longest bar on top; the axis of names stands at the plan as assumed."""
    shown = replace(chart, series=chart.series[:MOST_BARS])
    span, _ = spans(shown, drawn.language, padding=0.06)
    assumed = float(chart.params["base"])
    span = replace(span, stops=(), low=min(span.low, assumed), high=max(span.high, assumed))
    axis = native_axis(span, drawn.language)
    room_pt = drawn.width_pt * WIDEST_NAME
    bars = [_bar(one, chart, axis, drawn.language) for one in reversed(shown.series)]
    names = [
        shortened(bar.name, width_pt=room_pt - 2 * GAP_PT, size_pt=NAMES.size_pt, lines=2)
        for bar in bars
    ]
    widest = max(width_pt(name, size_pt=NAMES.size_pt) for name in names)
    left = min(room_pt, widest + 2 * GAP_PT)
    room = Room(
        left=left / drawn.width_pt,
        top=TOP_PT / drawn.height_pt,
        width=(drawn.width_pt - left - 2 * GAP_PT) / drawn.width_pt,
        height=(drawn.height_pt - TOP_PT - BOTTOM_PT) / drawn.height_pt,
    )
    base = assumed / axis.factor
    sheet = Sheet()
    return chart_file(sheet, room, _plot(bars, names, base, axis, sheet, drawn), drawn.language)


def _bar(series: Series, chart: Chart, axis: NativeAxis, language: Language) -> _Bar:
    worse, better = (0, 1) if series.x[0] <= series.x[1] else (1, 0)
    name = input_name(series.name, language)
    ends = input_ends(
        series.name,
        series.y[worse] or 0.0,
        series.y[better] or 0.0,
        currency=chart.x.unit,
        language=language,
    )
    return _Bar(
        name=say("deck.bar", language, name=name[:1].upper() + name[1:], ends=ends),
        worse=series.x[worse] / axis.factor,
        better=series.x[better] / axis.factor,
    )


def _plot(
    bars: Sequence[_Bar],
    names: Sequence[str],
    base: float,
    axis: NativeAxis,
    sheet: Sheet,
    drawn: Drawn,
) -> str:
    language = drawn.language
    heads = sheet.add(say("deck.inputs", language), names)
    series = "".join(
        _series(place, heads, sheet.add(say(f"deck.end_{end}", language), values), ink, sheet)
        for place, (end, values, ink) in enumerate(
            (
                ("worse", [bar.worse for bar in bars], LIGHT.others[0]),
                ("better", [bar.better for bar in bars], LIGHT.accent),
            )
        )
    )
    gap = 70 if len(bars) > FEW_BARS else 160
    return (
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="{gap}"/><c:overlap val="100"/>'
        f'<c:axId val="{Y_AXIS}"/><c:axId val="{X_AXIS}"/></c:barChart>'
        f"{_names_axis(base, language)}{_worth_axis(axis, language)}"
    )


def _series(place: int, heads: int, values: int, ink: str, sheet: Sheet) -> str:
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{sheet.name_xml(values)}'
        f"<c:spPr><a:solidFill>{colour(ink)}</a:solidFill></c:spPr>"
        f'<c:invertIfNegative val="0"/><c:cat>{sheet.texts_xml(heads)}</c:cat>'
        f"<c:val>{sheet.numbers_xml(values)}</c:val></c:ser>"
    )


def _names_axis(base: float, language: Language) -> str:
    return (
        f'<c:catAx><c:axId val="{Y_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"{line_xml(LIGHT.axis)}{text_xml(NAMES, language)}"
        f'<c:crossAx val="{X_AXIS}"/><c:crossesAt val="{base!r}"/><c:auto val="0"/>'
        '<c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _worth_axis(axis: NativeAxis, language: Language) -> str:
    return (
        f'<c:valAx><c:axId val="{X_AXIS}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{axis.high!r}"/><c:min val="{axis.low!r}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="b"/><c:majorGridlines>{line_xml(LIGHT.line)}</c:majorGridlines>'
        f"{title_xml(axis.title, 'b', language)}"
        f'<c:numFmt formatCode="{axis.number_format()}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{text_xml(NUMBERS, language)}"
        f'<c:crossAx val="{Y_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>'
        f'<c:majorUnit val="{axis.step!r}"/></c:valAx>'
    )
