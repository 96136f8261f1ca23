from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.assumptions import Assumptions
from planner.economics.break_even import BreakEven, break_even, break_even_time_ratio, plan_npv
from planner.economics.investment import TrainingComparison
from planner.money import Money


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


COMPARISON = TrainingComparison(
    training_h=10.0,
    device_count=4,
    candidate_device_count=4,
    overhead_fraction=0.0,
    price_per_device_h=usd(2.5),
)
ASSUMPTIONS = Assumptions(
    trainings_per_month=10,
    engineer_rate_per_h=100,
    adoption_engineer_h=24,
    retuning_trainings=0,
    validation_trainings=0,
    horizon_months=12,
    discount_rate_per_year=0.0,
)


def break_evens(
    comparison: TrainingComparison = COMPARISON,
    assumptions: Assumptions = ASSUMPTIONS,
    time_ratio: float = 0.5,
) -> BreakEven:
    return break_even(
        comparison,
        time_ratio=time_ratio,
        pilot_device_cost=usd(0),
        assumptions=assumptions,
    )


def test_a_plan_breaks_even_where_savings_meet_the_outlay():
    found = break_evens()
    outlay, saved_per_training = 24 * 100, 10 * 0.5 * 4 * 2.5
    assert found.trainings_per_month == pytest.approx(outlay / (12 * saved_per_training))
    assert found.time_ratio == pytest.approx(1 - outlay / (12 * 10 * 100))
    assert found.price_per_device_h.amount == pytest.approx(outlay / (12 * 10 * 10 * 0.5 * 4))
    assert found.pays_above_price is True


def test_a_plan_that_uses_more_device_hours_pays_below_a_price():
    wider = replace(COMPARISON, candidate_device_count=16)
    found = break_evens(wider, replace(ASSUMPTIONS, cost_of_delay_per_day=480))
    earlier, extra_device_h = 10 * 0.5 / 24 * 480, 16 * 5 - 4 * 10
    at_price = (12 * 10 * earlier - 2400) / (12 * 10 * extra_device_h)
    assert found.price_per_device_h.amount == pytest.approx(at_price)
    assert found.pays_above_price is False


def test_a_slower_candidate_breaks_even_at_no_number_of_trainings():
    found = break_evens(time_ratio=1.5)
    assert found.trainings_per_month is None
    assert found.price_per_device_h is None
    assert found.pays_above_price is None


def test_without_an_outlay_the_first_training_pays():
    assert (
        break_evens(assumptions=replace(ASSUMPTIONS, adoption_engineer_h=0)).trainings_per_month
        == 0
    )


def test_an_investment_beyond_all_savings_has_no_break_even_speed_up():
    huge = replace(ASSUMPTIONS, adoption_engineer_h=10_000)
    found = break_even_time_ratio(COMPARISON, pilot_device_cost=usd(0), assumptions=huge)
    assert found is None


@given(st.floats(0, 0.3), st.integers(1, 60), st.floats(0, 5000))
def test_the_plan_is_worth_nothing_at_its_break_even_speed_up(rate, horizon, pilot):
    assumptions = replace(ASSUMPTIONS, discount_rate_per_year=rate, horizon_months=horizon)
    plan = {"pilot_device_cost": usd(pilot), "assumptions": assumptions}
    ratio = break_even_time_ratio(COMPARISON, **plan)
    if ratio is None:
        assert plan_npv(COMPARISON, time_ratio=0.0, **plan).amount <= 0
    else:
        worth = plan_npv(COMPARISON, time_ratio=ratio, **plan)
        assert worth.amount == pytest.approx(0, abs=1e-6)
