"""The HTML file says what the report says, runs nothing, loads nothing and can be heard."""

import base64
import hashlib
import re
from functools import cache
from itertools import pairwise

import pytest
from lxml import html

from backend.reports.html import html_text
from tests.support.hostile_names import HOSTILE, named
from tests.support.reported import FREE, PAYS, STORIES, facts_of
from wording.catalogue import LANGUAGES
from wording.report.words import report_words

FACTS = {name: facts_of(given) for name, given in STORIES.items()}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer"),
    *("h1", "h2", "h3", "h4", "p", "ol", "ul", "li", "dl", "dt", "dd", "div", "span", "strong"),
    *("code", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("svg", "g", "line", "path", "circle", "rect", "text"),
}
"""None of them runs or loads anything."""


@cache
def page(story, language):
    return html.fromstring(html_text(FACTS[story], language))


def bare(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_sentence_and_number_of_the_report_is_in_the_file(story, language):
    everything = bare(page(story, language).text_content())
    words = report_words(FACTS[story], language)
    cells = [cell for table in words.tables for row in table.rows for cell in row]
    cards = [text for card in words.cards for text in (card.label, card.value, card.range)]
    captions = [text for one in words.charts for text in (one.caption.title, one.caption.note)]
    items = [text for item in words.approval for text in (item.label, *item.sentences)]
    hashes = [digest for _, digest in words.hashes]
    sentences = (*words.reasons, *words.risks, *words.plan, *words.phrases, *words.basis)
    around = (words.title, words.subtitle, words.headline, words.footer)
    said = (*around, *cells, *cards, *captions, *items, *hashes, *sentences)
    assert [text for text in said if bare(text) not in everything] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_the_numbers_of_every_drawing_are_those_of_the_review(story, language):
    shown = {svg.get("data-chart"): svg for svg in page(story, language).iter("svg")}
    charts = [one.chart for one in report_words(FACTS[story], language).charts]
    assert list(shown) == [chart.key for chart in charts]
    for chart in charts:
        drawn = {
            (group.get("data-series"), group.get("data-role")): group
            for group in shown[chart.key].iter("g")
        }
        for series in chart.series:
            group = drawn[series.name, series.role]
            for name in ("x", "y", "low", "high"):
                written = (group.get(f"data-{name}") or "").split()
                numbers = tuple(None if part == "-" else float(part) for part in written)
                assert numbers == getattr(series, name)


def test_bars_of_no_length_are_drawn_and_no_input_is_said_to_move_the_result():
    facts = facts_of(FREE)
    assert {bar.swing.amount for bar in facts.reviewed.case.propagation.tornado} == {0.0}
    text = html_text(facts, "en")
    assert 'data-chart="tornado"' in text
    assert "What moves the result most" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_may_run_or_load_and_the_only_style_is_the_file_s_own(language):
    root = page("pays back", language)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    style = root.xpath("//style/text()")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert "url(" not in style
    assert "@import" not in style
    assert {tag.tag for tag in root.iter()} <= TAGS


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_can_be_heard(language):
    root = page("pays back", language)
    levels = [int(tag.tag[1]) for tag in root.iter("h1", "h2", "h3", "h4")]
    assert root.get("lang") == language
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    for svg in root.iter("svg"):
        assert svg.get("role") == "img"
        assert svg.get("aria-label")
    for table in root.iter("table"):
        assert all(row[0].get("scope") in ("row", "col") for row in table.iter("tr"))
    assert {head.get("scope") for head in root.iter("th")} == {"row", "col"}


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_a_hostile_name_is_text_and_nothing_else(place):
    name, language = HOSTILE[place], LANGUAGES[place % 2]
    markup = html_text(named(name), language)
    root = html.fromstring(markup)
    assert {tag.tag for tag in root.iter()} <= TAGS
    assert {key for tag in root.iter() for key in tag.attrib} & {"style", "src", "href"} == set()
    assert not any(key.startswith("on") for tag in root.iter() for key in tag.attrib)
    shown = name.replace("\u202e", "").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    assert root.xpath("//h1")[0].text_content() == shown
    assert "\u202e" not in markup


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_are_the_same_bytes(language):
    assert html_text(facts_of(PAYS), language) == html_text(FACTS["pays back"], language)
