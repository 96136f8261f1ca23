"""What a report says, in both languages, of every kind of review."""

import pytest

from planner.refusal import Refusal
from tests.support.reported import NEVER, PAYS, STORIES, facts_of
from wording.cards import five_cards
from wording.catalogue import LANGUAGES
from wording.money import money
from wording.report.words import report_words

ITEMS = ("purpose", "investment", "effect", "payback", "risks", "exit")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_review_makes_a_whole_report(story, language):
    words = report_words(facts_of(STORIES[story]), language)
    assert tuple(item.key for item in words.approval) == ITEMS
    assert all(item.sentences for item in words.approval)
    assert len(words.cards) == 5
    assert len(words.phrases) == 3
    assert len(words.plan) == 4
    assert all(len(row) == len(table.heads) for table in words.tables for row in table.rows)
    assert words.charts


def test_the_investment_of_the_summary_is_the_sum_that_the_review_counts():
    facts = facts_of(PAYS)
    counted = facts.reviewed.case.investment.counted
    [investment] = [one for one in report_words(facts, "en").approval if one.key == "investment"]
    assert money(counted.amount, counted.currency, "en") in investment.sentences[0]


def test_the_cards_of_a_report_are_those_of_the_page():
    facts = facts_of(PAYS)
    assert report_words(facts, "ja").cards == five_cards(facts.review, facts.reviewed, "ja")


def test_a_plan_that_never_pays_back_says_so_under_payback():
    [payback] = [
        one for one in report_words(facts_of(NEVER), "en").approval if one.key == "payback"
    ]
    assert payback.sentences == ("The money is not back within the 24 months that count.",)


def test_both_hashes_stand_in_the_footer_and_in_full():
    facts = facts_of(PAYS)
    words = report_words(facts, "en")
    assert [whole for _, whole in words.hashes] == [facts.data_sha256, facts.assumptions_sha256]
    assert all(whole[:12] in words.footer for _, whole in words.hashes)


def test_other_assumptions_change_one_hash_and_leave_the_other():
    pays, never = facts_of(PAYS), facts_of(NEVER)
    assert pays.assumptions_sha256 != never.assumptions_sha256


def test_a_report_is_about_a_candidate_of_its_pilot():
    facts = facts_of(PAYS)
    with pytest.raises(Refusal, match="schedule_not_in_pilot"):
        type(facts)(
            review=facts.review,
            schedule="today",
            procedure=facts.procedure,
            reported_on=facts.reported_on,
            data_sha256=facts.data_sha256,
            assumptions_sha256=facts.assumptions_sha256,
            code_version=facts.code_version,
        )
