"""The next step: what more seeds are worth against what they cost."""

from dataclasses import replace

import pytest

from planner.economics.assumptions import Assumptions, Range
from planner.inference.seed_value import evsi
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


def stepped(at_epochs, *, looks=2, look=1, pilot_price_per_h=0.0, accuracy=0.95, **assumptions):
    """Today against 154 from the start, which reaches the target after so many epochs."""
    believed = Assumptions(
        **({"retuning_trainings": 0.0, "validation_trainings": 0.0} | assumptions)
    )
    pilot = known_pilot(looks=looks)
    records = records_of(pilot, "today", LATE)
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

AT_STAKE = {"adoption_engineer_h": 5.0, "engineer_rate_per_h": 1.0}
"""An outlay of about that."""


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
