from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.decisions.production_result import ProductionResult
from planner.decisions.promise import Promise
from planner.decisions.realised import check_result, realised, realised_chart, value_of
from planner.economics.propagation import CumulativeBand
from planner.money import Money
from planner.refusal import Refusal

SIGNED_ON = "2026-03-01"


def usd(amount):
    return Money(amount=amount, currency="USD")


PROMISE = Promise(
    schedule="large",
    cumulative=CumulativeBand(
        currency="USD", low=(-150.0, -90.0), mid=(-120.0, 0.0), high=(-100.0, 60.0)
    ),
    value_per_training=usd(60.0),
    payback_months=1.0,
    today_h=10.0,
    today_cost=usd(100.0),
    price_per_device_h=usd(2.0),
    worth_per_saved_hour=usd(5.0),
)


def result(day="2026-03-11", **changes):
    """Six hours on five devices: 100 - 30 x 2 saved on devices, 4 x 5 on people, 60 in all."""
    return ProductionResult(**({"day": day, "training_h": 6.0, "device_h": 30.0} | changes))


def test_a_training_saves_its_devices_and_its_hours():
    assert value_of(PROMISE, result()) == usd(100 - 30 * 2 + (10 - 6) * 5)


def test_a_cost_stands_for_device_hours():
    assert value_of(PROMISE, result(device_h=None, cost=usd(70.0))) == usd(100 - 70 + 4 * 5)


def test_a_training_that_missed_the_target_only_cost():
    assert value_of(PROMISE, result(reached=False)) == usd(-60.0)


def test_tax_takes_its_share_of_what_is_saved():
    assert value_of(replace(PROMISE, kept_fraction=0.7), result()).amount == pytest.approx(42.0)


def test_as_many_trainings_are_compared_as_there_are():
    found = realised(PROMISE, [result(), result(training_h=10.0)], signed_on=SIGNED_ON)
    assert (found.trainings, found.reached) == (2, 2)
    assert found.value == usd(60 + 40)
    assert found.promised_value == usd(2 * 60)
    assert found.realised_fraction == pytest.approx(100 / 120)
    assert found.total == usd(100 - 120)
    assert found.payback_months is None


def test_the_money_is_back_with_the_first_result_after_which_it_stays():
    days = ("2026-03-11", "2026-03-31", "2026-04-10", "2026-05-01")
    reached = (True, True, False, True)
    results = [result(day, reached=hit) for day, hit in zip(days, reached, strict=True)]
    assert realised(PROMISE, results[:2], signed_on=SIGNED_ON).payback_months == pytest.approx(
        30 / (365.25 / 12)
    )
    assert realised(PROMISE, results[:3], signed_on=SIGNED_ON).payback_months is None
    assert realised(PROMISE, results, signed_on=SIGNED_ON).payback_months == pytest.approx(
        61 / (365.25 / 12)
    )


def test_without_an_outlay_the_money_is_back_at_once():
    free = replace(PROMISE, cumulative=replace(PROMISE.cumulative, mid=(0.0, 60.0)))
    assert realised(free, [], signed_on=SIGNED_ON).payback_months == 0.0


def test_the_chart_lays_results_over_the_promise():
    chart = realised_chart(PROMISE, [result(), result("2026-03-31")], signed_on=SIGNED_ON)
    promised, done = chart.series
    assert promised.y == (-120.0, 0.0)
    assert done.x == pytest.approx((0.0, 10 / 30.4375, 30 / 30.4375))
    assert done.y == (-120.0, -60.0, 0.0)


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        (result("2026-02-28"), "day"),
        (result("2026-07-01"), "day"),
        (result(device_h=None, cost=Money(amount=1.0, currency="JPY")), "cost"),
    ],
)
def test_a_result_that_cannot_be_compared_is_refused(entered, field):
    with pytest.raises(Refusal) as refused:
        check_result(PROMISE, entered, signed_on=SIGNED_ON, today="2026-06-01")
    assert refused.value.field == field


def test_either_device_hours_or_a_cost_is_entered():
    for both_or_none in ({"device_h": None}, {"cost": usd(1.0)}):
        with pytest.raises(Refusal):
            result(**both_or_none)


@given(st.lists(st.floats(0.1, 20.0), min_size=1, max_size=20))
def test_slower_trainings_never_realise_more(hours):
    results = [result(training_h=hour) for hour in hours]
    slower = [result(training_h=hour + 1) for hour in hours]
    one, other = (realised(PROMISE, found, signed_on=SIGNED_ON) for found in (results, slower))
    assert other.value.amount < one.value.amount
