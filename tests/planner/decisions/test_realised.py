import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.decisions.production_result import ProductionResult
from planner.decisions.promise import Promise
from planner.decisions.realised import check_result, realised, realised_chart, value_of
from planner.economics.assumptions import Assumptions
from planner.economics.bought import BoughtHardware
from planner.economics.cashflow import CashFlows
from planner.economics.investment import (
    TrainingComparison,
    flows_beside_trainings,
    investment,
    monthly_flows,
    training_value,
)
from planner.economics.propagation import CumulativeBand
from planner.money import Money
from planner.refusal import Refusal

SIGNED_ON = "2026-03-01"
TODAY = "2026-06-02"
"""Three months later: 93 days are 3.06 months of 30.44."""


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
    found = realised(PROMISE, [result(), result(training_h=10.0)], signed_on=SIGNED_ON, today=TODAY)
    assert (found.trainings, found.reached) == (2, 2)
    assert found.value == usd(60 + 40)
    assert found.promised_value == usd(2 * 60)
    assert found.realised_fraction == pytest.approx(100 / 120)
    assert found.total == usd(100 - 120)
    assert found.payback_months is None


def test_trainings_under_the_baseline_are_counted_apart_and_save_nothing():
    under_baseline = [
        result(training_h=11.0, role="baseline"),
        result(training_h=13.0, role="baseline"),
        result(training_h=2.0, role="baseline", reached=False),
    ]
    how = {"signed_on": SIGNED_ON, "today": TODAY}
    alone = realised(PROMISE, [result()], **how)
    found = realised(PROMISE, [result(), *under_baseline], **how)
    assert found == replace(alone, baseline_trainings=3, baseline_training_h=(11 + 13) / 2)
    assert realised_chart(PROMISE, [result(), *under_baseline], **how) == realised_chart(
        PROMISE, [result()], **how
    )


def test_the_money_is_back_with_the_first_result_after_which_it_stays():
    days = ("2026-03-11", "2026-03-31", "2026-04-10", "2026-05-01")
    reached = (True, True, False, True)
    results = [result(day, reached=hit) for day, hit in zip(days, reached, strict=True)]
    assert realised(
        PROMISE, results[:2], signed_on=SIGNED_ON, today=TODAY
    ).payback_months == pytest.approx(30 / (365.25 / 12))
    assert realised(PROMISE, results[:3], signed_on=SIGNED_ON, today=TODAY).payback_months is None
    assert realised(
        PROMISE, results, signed_on=SIGNED_ON, today=TODAY
    ).payback_months == pytest.approx(61 / (365.25 / 12))


def test_without_an_outlay_the_money_is_back_at_once():
    free = replace(PROMISE, cumulative=replace(PROMISE.cumulative, mid=(0.0, 60.0)))
    assert realised(free, [], signed_on=SIGNED_ON, today=TODAY).payback_months == 0.0


def test_a_total_that_only_rounding_made_negative_is_back():
    """0.1 three times against 0.3: in binary the sum is 5.6e-17 away from it."""
    tenth = replace(
        PROMISE,
        cumulative=replace(PROMISE.cumulative, mid=(-0.3, 0.0)),
        today_cost=usd(0.1),
        worth_per_saved_hour=usd(0.0),
        price_per_device_h=usd(0.0),
    )
    third = replace(tenth, cumulative=replace(tenth.cumulative, mid=(-(0.1 + 0.2), 0.0)))
    results = [result(day) for day in ("2026-03-11", "2026-03-21", "2026-03-31")]
    for promised in (tenth, third):
        found = realised(promised, results, signed_on=SIGNED_ON, today=TODAY)
        assert found.payback_months == pytest.approx(30 / 30.4375)


UPKEEP = CashFlows(currency="USD", amounts=(0.0, -10.0, -10.0, 25.0, -10.0))
"""By month: upkeep of 10, in month 3 a residual of 35 beside it; month 4 is not over yet."""


def test_upkeep_and_residual_of_the_months_that_are_over_are_in_the_total():
    kept = replace(PROMISE, beside=UPKEEP)
    found = realised(kept, [result(), result()], signed_on=SIGNED_ON, today=TODAY)
    assert found.value == usd(2 * 60)
    assert found.beside == usd(-10 - 10 + 25)
    assert found.total == usd(120 + 5 - 120)


def test_upkeep_can_take_away_again_what_was_back():
    """Back with the second training at 30 days, below with the first upkeep, back in month 3."""
    kept = replace(PROMISE, beside=UPKEEP)
    results = [result("2026-03-11"), result("2026-03-31")]
    early = realised(kept, results, signed_on=SIGNED_ON, today="2026-03-31")
    assert early.payback_months == pytest.approx(30 / 30.4375)
    found = realised(kept, results, signed_on=SIGNED_ON, today="2026-04-15")
    assert found.payback_months is None
    assert realised(kept, results, signed_on=SIGNED_ON, today=TODAY).payback_months == 3.0


def test_the_chart_shows_what_flows_beside_the_trainings_where_it_flows():
    chart = realised_chart(
        replace(PROMISE, beside=UPKEEP), [result()], signed_on=SIGNED_ON, today=TODAY
    )
    assert chart.series[1].x == pytest.approx((0.0, 10 / 30.4375, 1.0, 2.0, 3.0))
    assert chart.series[1].y == (-120.0, -60.0, -70.0, -80.0, -55.0)


def test_a_promise_kept_to_the_letter_is_realised_month_by_month_as_its_cash_flows():
    """Bought devices, upkeep, residual and a tax: one training a month, just as promised."""
    assumptions = Assumptions(
        trainings_per_month=1.0, horizon_months=24, tax_fraction=0.3, useful_life_years=4
    )
    bought = BoughtHardware(outlay=usd(1000.0), maintenance_per_month=usd(10.0), residual=usd(90.0))
    comparison = TrainingComparison(
        training_h=10.0,
        device_count=10,
        candidate_device_count=5,
        overhead_fraction=0.0,
        price_per_device_h=usd(2.0),
        bought=bought,
    )
    paid = investment(comparison, pilot_device_cost=usd(50.0), assumptions=assumptions)
    value = training_value(comparison, time_ratio=0.6, assumptions=assumptions)
    flows = monthly_flows(paid, value, assumptions)
    promised = replace(
        PROMISE,
        cumulative=replace(PROMISE.cumulative, mid=flows.cumulative),
        today_cost=usd(10 * 10 * 2.0),
        worth_per_saved_hour=usd(0.0),
        kept_fraction=0.7,
        beside=flows_beside_trainings(paid, assumptions),
    )
    done = ProductionResult(day=SIGNED_ON, training_h=6.0, device_h=30.0)
    first = date.fromisoformat(SIGNED_ON)
    for month in range(25):
        today = (first + timedelta(days=math.ceil(month * 365.25 / 12))).isoformat()
        found = realised(promised, [done] * month, signed_on=SIGNED_ON, today=today)
        assert found.total.amount == pytest.approx(flows.cumulative[month])


def test_the_chart_lays_results_over_the_promise():
    chart = realised_chart(
        PROMISE, [result(), result("2026-03-31")], signed_on=SIGNED_ON, today=TODAY
    )
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
    one, other = (
        realised(PROMISE, found, signed_on=SIGNED_ON, today=TODAY) for found in (results, slower)
    )
    assert other.value.amount < one.value.amount
