from dataclasses import replace
from typing import get_args

import pytest

from planner.economics.ownership import OwnedDevice, Ownership
from planner.money import Money
from planner.reviews.provenance import Number
from planner.reviews.review import make_review
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
