"""All that a review can say, as cards and table, in both languages."""

from dataclasses import replace

import pytest

from frontend.components.where_from import Origins
from frontend.tables.review import COLUMNS, CSV_COLUMNS, Reader, comparison_table, csv_rows
from planner.reviews.review import make_review
from tests.support import reported
from tests.support.reported import LOST, NEVER, PAYS, SOMETIMES
from wording.cards import five_cards
from wording.catalogue import LANGUAGES
from wording.review import COLUMNS as COLUMNS_IN_WORDS
from wording.review import (
    NOTHING,
    comparison_rows,
    verdict_headline,
    verdict_reasons,
    verdict_risks,
)

STORIES = reported.STORIES | {"sometimes": SOMETIMES}


def candidate_of(review):
    return next(found for found in review.schedules if found.role == "candidate")


def cards_of(given, language="en"):
    review = make_review(given)
    return five_cards(review, candidate_of(review), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_story_has_five_cards_and_a_whole_table(story, language):
    review = make_review(STORIES[story])
    cards = cards_of(STORIES[story], language)
    assert len(cards) == 5
    assert all(card.value for card in cards)
    reader = Reader(
        language=language,
        main="growing batch",
        origins=Origins(review.provenances, language),
    )
    markup = comparison_table(review, reader)
    assert markup.count('scope="col"') == len(COLUMNS) + 2
    assert markup.count('class="pb-bar"') == 2
    assert "None" not in markup


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_story_can_be_told(story, language):
    review = make_review(STORIES[story])
    found = candidate_of(review)
    sentences = [
        verdict_headline(review.verdict, language),
        *verdict_reasons(review, found, language),
        *verdict_risks(review.verdict, language),
    ]
    assert len(sentences) >= 3
    assert all(sentence[-1] in ".。" for sentence in sentences)


def test_a_schedule_that_pays_back_shows_when_with_its_range():
    net, payback, earned, time, _ = cards_of(PAYS)
    assert net.value.startswith("$")
    assert payback.value.endswith("months")
    assert " to " in payback.range
    assert earned.value.endswith("×")
    assert time.value.endswith("%")
    assert (net.tone, payback.tone, time.tone) == ("good", "good", "good")


def test_never_is_said_in_words():
    net, payback, *_ = cards_of(NEVER)
    assert payback.value == "never"
    assert payback.range == "not within 24 months"
    assert (net.tone, payback.tone) == ("bad", "bad")
    assert net.value.startswith("−$")


def test_a_run_that_never_arrived_forbids_a_ratio_of_times():
    *_, time, _ = cards_of(SOMETIMES)
    assert time.value == "not claimed"
    assert "of 5 runs reached it" in time.range


def test_without_any_arrival_there_is_no_money_to_show():
    net, payback, earned, time, _ = cards_of(LOST)
    assert {net.value, payback.value, earned.value} == {"not available"}
    assert time.value == "not reached"


def test_the_table_as_a_file_has_the_numbers_of_the_review():
    review = make_review(PAYS)
    today, growing = csv_rows(review)
    assert len(today) == len(growing) == len(CSV_COLUMNS)
    by_name = dict(zip(CSV_COLUMNS, growing, strict=True))
    assert by_name["npv"] == candidate_of(review).case.npv.amount
    assert by_name["verdict"] == review.verdict.kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_candidate_without_a_run_is_not_said_to_have_missed_the_target(language):
    own = tuple(one for one in PAYS.records if one.run.schedule == "today")
    given = replace(PAYS, records=own)
    time = cards_of(given, language)[3]
    assert (time.range, time.tone) == ("", "plain")
    rows = {row[0]: row for row in comparison_rows(make_review(given), language)}
    assert rows["growing batch"][COLUMNS_IN_WORDS.index("time_to_target")] == NOTHING
