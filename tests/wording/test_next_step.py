from planner.money import Money
from planner.reviews.next_step import MoreSeeds, NextStep
from wording.next_step import next_step_sentence


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
    assert text == "Wait until every run of the confirmation has ended."
