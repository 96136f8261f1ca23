"""Axes of native charts: round ends and ticks, numbers and titles in the reader's language."""

import math
from dataclasses import dataclass
from typing import Literal

from backend.reports.pptx.text_fit import width_pt
from backend.reports.pptx.typeset import Type, characters, colour, run
from wording.charts.axis_spans import Span
from wording.charts.palette import LIGHT
from wording.charts.scales import round_ticks, tick_text
from wording.language import Language

MINUS = "\N{MINUS SIGN}"
HAIRLINE_EMU = 9525
NUMBERS = Type(size_pt=10.5, colour=LIGHT.muted)
TITLE = Type(size_pt=10.5, colour=LIGHT.muted)

Side = Literal["b", "l"]

X_AXIS, Y_AXIS = 111, 222
"""Identities of the two axes in every chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeAxis:
    """An axis in the unit in which it is read.

    Attributes:
        low: Its start.
        high: Its end.
        step: From one number to the next; on a logarithmic axis the factor.
        factor: Size of its unit in the unit of the data.
        title: What it counts, with its unit.
        logarithmic: Whether distances are ratios.
    """

    low: float
    high: float
    step: float
    factor: float
    title: str
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Share of the way from start to end, of a value in the unit of the data."""
        shown = value / self.factor
        if self.logarithmic:
            return math.log(shown / self.low) / math.log(self.high / self.low)
        return (shown - self.low) / (self.high - self.low)

    def scaled(self, value: float | None) -> float | None:
        """A value of the data in the unit of the axis; a gap stays one."""
        return None if value is None else value / self.factor

    def ticks(self) -> list[float]:
        """Where PowerPoint will put numbers, in the unit of the axis."""
        if self.logarithmic:
            count = math.floor(math.log(self.high / self.low) / math.log(self.step) + 1e-9)
            return [self.low * self.step**place for place in range(count + 1)]
        count = math.floor((self.high - self.low) / self.step + 1e-9)
        return [self.low + self.step * place for place in range(count + 1)]

    def number_format(self) -> str:
        """Format of its numbers: grouped, a real minus sign, as many decimals as the steps have."""
        if self.logarithmic:
            return "[<1]General;#,##0"
        decimals = next(places for places in range(13) if _whole(self.step * 10**places, self.step))
        figures = "#,##0" + ("." + "0" * decimals if decimals else "")
        return f"{figures};{MINUS}{figures}"


def native_axis(span: Span, language: Language, *, tight: bool = False) -> NativeAxis:
    """The axis of a span: its ends are round, unless it is to end where the data does.

    Args:
        span: What is shown, in the unit of the data.
        language: Of the reader.
        tight: Whether nothing may stand beyond the last value, as with time.
    """
    factor, title = span.scale.factor, span.title(language)
    low, high = span.low / factor, span.high / factor
    if not high > low:
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    if span.axis.logarithmic:
        base = 10.0 if high / low > 32 else 2.0
        floor = base ** math.floor(math.log(low * 1.05) / math.log(base) + 1e-9)
        return NativeAxis(
            low=floor, high=_above(high), step=base, factor=factor, title=title, logarithmic=True
        )
    ticks = round_ticks(low, high)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else high - low
    first = _round(math.floor(low / step + 1e-9) * step, step)
    last = _above(high) if tight else _round(math.ceil(high / step - 1e-9) * step, step)
    return NativeAxis(low=first, high=last, step=_round(step, step), factor=factor, title=title)


def axis_xml(
    axis: NativeAxis, side: Side, language: Language, *, crosses_at: float, lines: bool
) -> str:
    """XML of a value axis.

    Args:
        axis: Its range.
        side: At the bottom or on the left.
        language: Of the reader.
        crosses_at: Where on the other axis it stands.
        lines: Whether lines of a grid stand on its numbers.
    """
    own, other = (X_AXIS, Y_AXIS) if side == "b" else (Y_AXIS, X_AXIS)
    log = f'<c:logBase val="{axis.step:g}"/>' if axis.logarithmic else ""
    step = "" if axis.logarithmic else f'<c:majorUnit val="{axis.step!r}"/>'
    grid = f"<c:majorGridlines>{line_xml(LIGHT.line)}</c:majorGridlines>" if lines else ""
    rule = line_xml(LIGHT.axis) if side == "b" else "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>"
    mark = "out" if side == "b" else "none"
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling>{log}<c:orientation val="minMax"/>'
        f'<c:max val="{axis.high!r}"/><c:min val="{axis.low!r}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/>{grid}{title_xml(axis.title, side, language)}'
        f'<c:numFmt formatCode="{axis.number_format().replace("<", "&lt;")}" sourceLinked="0"/>'
        f'<c:majorTickMark val="{mark}"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{rule}{text_xml(NUMBERS, language)}'
        f'<c:crossAx val="{other}"/><c:crossesAt val="{crosses_at!r}"/>'
        f'<c:crossBetween val="midCat"/>{step}</c:valAx>'
    )


def title_xml(text: str, side: Side, language: Language) -> str:
    """XML of the title of an axis."""
    turned = ' rot="-5400000" vert="horz"' if side == "l" else ""
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr{turned}/><a:lstStyle/><a:p><a:pPr>"
        f"{characters('defRPr', TITLE, language)}</a:pPr>{run(text, TITLE, language)}</a:p>"
        '</c:rich></c:tx><c:overlay val="0"/></c:title>'
    )


def text_xml(type_: Type, language: Language) -> str:
    """XML of how the texts of a part of a chart are set."""
    return (
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f"{characters('defRPr', type_, language)}</a:pPr>"
        f"{characters('endParaRPr', type_, language)}</a:p></c:txPr>"
    )


def line_xml(value: str, width_emu: int = HAIRLINE_EMU, dash: str = "solid") -> str:
    """XML of a line's look."""
    return (
        f'<c:spPr><a:ln w="{width_emu}" cap="rnd"><a:solidFill>{colour(value)}</a:solidFill>'
        f'<a:prstDash val="{dash}"/><a:round/></a:ln></c:spPr>'
    )


def numbers_width_pt(axis: NativeAxis, language: Language) -> float:
    """Width of the widest of its numbers."""
    return max(
        width_pt(tick_text(tick, language), size_pt=NUMBERS.size_pt) for tick in axis.ticks()
    )


def _round(value: float, step: float) -> float:
    """A multiple of the step without the dust of binary fractions."""
    return round(value, max(0, 2 - math.floor(math.log10(step))) + 1) + 0.0


def _above(value: float) -> float:
    """A number of four figures just above: LibreOffice names no point that lies on the edge."""
    if value == 0 or float(value).is_integer():
        return value
    places = 3 - math.floor(math.log10(abs(value)))
    return round(math.ceil(value * 10.0**places) / 10.0**places, max(places, 0))


def _whole(value: float, step: float) -> bool:
    return abs(value - round(value)) < 1e-6 * max(value, step)
