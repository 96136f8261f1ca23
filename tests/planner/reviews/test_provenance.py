from typing import get_args

import pytest

from planner.reviews.provenance import Number
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_review_input

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))


LINES = ("pilot_devices", "adoption", "retuning", "validation")


def told(number, schedule="growing batch"):
    (found,) = [
        found
        for found in REVIEW.provenances
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
