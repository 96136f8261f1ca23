"""Boxes, texts and cards on a slide; every text is fitted to its box before it is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from backend.reports.pptx.text_fit import LINE_HEIGHT, Fitted, fitted
from backend.reports.pptx.typeset import Paragraph, Type, paragraphs
from backend.reports.visible_text import visible
from wording.charts.palette import LIGHT
from wording.language import Language

Anchor = Literal["t", "ctr", "b"]
RADIUS_PT = 7.0
HAIRLINE_PT = 0.75

_DECORATIVE = (
    f"<a:extLst {nsdecls('a')}><a:ext uri='{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}'>"
    "<adec:decorative xmlns:adec='http://schemas.microsoft.com/office/drawing/2017/decorative' "
    "val='1'/></a:ext></a:extLst>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    def inset(self, x: float, y: float) -> "Rect":
        """The same, smaller on every side."""
        return Rect(
            left=self.left + x,
            top=self.top + y,
            width=self.width - 2 * x,
            height=self.height - 2 * y,
        )

    def columns(self, count: int, *, gap: float) -> list["Rect"]:
        """Equal parts side by side."""
        width = (self.width - gap * (count - 1)) / count
        return [
            replace(self, left=self.left + place * (width + gap), width=width)
            for place in range(count)
        ]

    def rows(self, count: int, *, gap: float) -> list["Rect"]:
        """Equal parts below each other."""
        height = (self.height - gap * (count - 1)) / count
        return [
            replace(self, top=self.top + place * (height + gap), height=height)
            for place in range(count)
        ]

    def below(self, height: float) -> "Rect":
        """What is left under a part of so much height."""
        return replace(self, top=self.top + height, height=self.height - height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A slide while it is filled.

    Attributes:
        slide: Of python-pptx.
        language: Of all its texts.
        unsaid: Texts that did not fit whole, for the notes.
    """

    slide: Slide
    language: Language
    unsaid: list[str]


def box(
    sheet: Sheet,
    place: Rect,
    *,
    fill: str = LIGHT.surface,
    border: str | None = LIGHT.line,
    radius_pt: float = RADIUS_PT,
    name: str = "Card",
    spoken: bool = False,
) -> Any:  # noqa: ANN401 - a shape of python-pptx, whose types are partial
    """A rectangle with round corners and no shadow.

    Args:
        sheet: It belongs to.
        place: Where.
        fill: Colour inside.
        border: Colour of its edge; None for none.
        radius_pt: Of its corners.
        name: In the list of shapes.
        spoken: Whether it says something itself; otherwise a screen reader passes it by.
    """
    shape = sheet.slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE if radius_pt else MSO_SHAPE.RECTANGLE,
        Pt(place.left),
        Pt(place.top),
        Pt(place.width),
        Pt(place.height),
    )
    shape.name = name
    if radius_pt:
        shape.adjustments[0] = min(0.5, radius_pt / min(place.width, place.height))
    paint(shape, fill)
    if border is None:
        shape.line.fill.background()
    else:
        shape.line.color.rgb = _rgb(border)
        shape.line.width = Pt(HAIRLINE_PT)
    style = shape.element.find(qn("p:style"))
    shape.element.remove(style)
    set_text(shape, (), sheet.language)
    if not spoken:
        shape.element.xpath(".//p:cNvPr")[0].append(parse_xml(_DECORATIVE))
    return shape


def text(
    sheet: Sheet, place: Rect, found: Sequence[Paragraph], *, anchor: Anchor = "t", name: str
) -> Any:  # noqa: ANN401 - a shape of python-pptx
    """A text without a box of its own."""
    shape = sheet.slide.shapes.add_textbox(
        Pt(place.left), Pt(place.top), Pt(place.width), Pt(place.height)
    )
    shape.name = name
    set_text(shape, found, sheet.language, anchor=anchor)
    return shape


def fitted_text(
    sheet: Sheet,
    place: Rect,
    words: str,
    type_: Type,
    *,
    sizes_pt: Sequence[float],
    anchor: Anchor = "t",
    name: str,
) -> Any:  # noqa: ANN401 - a shape of python-pptx
    """One paragraph in the largest size that fits; what is cut is kept for the notes."""
    one = fit(sheet, place, words, type_, sizes_pt)
    shape = text(sheet, place, [one], anchor=anchor, name=name)
    if one.text != visible(words):
        describe(shape, words)
    return shape


def fit(sheet: Sheet, place: Rect, words: str, type_: Type, sizes_pt: Sequence[float]) -> Paragraph:
    """A paragraph that fits a place; what is cut is kept for the notes."""
    found = fitted(
        visible(words),
        width_pt=place.width,
        height_pt=place.height,
        sizes_pt=sizes_pt,
        bold=type_.bold,
    )
    if found.cut:
        sheet.unsaid.append(words)
    return Paragraph(text=found.text, type=replace(type_, size_pt=found.size_pt))


def fitted_list(
    sheet: Sheet,
    place: Rect,
    texts: Iterable[str],
    type_: Type,
    *,
    sizes_pt: Sequence[float],
    name: str,
    gap_pt: float = 5.0,
) -> None:
    """Texts with dots, all in one size; in the smallest, each has an equal share of the lines."""
    shown = [visible(one) for one in texts]
    for size in sizes_pt:
        lines = [_line_item(one, place, size, 99) for one in shown]
        needed = sum(one.lines for one in lines) * size * LINE_HEIGHT + gap_pt * (len(shown) - 1)
        if needed <= place.height:
            break
    else:
        lines = _cut_to(shown, place, size, gap_pt)
        sheet.unsaid.extend(
            whole for whole, one in zip(shown, lines, strict=True) if one.text != whole
        )
    found = [
        Paragraph(
            text=one.text,
            type=replace(type_, size_pt=size),
            before_pt=gap_pt if number else 0.0,
            bullet=True,
        )
        for number, one in enumerate(lines)
    ]
    text(sheet, place, found, name=name)


def _cut_to(shown: Sequence[str], place: Rect, size: float, gap_pt: float) -> list[Fitted]:
    """The longest texts lose lines first, until all have room."""
    room = int((place.height - gap_pt * (len(shown) - 1)) / (size * LINE_HEIGHT))
    most = [_line_item(one, place, size, 99).lines for one in shown]
    while sum(most) > max(room, len(shown)):
        most[most.index(max(most))] -= 1
    return [_line_item(one, place, size, lines) for one, lines in zip(shown, most, strict=True)]


def _line_item(words: str, place: Rect, size: float, lines: int) -> Fitted:
    return fitted(
        words,
        width_pt=place.width - size * 1.4,
        height_pt=lines * size * LINE_HEIGHT + 0.5,
        sizes_pt=(size,),
    )


def set_text(
    shape: Any,  # noqa: ANN401 - a shape of python-pptx
    found: Iterable[Paragraph],
    language: Language,
    *,
    anchor: Anchor = "t",
    inset_pt: float = 0.0,
) -> None:
    """Replaces what a shape says; the text neither grows nor shrinks by itself."""
    inset = round(inset_pt * 12700)
    content = paragraphs(found, language) or paragraphs(
        [Paragraph(text="", type=Type(size_pt=10))], language
    )
    body = parse_xml(
        f"<p:txBody {nsdecls('p', 'a')}><a:bodyPr wrap='square' lIns='{inset}' tIns='0' "
        f"rIns='{inset}' bIns='0' anchor='{anchor}' rtlCol='0'><a:noAutofit/></a:bodyPr>"
        f"<a:lstStyle/>{content}</p:txBody>"
    )
    element = shape.element
    element.replace(element.find(qn("p:txBody")), body)


def paint(shape: Any, fill: str) -> None:  # noqa: ANN401 - a shape of python-pptx
    """Gives a shape one colour."""
    shape.fill.solid()
    shape.fill.fore_color.rgb = _rgb(fill)


def move(shape: Any, place: Rect) -> None:  # noqa: ANN401 - a shape of python-pptx
    """Puts a shape somewhere else."""
    shape.left, shape.top = Pt(place.left), Pt(place.top)
    shape.width, shape.height = Pt(place.width), Pt(place.height)


def describe(shape: Any, words: str) -> None:  # noqa: ANN401 - a shape of python-pptx
    """Alternative text of a shape."""
    shape.element.xpath(".//p:cNvPr")[0].set("descr", visible(words))


def _rgb(value: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(value.removeprefix("#")))  # type: ignore[no-untyped-call]
