"""What a report says, in both languages, of every kind of review."""

from dataclasses import replace

import pytest

from backend.cli.files import read
from planner.devices.fabric import Fabric, Interconnect
from planner.pilots.pilot import Pilot
from planner.refusal import Refusal
from tests.support.measured_pilots import EXAMPLE, a_pilot, a_review_input
from tests.support.reported import FREE, IN_YEN, NEVER, PAYS, STORIES, facts_of
from wording.cards import five_cards
from wording.catalogue import LANGUAGES
from wording.money import money
from wording.next_step import next_step_of
from wording.report.words import report_words
from wording.rollback_procedure import procedure_document

SLOW_NETWORK = Interconnect(fabric=Fabric(bus_bytes_per_s=1e9, latency_s=1e-5), payload_bytes=4e8)
ITEMS = ("purpose", "investment", "effect", "payback", "risks", "exit")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES)
def test_every_review_makes_a_whole_report(story, language):
    words = report_words(facts_of(STORIES[story]), language)
    assert tuple(item.key for item in words.approval) == ITEMS
    assert all(item.sentences for item in words.approval)
    assert len(words.cards) == 5
    assert len(words.phrases) == 3
    assert len(words.plan) == (5 if words.decision == "adopt" else 4)
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


def test_the_meeting_hears_of_an_exchange_for_money_only_where_a_training_costs_more():
    facts = facts_of(PAYS)
    assert facts.reviewed.training.cost.amount < facts.review.today.cost_today.amount
    assert "here money, too" in report_words(facts, "en").phrases[1]
    assert "exchanges money for time" in report_words(facts_of(FREE), "en").phrases[1]


def test_the_meeting_hears_that_a_pilot_verifies_only_what_reached_its_target():
    assert "the pilot verifies it" in report_words(facts_of(PAYS), "en").phrases[2]
    lost = report_words(facts_of(STORIES["censored"]), "en").phrases[2]
    assert lost.startswith(
        "Theory indicates a direction, and the pilot did not confirm it: none of 5"
    )


def test_both_hashes_stand_in_the_footer_and_in_full():
    facts = facts_of(PAYS)
    words = report_words(facts, "en")
    assert [whole for _, whole in words.hashes] == [facts.data_sha256, facts.assumptions_sha256]
    assert all(whole[:12] in words.footer for _, whole in words.hashes)


def test_other_assumptions_change_one_hash_and_leave_the_other():
    pays, never = facts_of(PAYS), facts_of(NEVER)
    assert pays.assumptions_sha256 != never.assumptions_sha256


OTHER_CURVE = replace(PAYS.throughput, device=PAYS.hardware.rate_card.device)
OTHERWISE = {
    "look": replace(PAYS, look=2),
    "network": replace(
        PAYS,
        hardware=replace(PAYS.hardware, throughput=PAYS.throughput, interconnect=SLOW_NETWORK),
    ),
    "speed of another device": replace(
        PAYS, hardware=replace(PAYS.hardware, throughput=OTHER_CURVE)
    ),
}


@pytest.mark.parametrize("other", OTHERWISE.values(), ids=OTHERWISE)
def test_whatever_changes_a_review_of_the_same_data_changes_the_hash_of_its_assumptions(other):
    before, after = facts_of(PAYS), facts_of(other)
    assert after.data_sha256 == before.data_sha256
    assert after.assumptions_sha256 != before.assumptions_sha256


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


def test_a_report_on_another_candidate_than_the_verdicts_takes_back_its_own_schedule():
    example = read(Pilot, EXAMPLE)
    three = a_pilot(schedules=example.schedules[:3])
    times = (0.10, 0.08, 0.12)
    names = [schedule.name for schedule in three.schedules]
    given = a_review_input(dict(zip(names, times, strict=True)), pilot=three)
    facts = facts_of(given, schedule=names[2])
    assert facts.review.verdict.schedule == names[1]
    assert facts.procedure.recommended.schedule == names[2]
    document = procedure_document(report_words(facts, "en").procedure, "en")
    assert document.startswith(f'# Rolling back "{names[2]}" in production\n')
    with pytest.raises(AssertionError, match="takes back"):
        replace(facts, schedule=names[1])


def test_the_exit_criterion_and_the_gate_state_the_same_tolerance_in_the_same_unit():
    words = report_words(facts_of(PAYS), "en")
    [leave] = [one for one in words.approval if one.key == "exit"]
    assert any("by more than 1.0 points" in sentence for sentence in leave.sentences)
    assert any("1.0 points worse would be tolerated" in sentence for sentence in words.reasons)


def test_a_report_in_another_currency_states_the_rate_that_its_money_was_exchanged_at():
    """Four dollars at 149.85 yen are 599.4 yen; the rate of another pair changes nothing here."""
    facts = facts_of(IN_YEN)
    english, japanese = (report_words(facts, language) for language in LANGUAGES)
    stated = "Amounts in another currency are exchanged at 1 USD = 149.85 JPY"
    [rate] = [one for one in english.basis if "exchanged" in one]
    assert rate.startswith(stated)
    assert "2026" in rate
    assert any("1 USD = 149.85 JPY" in one for one in japanese.basis)
    assert not any("exchanged" in one for one in report_words(facts_of(PAYS), "en").basis)


def test_the_price_of_a_device_hour_stands_in_the_currency_of_the_report_too():
    shown = [
        next(one for one in report_words(facts_of(given), "ja").tables if one.key == "assumptions")
        for given in (IN_YEN, PAYS)
    ]
    assert [table.rows[0][1] for table in shown] == ["4.00ドル（599円）", "4.00ドル"]


def test_the_plan_of_a_schedule_to_be_adopted_begins_with_the_approval_that_is_asked_for():
    facts = facts_of(PAYS)
    english, japanese = (report_words(facts, language) for language in LANGUAGES)
    assert english.decision == "adopt"
    assert english.plan[0] == "Approve the limited rollout of “growing batch”."
    assert japanese.plan[0] == "「growing batch」の限定展開の承認をお願いします。"
    assert english.plan[-1] == next_step_of(facts.review.next_step, facts.schedule, "en")


def test_the_plan_of_a_schedule_that_is_not_adopted_begins_with_the_next_step():
    facts = facts_of(NEVER)
    words = report_words(facts, "en")
    assert words.decision != "adopt"
    assert words.plan[0] == next_step_of(facts.review.next_step, facts.schedule, "en")


def test_the_probability_that_is_assumed_says_that_it_is_for_a_single_look():
    """The verdict may require more: a second look or finalist raises what was assumed."""
    shown = []
    for language in LANGUAGES:
        tables = report_words(facts_of(PAYS), language).tables
        [assumed] = [table for table in tables if table.key == "assumptions"]
        [row] = [row for row in assumed.rows if row[1] == "80.0%"]
        shown.append(row[0])
    assert shown == [
        "Required probability (for a single look, before the correction for looks and finalists)",
        "必要な確率（判定1回の場合、判定回数と最終候補数による補正前）",
    ]
