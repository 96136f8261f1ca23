"""Text as DrawingML, for slides and charts alike: both typefaces and the language in every run."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from backend.reports.pptx.text_fit import LINE_HEIGHT
from backend.reports.visible_text import visible
from wording.charts.palette import LIGHT
from wording.language import Language

LATIN = "Arial"
EAST_ASIAN = "Yu Gothic"
"""Both come with every PowerPoint; the file carries no font."""

TAGS: dict[Language, str] = {"en": "en-US", "ja": "ja-JP"}

Align = Literal["l", "ctr", "r"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """How a text is set.

    Attributes:
        size_pt: Of its letters.
        colour: As ``#rrggbb``.
        bold: Whether it is.
        align: Where its lines begin.
    """

    size_pt: float
    colour: str = LIGHT.text
    bold: bool = False
    align: Align = "l"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of one kind of text.

    Attributes:
        text: Plain; nothing in it is markup.
        type: How it is set.
        before_pt: Space above it.
        bullet: Whether a dot stands in front.
    """

    text: str
    type: Type
    before_pt: float = 0.0
    bullet: bool = False


def characters(tag: str, type_: Type, language: Language) -> str:
    """XML of character properties, such as ``a:rPr`` or ``a:defRPr``."""
    return (
        f'<a:{tag} lang="{TAGS[language]}" altLang="en-US" sz="{round(type_.size_pt * 100)}" '
        f'b="{int(type_.bold)}"><a:solidFill>{colour(type_.colour)}</a:solidFill>{FACES}</a:{tag}>'
    )


def colour(value: str) -> str:
    """XML of a colour such as ``#1d4ed8``."""
    return f'<a:srgbClr val="{value.removeprefix("#").upper()}"/>'


FACES = f'<a:latin typeface="{LATIN}"/><a:ea typeface="{EAST_ASIAN}"/><a:cs typeface="{LATIN}"/>'
"""XML of the typefaces of both scripts."""


def paragraph(one: Paragraph, language: Language) -> str:
    """XML of a paragraph with exact distance of lines."""
    type_ = one.type
    indent = round(type_.size_pt * 1.4 * 12700) if one.bullet else 0
    dot = f'<a:buFont typeface="{LATIN}"/><a:buChar char="•"/>'
    mark = dot if one.bullet else "<a:buNone/>"
    return (
        f'<a:p><a:pPr algn="{type_.align}" marL="{indent}" indent="{-indent}">'
        f'<a:lnSpc><a:spcPts val="{round(type_.size_pt * LINE_HEIGHT * 100)}"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="{round(one.before_pt * 100)}"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="0"/></a:spcAft>{mark}</a:pPr>'
        f"{run(one.text, type_, language)}"
        f"{characters('endParaRPr', type_, language)}</a:p>"
    )


def run(text: str, type_: Type, language: Language) -> str:
    """XML of a run."""
    return f"<a:r>{characters('rPr', type_, language)}<a:t>{escaped(text)}</a:t></a:r>"


def paragraphs(found: Iterable[Paragraph], language: Language) -> str:
    """XML of all, one after the other."""
    return "".join(paragraph(one, language) for one in found)


def escaped(text: str) -> str:
    """A text as the content of an element."""
    return escape(visible(text))
