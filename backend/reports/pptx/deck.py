"""A report as five slides with charts that can be edited."""

from backend.reports.pptx.master import add_slide, empty_deck
from backend.reports.pptx.package import deck_file
from backend.reports.pptx.shapes import Sheet
from backend.reports.pptx.slides import SLIDES, Told
from planner.exchange.reports import ReportFacts
from wording.language import Language
from wording.report.words import report_words


def deck_bytes(facts: ReportFacts, language: Language) -> bytes:
    """The deck as a ``.pptx`` file; the same facts give the same bytes."""
    told = Told(facts=facts, words=report_words(facts, language))
    deck = empty_deck(told.words, facts.reported_on)
    for fill in SLIDES:
        slide = add_slide(deck, told.words.footer, language)
        fill(Sheet(slide=slide, language=language, unsaid=[]), told)
    return deck_file(deck)
