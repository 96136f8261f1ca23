"""Cards of a slide: one number with its range, a list, or a chart with its caption."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from backend.reports.pptx.charts.chart_file import ChartFile
from backend.reports.pptx.charts.frame import Drawn
from backend.reports.pptx.charts.scatter import line_chart, points_chart
from backend.reports.pptx.charts.tornado import tornado_chart
from backend.reports.pptx.shapes import (
    Rect,
    Sheet,
    box,
    describe,
    fit,
    fitted_list,
    fitted_text,
    set_text,
)
from backend.reports.pptx.text_fit import LINE_HEIGHT, line_count, width_pt
from backend.reports.pptx.typeset import Align, Type
from backend.reports.visible_text import visible
from wording.cards import Card, Tone
from wording.charts.palette import LIGHT
from wording.charts.series_look import name_of
from wording.report.words import CaptionedChart

PAD_X, PAD_Y = 14.0, 12.0
HEAD = Type(size_pt=14, bold=True)
MUTED = Type(size_pt=11, colour=LIGHT.muted)
BODY = Type(size_pt=14)
NUMBER = Type(size_pt=26, bold=True)

PILL_SIZES = (10.5, 10, 9.5, 9)

_TONES: dict[Tone, tuple[str, str]] = {
    "good": (LIGHT.good, LIGHT.good_soft),
    "caution": (LIGHT.caution, LIGHT.caution_soft),
    "bad": (LIGHT.bad, LIGHT.bad_soft),
    "plain": (LIGHT.muted, LIGHT.soft),
}


def number_card(sheet: Sheet, place: Rect, card: Card) -> None:
    """Label, number, and its range in a pill whose colour says whether it speaks for or against."""
    box(sheet, place, name=card.label)
    inner = place.inset(PAD_X, PAD_Y)
    label = replace(inner, height=32.0)
    fitted_text(
        sheet,
        label,
        card.label,
        replace(MUTED, colour=LIGHT.text),
        sizes_pt=(12, 11, 10),
        name="Label",
    )
    number = replace(inner.below(33), height=34.0)
    fitted_text(
        sheet, number, card.value, NUMBER, sizes_pt=(26, 24, 22, 20, 18, 16, 14, 12), name="Value"
    )
    if card.range:
        _pill(sheet, replace(inner.below(70), height=20.0), card)


def _pill(sheet: Sheet, place: Rect, card: Card) -> None:
    """The range on one line, or in a higher pill on two."""
    ink, fill = _TONES[card.tone]
    type_ = Type(size_pt=10.5, colour=ink)
    inside = place.inset(8, 0)
    lines = line_count(visible(card.range), width_pt=inside.width, size_pt=PILL_SIZES[-2])
    if lines > 1:
        place = replace(place, height=30.0)
        inside = place.inset(8, 0)
    sizes = PILL_SIZES if lines == 1 else PILL_SIZES[1:]
    one = fit(sheet, inside, card.range, type_, sizes)
    wide = width_pt(one.text, size_pt=one.type.size_pt) + 18
    shape = box(
        sheet,
        replace(place, width=min(place.width, wide)),
        fill=fill,
        border=None,
        radius_pt=10,
        name="Range",
        spoken=True,
    )
    align: Align = "ctr" if lines == 1 else "l"
    set_text(
        shape,
        [replace(one, type=replace(one.type, align=align))],
        sheet.language,
        anchor="ctr",
        inset_pt=8 if lines > 1 else 0,
    )
    if one.text != visible(card.range):
        describe(shape, card.range)


def list_card(
    sheet: Sheet,
    place: Rect,
    title: str,
    texts: Sequence[str],
    *,
    sizes_pt: Sequence[float] = (14, 13, 12, 11, 10.5, 10, 9.5),
) -> None:
    """A title and sentences under it."""
    box(sheet, place, name=title)
    inner = place.inset(PAD_X, PAD_Y)
    _head(sheet, inner, title)
    fitted_list(sheet, inner.below(26), texts, BODY, sizes_pt=sizes_pt, name=f"{title} · list")


def sentence_card(sheet: Sheet, place: Rect, title: str, words: str) -> None:
    """A title and one paragraph under it."""
    box(sheet, place, name=title)
    inner = place.inset(PAD_X, PAD_Y)
    _head(sheet, inner, title)
    sizes = (15, 14, 13, 12, 11, 10.5, 10)
    fitted_text(sheet, inner.below(26), words, BODY, sizes_pt=sizes, name=f"{title} · text")


def chart_card(sheet: Sheet, place: Rect, found: CaptionedChart, main: str) -> None:
    """Title, subtitle with the unit, the native chart, and its note."""
    words = found.caption
    box(sheet, place, name=words.title)
    inner = place.inset(PAD_X, PAD_Y)
    _head(sheet, inner, words.title)
    subtitle = replace(inner.below(21), height=29.0)
    sizes = (11, 10.5, 10, 9.5, 9)
    fitted_text(sheet, subtitle, words.subtitle, MUTED, sizes_pt=sizes, name="Subtitle")
    lines = line_count(visible(words.subtitle), width_pt=inner.width, size_pt=sizes[0])
    room = inner.below(25 + min(lines, 2) * sizes[0] * LINE_HEIGHT)
    if words.note:
        note = replace(room, top=room.top + room.height - 30, height=30.0)
        room = replace(room, height=room.height - 34)
        fitted_text(
            sheet, note, words.note, MUTED, sizes_pt=(10.5, 10, 9.5, 9), anchor="b", name="Note"
        )
    drawn = Drawn(
        main=main,
        language=sheet.language,
        width_pt=room.width,
        height_pt=room.height,
        mark=words.mark,
    )
    _native(sheet, room, found, _drawing(found, drawn))


def _drawing(found: CaptionedChart, drawn: Drawn) -> ChartFile:
    if found.chart.key == "tornado":
        return tornado_chart(found.chart, drawn)
    if found.chart.key == "time_against_cost":
        return points_chart(found.chart, drawn)
    return line_chart(found.chart, drawn)


def _native(sheet: Sheet, place: Rect, found: CaptionedChart, file: ChartFile) -> None:
    frame: Any = sheet.slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER,
        Pt(place.left),
        Pt(place.top),
        Pt(place.width),
        Pt(place.height),
        file,  # type: ignore[arg-type]  # it is asked for its XML and its workbook, which it has
    )
    frame.name = found.caption.title
    names = dict.fromkeys(name_of(one, sheet.language) for one in found.chart.series)
    parts = (found.caption.title, found.caption.subtitle, ", ".join(names), found.caption.note)
    describe(frame, ". ".join(part for part in parts if part))


def _head(sheet: Sheet, inner: Rect, title: str) -> None:
    place = replace(inner, height=20.0)
    fitted_text(sheet, place, title, HEAD, sizes_pt=(14, 13, 12, 11), name="Heading")
