import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.assumptions import Assumptions
from planner.economics.cashflow import payback
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    ramp_fractions,
    training_value,
)
from planner.money import Money
from planner.refusal import Refusal


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def a_comparison(**changes) -> TrainingComparison:
    fields = {
        "training_h": 12.0,
        "device_count": 8,
        "candidate_device_count": 8,
        "overhead_fraction": 0.0,
        "price_per_device_h": usd(2.5),
    }
    return TrainingComparison(**{**fields, **changes})


def some_assumptions(**changes) -> Assumptions:
    fields = {
        "trainings_per_month": 20,
        "engineer_rate_per_h": 90,
        "adoption_engineer_h": 40,
        "pilot_engineer_h": 8,
    }
    return Assumptions(**{**fields, **changes})


def costs_by_key(assumptions: Assumptions) -> dict[str, float]:
    lines = investment(a_comparison(), pilot_device_cost=usd(55), assumptions=assumptions).lines
    return {line.key: line.cost.amount for line in lines}


def months_to_payback(comparison: TrainingComparison, ratio: float, assumptions: Assumptions):
    flows = monthly_flows(
        investment(comparison, pilot_device_cost=usd(55), assumptions=assumptions),
        training_value(comparison, time_ratio=ratio, assumptions=assumptions),
        assumptions,
    )
    months = payback(flows).months
    return np.inf if months is None else months


def test_every_line_of_the_investment_is_shown():
    assumptions = some_assumptions(hardware_outlay=1000, commitment_shortfall=300)
    assert costs_by_key(assumptions) == {
        "pilot_devices": 55,
        "pilot_people": 8 * 90,
        "adoption": 40 * 90,
        "retuning": 2 * 12 * 8 * 2.5,
        "validation": 1 * 12 * 8 * 2.5,
        "hardware": 1000,
        "commitment_shortfall": 300,
    }


def test_the_spent_pilot_is_sunk_and_a_switch_takes_it_out_of_the_outlay():
    everything = investment(
        a_comparison(), pilot_device_cost=usd(55), assumptions=some_assumptions()
    )
    assert [line.key for line in everything.lines if line.sunk] == ["pilot_devices", "pilot_people"]
    assert everything.counted == usd(55 + 8 * 90 + 40 * 90 + 3 * 240)
    without = investment(
        a_comparison(),
        pilot_device_cost=usd(55),
        assumptions=some_assumptions(count_sunk_pilot_cost=False),
    )
    assert without.counted == usd(40 * 90 + 3 * 240)
    assert len(without.lines) == len(everything.lines)


def test_a_training_saves_device_hours_engineer_hours_and_days_apart():
    assumptions = some_assumptions(
        attention_fraction=0.25, realisation_fraction=0.3, cost_of_delay_per_day=400
    )
    value = training_value(a_comparison(), time_ratio=0.75, assumptions=assumptions)
    saved_h = 12 * (1 - 0.75)
    assert value.device_hours == usd(saved_h * 8 * 2.5)
    assert value.engineer_hours.amount == pytest.approx(saved_h * 0.25 * 90 * 0.3)
    assert value.earlier_result.amount == pytest.approx(saved_h / 24 * 400)
    assert value.total.amount == pytest.approx(60 + 20.25 + 50)


def test_a_faster_training_on_more_devices_can_cost_more():
    wider = a_comparison(candidate_device_count=16)
    value = training_value(wider, time_ratio=0.75, assumptions=some_assumptions())
    assert value.device_hours == usd((8 * 12 - 16 * 9) * 2.5)


def test_overhead_is_not_shortened_by_a_schedule():
    value = training_value(
        a_comparison(overhead_fraction=0.5), time_ratio=0.5, assumptions=some_assumptions()
    )
    assert value.device_hours == usd((12 - (6 * 0.5 + 6)) * 8 * 2.5)


def test_trainings_ramp_up_and_hardware_returns_its_residual_at_the_horizon():
    assumptions = some_assumptions(
        ramp_months=4,
        horizon_months=6,
        hardware_outlay=1000,
        hardware_residual=300,
        retuning_trainings=0,
        validation_trainings=0,
        adoption_engineer_h=0,
        pilot_engineer_h=0,
    )
    flows = monthly_flows(
        investment(a_comparison(), pilot_device_cost=usd(0), assumptions=assumptions),
        training_value(a_comparison(), time_ratio=0.75, assumptions=assumptions),
        assumptions,
    )
    full = 20 * 60
    expected = (-1000, full / 4, full / 2, full * 3 / 4, full, full, full + 300)
    assert flows.amounts == pytest.approx(expected)


@pytest.mark.parametrize("ramp_months", [0, 1])
def test_without_a_ramp_the_first_month_is_full(ramp_months):
    assert ramp_fractions(Assumptions(ramp_months=ramp_months)).tolist() == [1.0] * 24


def test_a_price_in_another_currency_is_refused_until_it_is_exchanged():
    yen = a_comparison(price_per_device_h=Money(amount=400, currency="JPY"))
    with pytest.raises(Refusal) as refusal:
        training_value(yen, time_ratio=0.5, assumptions=some_assumptions())
    assert refusal.value.code == "currencies_mixed"


@given(st.floats(0.1, 0.99), st.floats(0, 50), st.floats(0, 50))
def test_more_trainings_a_month_never_lengthen_the_payback(ratio, one, two):
    few, many = sorted((one, two))
    comparison = a_comparison()
    slow = months_to_payback(comparison, ratio, some_assumptions(trainings_per_month=few))
    fast = months_to_payback(comparison, ratio, some_assumptions(trainings_per_month=many))
    assert fast <= slow + 1e-9


@given(st.floats(0.1, 0.9), st.floats(0, 20), st.floats(0, 20))
def test_a_higher_price_never_shortens_the_payback_of_a_costlier_plan(ratio, one, two):
    low, high = sorted((one, two))
    assumptions = some_assumptions(cost_of_delay_per_day=400)
    wider = a_comparison(candidate_device_count=8 / ratio + 4)
    cheap = months_to_payback(
        a_comparison(
            candidate_device_count=wider.candidate_device_count, price_per_device_h=usd(low)
        ),
        ratio,
        assumptions,
    )
    dear = months_to_payback(
        a_comparison(
            candidate_device_count=wider.candidate_device_count, price_per_device_h=usd(high)
        ),
        ratio,
        assumptions,
    )
    assert dear >= cheap - 1e-9
