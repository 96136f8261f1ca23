"""The empty deck: 16:9, one layout with a title, a footer and a number, our theme and no clock."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part, XmlPart
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Pt

from backend.reports.pptx.shapes import Rect, move, set_text
from backend.reports.pptx.theme import theme_xml
from backend.reports.pptx.typeset import FACES, TAGS, Paragraph, Type
from backend.reports.visible_text import visible
from wording.charts.palette import LIGHT
from wording.language import Language
from wording.report.words import ReportWords

WIDTH_PT, HEIGHT_PT, MARGIN_PT = 960.0, 540.0, 40.0
TITLE = Rect(left=MARGIN_PT, top=44, width=WIDTH_PT - 2 * MARGIN_PT, height=68)
CONTENT = Rect(left=MARGIN_PT, top=124, width=WIDTH_PT - 2 * MARGIN_PT, height=376)
FOOTER = Rect(left=MARGIN_PT, top=510, width=WIDTH_PT - 2 * MARGIN_PT - 60, height=16)
NUMBER = Rect(left=WIDTH_PT - MARGIN_PT - 50, top=510, width=50, height=16)
SMALL = Type(size_pt=9, colour=LIGHT.muted)
HEADLINE = Type(size_pt=26, bold=True)

_TITLE_ONLY = 5
_PLACES = {"title": TITLE, "ftr": FOOTER, "sldNum": NUMBER}
_NOTES_PICTURE = Rect(left=54, top=54, width=432, height=243)
_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"


def empty_deck(words: ReportWords, reported_on: str) -> Deck:
    """A deck without a slide."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH_PT), Pt(HEIGHT_PT)
    deck.element.find(qn("p:sldSz")).attrib.pop("type", None)
    _drop(deck.part, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    for kind in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES):
        _drop(deck.part.package, kind)
    kept = deck.slide_layouts[_TITLE_ONLY]
    layouts: Any = deck.slide_layouts
    for layout in [found for found in layouts if found is not kept]:
        layouts.remove(layout)
    for holder in (deck.slide_master, kept):
        _placed(holder, words.language)
    _titles(deck)
    _theme("/ppt/theme/theme1.xml", deck.part, deck.slide_master.part)
    _theme("/ppt/theme/theme2.xml", deck.notes_master.part)
    _notes(deck)
    for found in deck.element.iter(qn("a:defPPr")):
        found.find(qn("a:defRPr")).set("lang", TAGS[words.language])
    _properties(deck, words, reported_on)
    return deck


def add_slide(deck: Deck, footer: str, language: Language) -> Slide:
    """A slide with its footer and its number; the title is still to be written."""
    layout = deck.slide_layouts[0]
    slide: Slide = deck.slides.add_slide(layout)
    placeholders: Any = layout.placeholders
    for shape in placeholders:
        kind = _kind(shape)
        if kind in ("ftr", "sldNum"):
            copy = deepcopy(shape.element)
            copy.xpath(".//p:cNvPr")[0].set("id", str(90 + len(slide.shapes)))
            slide.shapes.element.append(copy)
    for shape in slide.placeholders:
        if _kind(shape) == "ftr":
            set_text(shape, [Paragraph(text=footer, type=SMALL)], language, anchor="ctr")
    return slide


def _placed(holder: Any, language: Language) -> None:  # noqa: ANN401 - a master or a layout
    """Placeholders where ours are; the day, which would follow a clock, goes."""
    for shape in list(holder.placeholders):
        kind = _kind(shape)
        if kind not in (*_PLACES, "body"):
            shape.element.getparent().remove(shape.element)
            continue
        place = _PLACES.get(kind, CONTENT)
        move(shape, place)
        type_ = HEADLINE if kind == "title" else SMALL
        aligned = Type(
            size_pt=type_.size_pt,
            colour=type_.colour,
            bold=type_.bold,
            align="r" if kind == "sldNum" else "l",
        )
        set_text(shape, [Paragraph(text=" ", type=aligned)], language, anchor="ctr")
        if kind == "sldNum":
            _number_field(shape)


def _number_field(shape: Any) -> None:  # noqa: ANN401 - a shape of python-pptx
    """Turns the run of a text into the field that counts slides."""
    run = shape.element.find(".//" + qn("a:r"))
    run.tag = qn("a:fld")
    run.set("id", _FIELD)
    run.set("type", "slidenum")
    run.find(qn("a:t")).text = "‹#›"


def _titles(deck: Deck) -> None:
    """The style that a new slide's title takes."""
    level = deck.slide_master.element.find(".//" + qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    level.set("algn", "l")
    level.find(qn("a:defRPr")).set("sz", str(round(HEADLINE.size_pt * 100)))
    level.find(qn("a:defRPr")).set("b", "1")


def _theme(name: str, *parts: XmlPart) -> None:
    """Puts our theme in the place of theirs."""
    xml = theme_xml("Paybatch")
    theme = Part(PackURI(name), CONTENT_TYPE.OFC_THEME, parts[0].package, xml)
    for part in parts:
        _drop(part, RELATIONSHIP_TYPE.THEME)
        part.relate_to(theme, RELATIONSHIP_TYPE.THEME)


def _notes(deck: Deck) -> None:
    """The notes page shows a slide of our shape, and its numbers follow no clock."""
    for shape in list(deck.notes_master.placeholders):
        kind = _kind(shape)
        if kind in ("dt", "hdr", "ftr"):
            shape.element.getparent().remove(shape.element)
        elif kind == "sldImg":
            move(shape, _NOTES_PICTURE)
        for properties in shape.element.iter(qn("a:rPr"), qn("a:endParaRPr")):
            for face in _faces():
                properties.append(face)


def _faces() -> list[Any]:
    return list(parse_xml(f"<a:rPr {nsdecls('a')}>{FACES}</a:rPr>"))


def _kind(shape: Any) -> str:  # noqa: ANN401 - a placeholder of python-pptx
    return str(shape.element.xpath(".//p:nvPr/p:ph")[0].get("type", "body"))


def _drop(source: Any, kind: str) -> None:  # noqa: ANN401 - a part or a package
    source.drop_rel(source.relate_to(source.part_related_by(kind), kind))


def _properties(deck: Deck, words: ReportWords, reported_on: str) -> None:
    """The day of the report stands for every day in the file."""
    day = datetime.fromisoformat(reported_on)
    about = deck.core_properties
    about.title, about.subject = visible(words.title)[:250], visible(words.headline)[:250]
    about.author = about.last_modified_by = "Paybatch"
    about.keywords = " ".join(digest for _, digest in words.hashes)
    about.comments = ""
    about.language = TAGS[words.language]
    about.created = about.modified = day
    about.revision = 1
