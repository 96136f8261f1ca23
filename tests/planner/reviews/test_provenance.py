from dataclasses import replace
from typing import get_args

import pytest

from planner.economics.ownership import OwnedDevice, Ownership
from planner.money import Money
from planner.reviews.provenance import Number
from planner.reviews.review import make_review
from tests.support.known_pilot import (
    EVALUATION_S,
    STEPS_AT_22,
    STEPS_AT_154,
    T_22,
    T_154,
    known_pilot,
    records_of,
    review_input,
)
from tests.support.measured_pilots import H100, a_review_input

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))


LINES = ("pilot_devices", "adoption", "retuning", "validation")


def told(number, schedule="growing batch", review=REVIEW):
    (found,) = [
        found
        for found in review.provenances
        if (found.number, found.schedule) == (number, schedule)
    ]
    return {ingredient.name: ingredient for ingredient in found.ingredients}


@pytest.mark.parametrize("number", get_args(Number))
def test_every_number_of_a_candidate_has_an_origin(number):
    assert told(number)


def test_the_cost_of_a_training_can_be_worked_out_from_what_is_told():
    parts = told("cost")
    today_h, ratio = parts["training_h_today"].value, parts["time_ratio"].value
    overhead = parts["overhead_fraction"].value
    hours = today_h * ((1 - overhead) * ratio + overhead)
    assert parts["training_h"].value == pytest.approx(hours)
    cost = hours * parts["devices"].value * parts["price_per_device_h"].value
    growing = next(found for found in REVIEW.schedules if found.schedule == "growing batch")
    assert growing.training.cost.amount == pytest.approx(cost)


def test_a_pilot_that_is_the_training_itself_pays_for_its_evaluations_and_says_so():
    """Eleven evaluations up to epoch 10; at batch 154 a training is short, and they weigh more."""
    pilot = known_pilot()
    records = (*records_of(pilot, "today", [10.0] * 5), *records_of(pilot, "large", [10.0] * 5))
    review = make_review(review_input(pilot, records))
    steps_s = {"today": 10 * STEPS_AT_22 * T_22, "large": 10 * STEPS_AT_154 * T_154}
    for schedule, trained_s in steps_s.items():
        parts = told("cost", schedule, review=review)
        evaluated_s = 11 * EVALUATION_S
        assert parts["evaluation_h"].value == pytest.approx(evaluated_s / 3600)
        assert parts["training_h"].value == pytest.approx((trained_s + evaluated_s) / 3600)
    (large,) = [found for found in review.schedules if found.schedule == "large"]
    assert large.comparison.time_ratio.mid == pytest.approx(steps_s["large"] / steps_s["today"])


def test_a_production_training_has_its_evaluations_in_the_overhead():
    assert "evaluation_h" not in told("cost")


def test_the_cost_on_bought_devices_is_told_with_what_their_hour_costs_and_not_with_the_rent():
    review = on_bought_devices()
    parts = told("cost", review=review)
    growing = next(found for found in review.schedules if found.schedule == "growing batch")
    cost = parts["device_h"].value * parts["price_per_device_h"].value
    assert growing.training.cost.amount == pytest.approx(cost)
    rent = told("cost", "today", review=review)["price_per_device_h"]
    assert rent.value == H100.rent_per_gpu_hour.amount


@pytest.mark.parametrize(
    "number", ["break_even_trainings", "break_even_time", "break_even_price", "net_benefit"]
)
def test_residual_and_upkeep_are_told_wherever_they_move_the_number(number):
    assert {"hardware_residual", "maintenance_per_month"} <= told(
        number, review=on_bought_devices()
    ).keys()


def on_bought_devices():
    device = OwnedDevice(
        purchase=usd(300),
        residual=usd(30),
        life_years=5,
        use_fraction=0.6,
        maintenance_per_year=usd(24),
        use_w=700,
        idle_w=0,
        pue=1.3,
        energy_price_per_kwh=usd(0.2),
    )
    bought = Ownership(case="bought_by_plan", device=device)
    card = replace(H100, kind="owned", ownership=bought)
    given = a_review_input({"today": 0.10, "growing batch": 0.08})
    return make_review(replace(given, hardware=replace(given.hardware, rate_card=card)))


def usd(amount):
    return Money(amount=amount, currency="USD")


def test_the_outlay_is_the_sum_of_the_lines_that_are_told():
    parts = told("net_benefit")
    lines = [parts[name].value for name in LINES]
    assert parts["investment"].value == pytest.approx(sum(lines))


def test_a_price_of_the_book_names_its_source_and_day():
    price = told("cost")["price_per_device_h"]
    assert price.origin == "price"
    assert price.source == "h100-test, a test, 2026-11-01"


def test_a_censored_comparison_says_so():
    lost = make_review(a_review_input({"today": 0.10, "growing batch": 0.5}))
    formulas = {
        found.number: found.formula
        for found in lost.provenances
        if found.schedule == "growing batch"
    }
    assert formulas["time_against_today"] == "time_against_today_censored"
    assert formulas["time_to_target"] == "time_to_target_censored"
    assert "net_benefit" not in formulas
