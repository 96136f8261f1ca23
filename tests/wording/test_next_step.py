from dataclasses import replace

from planner.money import Money
from planner.reviews.next_step import MoreSeeds, NextStep
from wording.next_step import next_step_of, next_step_sentence


def usd(amount):
    return Money(amount=amount, currency="USD")


THREE = MoreSeeds(
    seeds=3,
    worth=usd(1200.0),
    device_h=2.0,
    device_cost=usd(30.0),
    people_cost=usd(4.0),
    delayed_saving=usd(1.0),
)


def step(kind, *, seeds=3, options=(THREE,), settle=None):
    return NextStep(
        kind=kind, schedule="large", seeds=seeds, settle=settle, options=options, looks_left=1
    )


def test_one_sentence_names_what_seeds_are_worth_and_what_they_cost():
    assert next_step_sentence(step("add_seeds"), "en") == (
        "More seeds (3) would be worth $1.20K for the decision and cost $35.00."
        " Add them before deciding on “large”."
    )
    assert "35" in next_step_sentence(step("add_seeds"), "ja")


def test_an_assumption_that_must_be_settled_is_named():
    text = next_step_sentence(step("settle_assumption", settle="engineer_rate_per_h"), "en")
    assert text.endswith("first: cost of one engineer-hour.")


def test_without_amounts_only_the_advice_is_given():
    text = next_step_sentence(step("not_finished", seeds=None, options=()), "en")
    assert text == (
        "Wait until every run of the confirmation has ended."
        " If a used-up cap holds the pilot, raise the cap first; if it was cancelled, plan it anew."
    )


def test_seeds_for_the_quality_are_counted_and_priced_and_have_no_worth_in_money():
    one = replace(THREE, seeds=1, device_cost=usd(10.0), people_cost=usd(0.0))
    asked = replace(step("settle_quality", options=(one, THREE)), needed=12)
    text = next_step_sentence(asked, "en")
    assert text == (
        "What is open about “large” is its final quality, not its worth."
        " About 12 more seeds would settle it if all stays as measured so far; they cost $132."
        " At most 10 are added for one look."
    )
    assert "12個" in next_step_sentence(asked, "ja")


def test_a_question_that_no_count_of_seeds_answers_says_so():
    text = next_step_sentence(step("settle_hit_rate", options=()), "en")
    assert "no sensible number of seeds would settle it" in text


def test_the_advice_comes_before_the_remark_on_seeds_whose_worth_reads_as_zero():
    worthless = replace(THREE, worth=usd(0.001))
    text = next_step_sentence(step("decide", options=(worthless,)), "en")
    assert text == (
        "Decide on “large” with what is known."
        " More seeds (3) would cost $35.00 and, in money, change nothing about this decision."
    )


def test_a_reader_of_another_candidate_is_told_whom_the_next_step_is_about():
    own = next_step_of(step("decide"), "large", "en")
    assert own == next_step_sentence(step("decide"), "en")
    other = next_step_of(step("decide"), "growing", "en")
    assert other.startswith("This is about “large”, on which the pilot as a whole is judged,")
    assert "not about “growing”" in other
    assert "「growing」についてではありません" in next_step_of(step("decide"), "growing", "ja")
