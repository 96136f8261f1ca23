"""A deck: five slides, native charts with the review's own numbers, and nothing that moves."""

import io
import re
from dataclasses import replace
from datetime import datetime
from zipfile import ZipFile

import pytest
from pptx import Presentation

from backend.reports.pptx import deck_bytes
from backend.reports.pptx.text_fit import LINE_HEIGHT, line_count
from planner.chart import Chart
from tests.support.hostile_names import named, renamed
from tests.support.opened_deck import A, C, OpenedDeck
from tests.support.reported import PAYS, STORIES, facts_of
from wording.catalogue import LANGUAGES, say
from wording.report.words import report_words

FACTS = facts_of(PAYS)
DECKS = {language: OpenedDeck(deck_bytes(FACTS, language)) for language in LANGUAGES}
EMU_PER_INCH = 914400


def the_chart(key: str) -> Chart:
    charts = (*FACTS.review.charts, *FACTS.reviewed.charts)
    return next(chart for chart in charts if chart.key == key)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_story_fills_five_slides_whose_titles_are_answers(story, language):
    deck = OpenedDeck(deck_bytes(facts_of(STORIES[story]), language))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert len(titles) == 5
    assert len(set(titles)) == 5
    assert all(titles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_title_is_the_verdict(language):
    words = report_words(FACTS, language)
    assert DECKS[language].slides[0].shapes.title.text == words.headline


def test_a_deck_is_sixteen_to_nine():
    deck = Presentation(io.BytesIO(DECKS["en"].file))
    assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_make_the_same_bytes(language):
    assert deck_bytes(facts_of(PAYS), language) == DECKS[language].file


def test_no_clock_is_in_the_file():
    with ZipFile(io.BytesIO(DECKS["en"].file)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(archive.namelist()) == len(set(archive.namelist()))
    about = Presentation(io.BytesIO(DECKS["en"].file)).core_properties
    assert about.created == about.modified == datetime.fromisoformat(FACTS.reported_on)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_run_has_both_typefaces_and_its_language(language):
    tag = {"en": "en-US", "ja": "ja-JP"}[language]
    trees = DECKS[language].trees(
        "ppt/slides/", "ppt/charts/", "ppt/notesSlides/", "ppt/slideLayouts/", "ppt/slideMasters/"
    )
    runs = [
        found
        for tree in trees.values()
        for found in (*tree.iter(f"{A}rPr"), *tree.iter(f"{A}endParaRPr"))
    ]
    assert len(runs) > 100
    for found in runs:
        assert found.find(f"{A}latin").get("typeface") == "Arial"
        assert found.find(f"{A}ea").get("typeface") == "Yu Gothic"
        assert found.get("lang") == tag


def test_themes_name_an_east_asian_typeface():
    for tree in DECKS["ja"].trees("ppt/theme/").values():
        faces = [found.get("typeface") for found in tree.iter(f"{A}ea")]
        assert faces == ["Yu Gothic", "Yu Gothic"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_and_table_says_in_words_what_it_shows(language):
    shown = [
        shape
        for slide in DECKS[language].slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table
    ]
    assert len([shape for shape in shown if shape.has_chart]) == 4
    assert all(shape.element.xpath(".//p:cNvPr")[0].get("descr") for shape in shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_names_its_data_and_its_assumptions(language):
    for slide in DECKS[language].slides:
        written = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert FACTS.data_sha256[:12] in written
        assert FACTS.assumptions_sha256[:12] in written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_phrases_stand_in_the_notes_of_the_first_slide(language):
    notes = DECKS[language].notes()
    assert all(phrase in notes[0] for phrase in report_words(FACTS, language).phrases)
    assert all(notes)


def test_the_payback_chart_has_the_numbers_of_the_review_in_the_unit_of_its_axis():
    series = DECKS["en"].charts()["When the money is back"]
    planned = the_chart("payback").series[0]
    months, thousands = zip(*series["growing batch"], strict=True)
    assert months == planned.x
    assert thousands == pytest.approx([y / 1000 for y in planned.y])
    assert [y for _, y in series["growing batch · lower end"]] == pytest.approx(
        [low / 1000 for low in planned.low]
    )
    assert [y for _, y in series["growing batch · upper end"]] == pytest.approx(
        [high / 1000 for high in planned.high]
    )
    assert series["break-even"] == [(FACTS.reviewed.case.payback.months, 0.0)]


def test_a_japanese_axis_counts_in_ten_thousands():
    series = DECKS["ja"].charts()["投資の回収"]
    planned = the_chart("payback").series[0]
    assert [y for _, y in series["growing batch"]] == pytest.approx([y / 1e4 for y in planned.y])
    titles = [
        "".join(found.text for found in title.iter(f"{A}t"))
        for tree in DECKS["ja"].trees("ppt/charts/").values()
        for title in tree.iter(f"{C}title")
    ]
    assert "累計収支（万ドル）" in titles


def test_the_ends_of_the_tornado_are_those_of_the_review():
    planned = the_chart("tornado")
    tree = next(
        tree
        for tree in DECKS["en"].trees("ppt/charts/").values()
        if tree.find(f".//{C}barChart") is not None
    )
    ends = [
        [float(found.text) for found in series.find(f"{C}val").iter(f"{C}v")]
        for series in tree.iter(f"{C}ser")
    ]
    expected = [(min(one.x) / 1000, max(one.x) / 1000) for one in reversed(planned.series)]
    assert list(zip(*ends, strict=True)) == [pytest.approx(pair) for pair in expected]
    stands_at = float(tree.find(f".//{C}catAx").find(f"{C}crossesAt").get("val"))
    assert stands_at == pytest.approx(planned.params["base"] / 1000)


def test_a_chart_and_its_workbook_have_the_same_numbers():
    for tree, (sheet,) in zip(
        DECKS["en"].trees("ppt/charts/").values(),
        (book.worksheets for book in DECKS["en"].workbooks()),
        strict=True,
    ):
        for found in tree.iter(f"{C}numRef"):
            cells = found.find(f"{C}f").text.removeprefix("Data!").replace("$", "")
            drawn = [float(value.text) for value in found.iter(f"{C}v")]
            stored = [
                row[0].value for row in sheet[f"{cells}:{cells}" if ":" not in cells else cells]
            ]
            stored = [value for value in stored if value is not None]
            assert stored == pytest.approx(drawn, rel=1e-14)


def test_numbers_below_zero_have_a_real_minus_sign():
    formats = {
        found.get("formatCode")
        for tree in DECKS["en"].trees("ppt/charts/").values()
        for found in tree.iter(f"{C}numFmt")
    }
    assert "#,##0;\N{MINUS SIGN}#,##0" in formats


def test_nothing_is_loaded_from_elsewhere():
    for name, body in DECKS["en"].parts.items():
        if name.endswith(".rels"):
            assert b"External" not in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_money_on_the_slides_is_that_of_the_report(language):
    words = report_words(FACTS, language)
    written = DECKS[language].texts()
    for card in words.cards:
        assert card.value in written
    for table in words.tables:
        if table.key in ("investment", "worth"):
            assert all(cell in written for row in table.rows for cell in row[:2])


def test_the_plan_of_an_adoption_asks_for_the_approval_and_keeps_the_remark_on_seeds_for_notes():
    plan = DECKS["en"].slides[4]
    assert plan.shapes.title.text == "Approve the limited rollout of “growing batch”."
    remark = report_words(FACTS, "en").plan[-1]
    assert remark in plan.notes_slide.notes_text_frame.text
    assert not any(remark in one.text_frame.text for one in plan.shapes if one.has_text_frame)


def test_the_way_back_stands_on_the_plan_in_short():
    words = report_words(FACTS, "en")
    body = words.plan[3].partition(": ")[2]
    last = " ".join(
        shape.text_frame.text for shape in DECKS["en"].slides[-1].shapes if shape.has_text_frame
    )
    assert body[1:] in last


def test_every_line_of_the_investment_stands_above_its_sum_on_the_plan():
    paid = {"pilot_engineer_h": 8.0, "hardware_outlay": 9e3, "commitment_shortfall": 700.0}
    given = replace(PAYS, assumptions=replace(PAYS.assumptions, **paid))
    facts = facts_of(given)
    [investment] = [one for one in report_words(facts, "en").tables if one.key == "investment"]
    assert len(investment.rows) == 8
    slide = OpenedDeck(deck_bytes(facts, "en")).slides[4]
    [frame] = [one for one in slide.shapes if one.has_table and one.name == investment.title]
    cells = [tuple(cell.text for cell in row.cells) for row in frame.table.rows]
    assert cells[1:] == [row[:2] for row in investment.rows]
    card = next(one for one in slide.shapes if one.name == investment.title and one is not frame)
    assert frame.top + sum(row.height for row in frame.table.rows) <= card.top + card.height


def test_a_colon_in_a_name_ends_no_heading():
    schedules = [schedule.name for schedule in PAYS.pilot.schedules]
    given = renamed(pilot="p", today="today: as it is", candidate=schedules[1])
    names = [shape.name for shape in OpenedDeck(deck_bytes(facts_of(given), "ja")).slides[4].shapes]
    assert say("deck.rollback", "ja") in names


def test_shapes_do_not_leave_the_slide_and_their_names_are_told_apart():
    for slide in DECKS["ja"].slides:
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= 960 * 12700
            assert shape.top + shape.height <= 540 * 12700


def test_no_file_names_the_program_that_wrote_it_as_its_author():
    assert not re.search(rb"python-pptx|Steve Canny", b"".join(DECKS["en"].parts.values()))


LONG = {"en": "w" * 200, "ja": "名前" * 100}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("named_long", [False, True], ids=["usual names", "longest names"])
def test_no_text_is_higher_than_its_box(language, named_long):
    deck = DECKS[language]
    if named_long:
        deck = OpenedDeck(deck_bytes(named(LONG[language]), language))
    checked = 0
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text.strip():
                checked += 1
                assert height_pt(shape) <= shape.height / 12700 + 0.5, shape.name
    assert checked > 40


def height_pt(shape) -> float:
    """Of all paragraphs, each with the space above it."""
    inset = int(shape.element.find(f".//{A}bodyPr").get("lIns") or 0)
    total = 0.0
    for one in shape.text_frame.paragraphs:
        size = (one.runs[0].font.size or 0) / 12700 if one.runs else 9.0
        indent = int(one._p.find(f"{A}pPr").get("marL") or 0)
        room = (shape.width - 2 * inset - indent) / 12700
        bold = bool(one.runs and one.runs[0].font.bold)
        lines = line_count(one.text, width_pt=room + 0.5, size_pt=size, bold=bold)
        total += lines * size * LINE_HEIGHT + (one.space_before or 0) / 12700
    return total


def test_a_long_name_leaves_room_for_the_verdict_and_stands_whole_in_the_notes():
    deck = OpenedDeck(deck_bytes(named(LONG["ja"]), "ja"))
    assert "の採用を推奨します" in deck.slides[0].shapes.title.text
    assert LONG["ja"] in deck.notes()[0]
