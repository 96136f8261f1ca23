from dataclasses import replace

import pytest

from planner.economics.cashflow import Irr, Payback
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_pilot, a_review_input
from wording.catalogue import LANGUAGES
from wording.returns import returns_of

GIVEN = a_review_input({"today": 0.10, "growing batch": 0.08})
REVIEW = make_review(GIVEN)
CASE = REVIEW.schedules[1].case


def named(case=CASE, review=REVIEW, language="en"):
    return {line.number: line for line in returns_of(review, case, language)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_return_has_a_value_and_a_reading(language):
    lines = named(language=language)
    assert len(lines) == 9
    assert all(line.label and line.value and line.meaning for line in lines.values())


def test_a_single_rate_is_a_return_and_a_huge_one_only_more_than_so_much():
    one = replace(CASE, irr=Irr(monthly_fractions=(0.01,)))
    assert named(one)["internal_rate"].value == "12.7%"  # 1.01^12 - 1
    huge = replace(CASE, irr=Irr(monthly_fractions=(1.0,)))
    assert named(huge)["internal_rate"].value == "> 1,000%"


def test_without_a_rate_or_with_several_it_says_that_none_is_a_return():
    none = named(replace(CASE, irr=Irr(monthly_fractions=())))["internal_rate"]
    assert none.value == "none"
    several = named(replace(CASE, irr=Irr(monthly_fractions=(0.1, 0.2))))["internal_rate"]
    assert several.value == "several"
    assert several.meaning.startswith("213.8%, 791.6%")  # 1.1^12 - 1, 1.2^12 - 1


def test_a_crossing_that_was_lost_again_is_told():
    lost = replace(CASE, payback=Payback(months=None, lost_crossing_months=3.0))
    line = named(lost)["payback"]
    assert line.value == "never"
    assert "after 3.0 months, and lost again" in line.meaning


def test_a_break_even_that_does_not_exist_is_none_with_a_reason():
    nowhere = replace(
        CASE.break_even,
        trainings_per_month=None,
        time_ratio=None,
        price_per_device_h=None,
        pays_above_price=None,
    )
    lines = named(replace(CASE, break_even=nowhere))
    names = ("break_even_trainings", "break_even_time", "break_even_price")
    assert {lines[name].value for name in names} == {"none"}
    assert lines["break_even_trainings"].meaning.startswith("Each training loses money")


def test_a_plan_without_an_outlay_has_no_return_on_it():
    free = replace(CASE, roi_fraction=None)
    assert named(free)["return_on_investment"].value == "not defined"


def test_fewer_trainings_than_the_break_even_lose_money():
    least = CASE.break_even.trainings_per_month
    rarely = a_pilot(assumptions=replace(a_pilot().assumptions, trainings_per_month=least * 0.9))
    few = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}, pilot=rarely))
    assert few.schedules[1].case.npv.amount < 0
    assert named(few.schedules[1].case, few)["net_benefit"].value.startswith("−")
