"""Speaker notes: what to say, the sentence for the meeting, and whatever a slide had to shorten."""

from collections.abc import Iterator, Sequence

from backend.reports.pptx.shapes import Sheet, set_text
from backend.reports.pptx.typeset import Paragraph, Type
from wording.catalogue import say

BODY = Type(size_pt=12)
HEAD = Type(size_pt=12, bold=True)


def write_notes(sheet: Sheet, to_say: Sequence[str], phrases: Sequence[str]) -> None:
    """Fills the notes of a slide."""
    shape = sheet.slide.notes_slide.notes_placeholder
    if shape is None:
        raise AssertionError("the notes page has a place for text")
    set_text(shape, _lines(sheet, to_say, phrases), sheet.language)


def _lines(sheet: Sheet, to_say: Sequence[str], phrases: Sequence[str]) -> Iterator[Paragraph]:
    parts = (
        ("to_say", to_say),
        ("phrases", phrases),
        ("in_full", tuple(dict.fromkeys(sheet.unsaid))),
    )
    for name, sentences in parts:
        if not sentences:
            continue
        title = say(f"deck.notes.{name}", sheet.language)
        yield Paragraph(text=title, type=HEAD, before_pt=6)
        for sentence in sentences:
            yield Paragraph(text=sentence, type=BODY, before_pt=2, bullet=True)
