"""A PDF says what the report says, to everybody, from two fonts, the same on every machine."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from backend.reports.pdf import pdf_bytes
from backend.reports.pdf.content import content
from backend.reports.pdf.document import PdfDefect, compiled, template
from backend.reports.pdf.fonts import characters
from backend.reports.pdf.printable import drawable, printable
from tests.support.hostile_names import HOSTILE, named
from tests.support.reported import PAYS, STORIES, facts_of
from wording.catalogue import LANGUAGES, messages
from wording.report.words import report_words

FACTS = {name: facts_of(given) for name, given in STORIES.items()}
TOLD = (
    ("pays back", "ja"),
    *((story, LANGUAGES[place % 2]) for place, story in enumerate(STORIES)),
)
"""Every story, every language, and one story in both."""

FILES = {told: pdf_bytes(FACTS[told[0]], told[1]) for told in TOLD}


def bare(text):
    """Text without what lines and breaks add to it."""
    return re.sub(r"[\s\u200b\xad]", "", text)


@cache
def pages(file, first=None):
    return [bare(page.extract_text()) for page in PdfReader(BytesIO(file)).pages[:first]]


@pytest.mark.parametrize(("story", "language"), TOLD)
def test_the_first_page_alone_asks_for_approval(story, language):
    first, second, *_ = pages(FILES[story, language])
    words = report_words(FACTS[story], language)
    said = [sentence for item in words.approval for sentence in (item.label, *item.sentences)]
    cards = [text for card in words.cards for text in (card.label, card.value, card.range)]
    for text in (words.title, words.headline, *said, *cards):
        assert bare(text) in first
    assert bare(words.risks[-1]) in second


@pytest.mark.parametrize(("story", "language"), TOLD)
def test_every_sentence_and_number_of_the_report_is_in_the_file(story, language):
    everything = "".join(pages(FILES[story, language]))
    words = report_words(FACTS[story], language)
    cells = [cell for table in words.tables for row in table.rows for cell in row]
    captions = [text for one in words.charts for text in (one.caption.title, one.caption.note)]
    sentences = (*words.reasons, *words.risks, *words.plan, *words.phrases, *words.basis)
    hashes = [digest for _, digest in words.hashes]
    missing = [
        text for text in (*cells, *captions, *sentences, *hashes) if bare(text) not in everything
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_names_of_the_drawings_are_text_in_the_file(language):
    everything = "".join(pages(FILES["pays back", language]))
    mark = next(one.caption.mark for one in report_words(FACTS["pays back"], language).charts)
    assert mark
    assert bare(mark) in everything
    assert "growingbatch" in everything


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_carries_both_hashes_and_its_number(language):
    facts, found = FACTS["pays back"], pages(FILES["pays back", language])
    for number, page in enumerate(found, start=1):
        assert facts.data_sha256[:12] in page
        assert facts.assumptions_sha256[:12] in page
        assert f"{number}/{len(found)}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_says_that_it_is_ua_1_in_which_language_and_under_which_title(language):
    reader = PdfReader(BytesIO(FILES["pays back", language]))
    catalogue = reader.root_object
    metadata = catalogue["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"][:2] == language
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == FACTS["pays back"].review.pilot
    assert reader.metadata.creation_date.date().isoformat() == FACTS["pays back"].reported_on


def test_every_drawing_has_words_for_who_cannot_see_it():
    reader = PdfReader(BytesIO(FILES["pays back", "en"]))
    figures = [node for node in _structure(reader) if node.get("/S") == "/Figure"]
    charts = report_words(FACTS["pays back"], "en").charts
    assert len(figures) == len(charts) + 1
    for one in charts:
        assert any(figure["/Alt"].startswith(one.caption.title) for figure in figures)


def test_headings_lists_and_heads_of_tables_are_told_as_such():
    reader = PdfReader(BytesIO(FILES["pays back", "en"]))
    kinds = Counter(node.get("/S") for node in _structure(reader))
    words = report_words(FACTS["pays back"], "en")
    assert kinds["/H1"] == 1
    assert kinds["/H3"] > len(words.charts) + len(words.tables)
    assert kinds["/Table"] > len(words.tables)
    assert kinds["/TH"] > sum(len(table.heads) for table in words.tables[1:])
    assert kinds["/LI"] > len(words.plan) + len(words.phrases)


def _structure(reader):
    waiting = [reader.root_object["/StructTreeRoot"].get_object()]
    while waiting:
        node = waiting.pop()
        yield node
        below = node.get("/K", [])
        for one in below if isinstance(below, list) else [below]:
            found = one.get_object()
            if hasattr(found, "get") and "/S" in found:
                waiting.append(found)


def test_only_the_two_fonts_are_in_the_file_and_both_are_embedded():
    reader = PdfReader(BytesIO(FILES["pays back", "ja"]))
    fonts = [one.get_object() for one in _objects(reader) if one.get("/Type") == "/FontDescriptor"]
    names = {font["/FontName"].partition("+")[2] for font in fonts}
    assert {name.removesuffix("-Identity-H") for name in names} == {
        "NotoSansCJKjp-Regular",
        "NotoSansCJKjp-Bold",
    }
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)


def _objects(reader):
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        found = reader.get_object(number)
        if hasattr(found, "get"):
            yield found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_are_the_same_bytes(language):
    assert pdf_bytes(facts_of(PAYS), language) == FILES["pays back", language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_character_of_every_message(language):
    used = {ord(one) for message in messages(language).values() for one in message}
    assert {chr(code) for code in used - characters()} - {"\n"} == set()


def test_a_font_that_is_not_there_is_an_error():
    without = template().replace(b'"Noto Sans CJK JP"', b'"Nobody Has This"')
    with pytest.raises(PdfDefect, match="unknown font family"):
        compiled(without, content(FACTS["pays back"], "en"), day="2026-11-24")


@pytest.mark.parametrize("where", ["Pilot on", "<text"])
def test_a_character_that_no_font_has_is_an_error_and_not_a_box(where):
    """In a sentence as well as in a drawing."""
    text = content(FACTS["pays back"], "en")
    before, after = text.split(where, maxsplit=1)
    place = after.index(">") + 1 if where == "<text" else 0
    text = before + where + after[:place] + "\U0001f680" + after[place:]
    with pytest.raises(PdfDefect, match="could not be displayed"):
        compiled(template(), text, day="2026-11-24")


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_a_hostile_name_is_shown_as_text_and_the_approval_stays_one_page(place):
    name, language = HOSTILE[place], LANGUAGES[place % 2]
    facts = named(name)
    first, second = pages(pdf_bytes(facts, language), first=2)
    shown = bare(drawable(name))
    assert shown[:60] in first
    assert bare(report_words(facts, language).approval[-1].label) in first
    assert bare(json.loads(content(facts, language))["sections"]["verdict"]) in second


def test_what_the_fonts_lack_is_marked_and_controls_are_left_out():
    assert drawable("a\U0001f680b\u202ec\x00d é") == "a〓bcd é"
    assert drawable("回収期間") == "回収期間"


def test_a_word_longer_than_a_line_may_be_broken_and_others_may_not():
    assert printable("w" * 35).count("\u200b") == 3
    assert printable("growing batch, 1.9 months") == "growing batch, 1.9 months"
    assert "\u200b" not in printable("名前" * 40)


def test_several_may_be_made_at_once():
    with ThreadPoolExecutor(max_workers=4) as workers:
        made = list(workers.map(lambda _: pdf_bytes(FACTS["pays back"], "ja"), range(4)))
    assert set(made) == {FILES["pays back", "ja"]}
