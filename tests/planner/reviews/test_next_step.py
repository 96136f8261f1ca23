"""The next step: what more seeds are worth against what they cost."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from planner.economics.assumptions import Assumptions, Range
from planner.inference.seed_value import evsi
from planner.reviews.next_step import NextKind
from planner.reviews.review import make_review
from tests.support.known_pilot import (
    EPOCHS,
    EVALUATION_S,
    SEEDS,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    known_pilot,
    records_of,
    review_input,
    this_computer,
)

LATE = (8, 9, 10, 11, 12)
RUN_22_S = EPOCHS * STEPS_AT_22 * T_22 + (EPOCHS + 1) * EVALUATION_S
RUN_154_S = EPOCHS * STEPS_AT_154 * T_154 + (EPOCHS + 1) * EVALUATION_S


def stepped(
    at_epochs,
    *,
    looks=2,
    look=1,
    pilot_price_per_h=0.0,
    accuracy=0.95,
    today=LATE,
    seeds=5,
    quality="validation_accuracy",
    **assumptions,
):
    """Today against 154 from the start, which reaches the target after so many epochs."""
    believed = Assumptions(
        **({"retuning_trainings": 0.0, "validation_trainings": 0.0} | assumptions)
    )
    held = {"metric": quality, "tolerance": 0.01} if quality else None
    confirmed = {"confirmation": list(SEEDS[:seeds])}
    pilot = known_pilot(looks=looks, seeds=confirmed, quality=held)
    records = records_of(pilot, "today", today[:seeds])
    records += records_of(pilot, "large", at_epochs, accuracy=accuracy)
    return make_review(
        review_input(
            pilot,
            records,
            assumptions=believed,
            look=look,
            pilot_rate=this_computer(pilot_price_per_h).rate_card,
        )
    )


UNCLEAR = (12, 17, 11, 19, 20)
"""Epochs of the larger batch that leave its saving wide open; it is about 5 over the horizon."""

AT_STAKE = {
    "adoption_engineer_h": 5.0,
    "engineer_rate_per_h": 1.0,
    "payback_limit_months": 24.0,
    "count_sunk_pilot_cost": False,
}
"""An outlay of about that; any payback within the horizon will do."""


def test_ten_numbers_of_seeds_are_offered_each_with_its_worth():
    review = stepped((14, 17, 19, 16, 15))
    options = review.next_step.options
    assert [option.seeds for option in options] == list(range(1, 11))
    odds = next(one for one in review.schedules if one.role == "candidate").case.propagation
    for option in options:
        assert option.worth.amount == pytest.approx(
            evsi(
                mean=odds.npv.mean.amount,
                seed_sd=odds.npv_seed_sd.amount,
                seeds=len(SEEDS),
                more_seeds=option.seeds,
            )
        )


def test_a_seed_costs_its_runs_in_every_finalist_and_the_baseline():
    review = stepped((14, 17, 19, 16, 15), pilot_price_per_h=3600.0)
    three = review.next_step.options[2]
    assert three.device_cost.amount == pytest.approx(3 * (RUN_22_S + RUN_154_S))
    assert three.device_h == pytest.approx(3 * (RUN_22_S + RUN_154_S) / 3600)


def test_people_and_the_saving_that_waits_are_part_of_the_cost():
    review = stepped(
        (3, 3.2, 2.9, 3.1, 3),
        attention_fraction=0.5,
        engineer_rate_per_h=100.0,
        trainings_per_month=10.0,
    )
    one = review.next_step.options[0]
    hours = (RUN_22_S + RUN_154_S) / 3600
    case = next(found for found in review.schedules if found.role == "candidate").case
    assert one.people_cost.amount == pytest.approx(hours * 0.5 * 100)
    assert one.delayed_saving.amount == pytest.approx(10 * case.value.total.amount * hours / 730)
    assert one.cost.amount == one.people_cost.amount + one.delayed_saving.amount
    assert one.net.amount == one.worth.amount - one.cost.amount


def test_seeds_that_are_worth_more_than_they_cost_are_advised():
    step = stepped(UNCLEAR, **AT_STAKE).next_step
    assert step.kind == "add_seeds"
    assert step.shown.net == max(
        (option.net for option in step.options), key=lambda net: net.amount
    )


def test_a_verdict_that_is_open_in_money_says_when_more_seeds_are_not_worth_their_cost():
    assert stepped(UNCLEAR, **AT_STAKE).verdict.reason == "more_seeds"
    dear = stepped(UNCLEAR, **AT_STAKE, pilot_price_per_h=36_000.0)
    assert (dear.verdict.kind, dear.verdict.reason) == ("extend", "more_seeds")
    assert dear.next_step.kind == "not_worth_it"
    assert dear.next_step.shown.net.amount < 0


def test_a_verdict_that_is_clear_may_still_wait_for_seeds_that_pay():
    review = stepped(UNCLEAR, **(AT_STAKE | {"payback_limit_months": 12.0}))
    assert (review.verdict.kind, review.verdict.reason) == ("do_not_adopt", "payback_too_late")
    assert review.next_step.kind == "may_add_seeds"


SURE = (3, 3.2, 2.9, 3.1, 3)
"""Epochs of the larger batch that leave no doubt of its saving."""

UNSETTLED = (0.95, 0.93, 0.97, 0.94, 0.95)
"""Against 0.95 all through: a mean of -0.002 with a deviation of 0.015; 0.01 less would do."""

UNCOUNTED = {"count_sunk_pilot_cost": False}


def test_where_only_the_quality_is_open_the_seeds_that_it_needs_are_asked_for():
    review = stepped(SURE, accuracy=UNSETTLED, pilot_price_per_h=3600.0, **UNCOUNTED)
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "quality_unresolved")
    quality = next(one for one in review.schedules if one.role == "candidate").comparison.quality
    step = review.next_step
    assert (step.kind, step.needed) == ("settle_quality", quality.seeds_needed - 5)
    assert step.cost_of_needed == step.options[0].cost * step.needed
    assert step.seeds == min(step.needed, 10)


def test_a_quality_on_its_very_limit_is_settled_by_no_seeds():
    step = stepped(SURE, accuracy=(0.95, 0.93, 0.97, 0.95, 0.90)).next_step
    assert (step.kind, step.needed, step.cost_of_needed) == ("settle_quality", None, None)


def test_where_only_the_hit_rate_is_open_runs_of_the_same_share_are_counted():
    """Three of four against four of four: 75 % is less than 80 %, seen surely after many runs."""
    review = stepped((*SURE[:3], None), seeds=4)
    assert review.verdict.reason == "hit_rate_unresolved"
    step = review.next_step
    assert step.kind == "settle_hit_rate"
    runs = 4 + step.needed
    assert special.betaincinv(0.75 * runs + 0.5, 0.25 * runs + 0.5, 0.8) < 0.8
    assert special.betaincinv(0.75 * (runs - 1) + 0.5, 0.25 * (runs - 1) + 0.5, 0.8) >= 0.8


def test_a_question_that_no_seed_answers_sends_back_to_the_verdict():
    review = stepped(SURE, quality=None)
    assert review.verdict.reason == "quality_not_measured"
    assert review.next_step.kind == "not_by_seeds"


def test_before_three_pairs_the_missing_ones_are_asked_for():
    review = stepped(SURE[:2], seeds=2)
    assert (review.verdict.kind, review.verdict.reason) == ("extend", "more_seeds")
    assert (review.next_step.kind, review.next_step.needed) == ("first_seeds", 1)


KINDS = {
    "adopt": {"decide", "may_add_seeds"},
    "do_not_adopt": {"decide", "may_add_seeds"},
    "extend": set(get_args(NextKind)) - {"decide", "may_add_seeds"},
}


@settings(max_examples=25, deadline=None)
@given(
    at_epochs=st.lists(st.sampled_from((3.0, 9.0, 14.0, 19.0, None)), min_size=5, max_size=5),
    accuracy=st.lists(st.floats(0.90, 0.99), min_size=5, max_size=5),
    looks=st.sampled_from((1, 2)),
    price=st.sampled_from((0.0, 3600.0)),
    outlay=st.floats(0.0, 20.0),
)
def test_a_next_step_never_speaks_against_its_verdict(at_epochs, accuracy, looks, price, outlay):
    review = stepped(
        at_epochs,
        accuracy=accuracy,
        looks=looks,
        pilot_price_per_h=price,
        hardware_outlay=outlay,
        payback_limit_months=24.0,
    )
    assert review.next_step.kind in KINDS[review.verdict.kind]


def test_a_clear_case_is_decided():
    step = stepped((3, 3.2, 2.9, 3.1, 3), pilot_price_per_h=3600.0).next_step
    assert step.kind == "decide"
    assert step.shown.net.amount <= 0


def test_no_seed_is_advised_where_the_quality_has_decided_whatever_it_saves():
    assert stepped(UNCLEAR, **AT_STAKE).next_step.kind == "add_seeds"
    review = stepped(UNCLEAR, accuracy=0.90, **AT_STAKE)
    assert review.verdict.reason == "quality_inferior"
    assert (review.next_step.kind, review.next_step.shown) == ("decide", None)


def test_no_seed_is_advised_after_the_last_look():
    step = stepped(UNCLEAR, looks=2, look=2, **AT_STAKE).next_step
    assert (step.kind, step.looks_left) == ("no_look_left", 0)


def test_seeds_are_not_advised_where_another_input_leaves_it_open():
    step = stepped(
        (3, 3.2, 2.9, 3.1, 3),
        adoption_engineer_h=12.0,
        engineer_rate_per_h=1.0,
        payback_limit_months=24.0,
        ranges={"adoption_engineer_h": Range(low=0.0, high=24.0)},
    ).next_step
    assert (step.kind, step.settle) == ("settle_assumption", "adoption_engineer_h")


def test_a_review_of_a_running_confirmation_waits_for_its_end():
    pilot = known_pilot(looks=2)
    records = records_of(pilot, "today", LATE) + records_of(pilot, "large", (3, 3, 3, 3, 3))
    review = make_review(
        review_input(pilot, [*records[:-1], replace(records[-1], status="running")])
    )
    assert review.next_step.kind == "not_finished"


def test_a_review_before_the_selection_has_ended_waits_for_the_confirmation():
    """No seed may be added to seeds that were planned and have not run."""
    pilot = known_pilot(seeds={"selection": [1], "confirmation": list(SEEDS)})
    records = [
        replace(record, run=replace(record.run, seed=1, purpose="selection"))
        for record in records_of(known_pilot(), "today", LATE)[:1]
    ]
    step = make_review(replace(review_input(pilot, records), selection=None)).next_step
    assert (step.kind, step.needed) == ("not_finished", None)


def test_worth_and_cost_of_a_seed_are_both_after_tax():
    """A rate of 0.25 leaves 0.75 of every amount, so that it changes no advice by itself."""
    prices = {
        "pilot_price_per_h": 3600.0,
        "attention_fraction": 0.5,
        "engineer_rate_per_h": 100.0,
        "trainings_per_month": 10.0,
    }
    before = stepped((14, 17, 13, 16, 15), **prices).next_step.options
    after = stepped((14, 17, 13, 16, 15), tax_fraction=0.25, **prices).next_step.options
    for untaxed, taxed in zip(before, after, strict=True):
        for name in ("worth", "device_cost", "people_cost", "delayed_saving", "net"):
            assert getattr(taxed, name).amount == pytest.approx(
                0.75 * getattr(untaxed, name).amount
            )
