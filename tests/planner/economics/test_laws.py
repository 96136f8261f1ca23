"""What must hold for every plan: which way worth and payback move when one thing changes."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.economics.assumptions import Assumptions
from planner.economics.bought import tax_saved_by_month
from planner.economics.cashflow import CashFlows, npv, payback
from planner.economics.device_price import on_terms
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    training_value,
)
from planner.economics.rates import SpotTerms
from planner.economics.speed_up import PairedSpeedUp
from planner.economics.uncertainty import propagate
from planner.money import Money

SLACK = 1e-6
"""Of the currency, and of a month: sums of the same numbers in another order."""


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


assumptions_of_any_team = st.builds(
    Assumptions,
    trainings_per_month=st.floats(0, 60),
    ramp_months=st.integers(0, 18),
    engineer_rate_per_h=st.floats(0, 200),
    adoption_engineer_h=st.floats(0, 300),
    pilot_engineer_h=st.floats(0, 60),
    attention_fraction=st.floats(0, 1),
    cost_of_delay_per_day=st.floats(0, 2000),
    hardware_outlay=st.sampled_from([0.0, 40_000.0]),
    hardware_residual=st.sampled_from([0.0, 4000.0]),
    commitment_shortfall=st.sampled_from([0.0, 3000.0]),
    horizon_months=st.integers(1, 60),
    discount_rate_per_year=st.floats(0, 0.5),
    tax_fraction=st.sampled_from([0.0, 0.3]),
)
trainings = st.builds(
    TrainingComparison,
    training_h=st.floats(0.5, 200),
    device_count=st.integers(1, 64),
    candidate_device_count=st.integers(1, 64),
    overhead_fraction=st.floats(0, 0.5),
    price_per_device_h=st.floats(0, 20).map(usd),
)
time_ratios = st.floats(0.2, 1.5)
pairs_of = st.tuples


def flows_of(training: TrainingComparison, ratio: float, assumptions: Assumptions) -> CashFlows:
    return monthly_flows(
        investment(training, pilot_device_cost=usd(500), assumptions=assumptions),
        training_value(training, time_ratio=ratio, assumptions=assumptions),
        assumptions,
    )


def worth(training: TrainingComparison, ratio: float, assumptions: Assumptions) -> float:
    flows = flows_of(training, ratio, assumptions)
    return npv(flows, assumptions.discount_rate_per_year).amount


def value_of(training: TrainingComparison, ratio: float, assumptions: Assumptions) -> float:
    return training_value(training, time_ratio=ratio, assumptions=assumptions).total.amount


def months(training: TrainingComparison, ratio: float, assumptions: Assumptions) -> float:
    found = payback(flows_of(training, ratio, assumptions)).months
    return math.inf if found is None else found


def rising(low: float, high: float):
    return pairs_of(st.floats(low, high), st.floats(low, high)).map(sorted)


def at_least(one: float, other: float) -> bool:
    """Whether one is not below the other, rounding aside."""
    return one >= other - SLACK * max(1.0, abs(one), abs(other)) or one == other


@given(trainings, time_ratios, assumptions_of_any_team, rising(0, 50), st.floats(0.001, 3))
def test_a_higher_price_never_shortens_the_payback_of_a_plan_that_uses_more_devices(
    training, ratio, assumptions, prices, more
):
    as_long = float(training.candidate_h(ratio)) / training.training_h
    training = replace(training, candidate_device_count=training.device_count / as_long + more)
    plain = replace(assumptions, tax_fraction=0.0, hardware_residual=0.0)
    cheap, dear = (replace(training, price_per_device_h=usd(price)) for price in prices)
    assert at_least(months(dear, ratio, plain), months(cheap, ratio, plain))


@given(trainings, time_ratios, assumptions_of_any_team, rising(0, 60))
def test_more_trainings_never_lower_the_worth_of_a_plan_that_saves_with_each(
    training, ratio, assumptions, counts
):
    few, many = (replace(assumptions, trainings_per_month=count) for count in counts)
    lower, higher = worth(training, ratio, few), worth(training, ratio, many)
    if value_of(training, ratio, assumptions) >= 0:
        assert at_least(higher, lower)
    else:
        assert at_least(lower, higher)


@given(trainings, time_ratios, assumptions_of_any_team, rising(0, 1))
def test_a_higher_discount_rate_never_raises_the_worth_of_what_is_paid_first_and_earned_later(
    training, ratio, assumptions, rates
):
    low, high = (replace(assumptions, discount_rate_per_year=rate) for rate in rates)
    if value_of(training, ratio, assumptions) >= 0:
        assert at_least(worth(training, ratio, low), worth(training, ratio, high))


@given(trainings, time_ratios, assumptions_of_any_team, st.integers(1, 60))
def test_a_longer_horizon_never_loses_a_lasting_payback(training, ratio, assumptions, longer):
    plain = replace(assumptions, hardware_outlay=0.0, hardware_residual=0.0)
    later = replace(plain, horizon_months=plain.horizon_months + longer)
    reached = months(training, ratio, plain)
    if value_of(training, ratio, plain) >= 0 and math.isfinite(reached):
        assert months(training, ratio, later) == pytest.approx(reached, abs=SLACK)


@given(trainings, rising(0.2, 1.5), assumptions_of_any_team)
def test_a_faster_candidate_is_never_worth_less(training, ratios, assumptions):
    fast, slow = ratios
    assert at_least(worth(training, fast, assumptions), worth(training, slow, assumptions))


@given(
    trainings,
    time_ratios,
    assumptions_of_any_team,
    st.sampled_from(
        [
            "adoption_engineer_h",
            "pilot_engineer_h",
            "retuning_trainings",
            "validation_trainings",
            "commitment_shortfall",
            "hardware_outlay",
        ]
    ),
    rising(0, 500),
)
def test_a_larger_outlay_is_never_worth_more_and_never_paid_back_sooner(
    training, ratio, assumptions, line, amounts
):
    plain = replace(assumptions, tax_fraction=0.0, hardware_residual=0.0)
    small, large = (replace(plain, **{line: amount}) for amount in amounts)
    assert at_least(worth(training, ratio, small), worth(training, ratio, large))
    if value_of(training, ratio, plain) >= 0:
        assert at_least(months(training, ratio, large), months(training, ratio, small))


@given(trainings, time_ratios, assumptions_of_any_team)
def test_leaving_out_what_is_spent_anyway_never_lowers_the_worth(training, ratio, assumptions):
    without = replace(assumptions, count_sunk_pilot_cost=False)
    assert at_least(worth(training, ratio, without), worth(training, ratio, assumptions))


@given(trainings, time_ratios, assumptions_of_any_team, rising(0, 24))
def test_a_slower_ramp_never_raises_the_worth_of_a_plan_that_saves(
    training, ratio, assumptions, ramps
):
    fast, slow = (replace(assumptions, ramp_months=int(ramp)) for ramp in ramps)
    if value_of(training, ratio, assumptions) >= 0:
        assert at_least(worth(training, ratio, fast), worth(training, ratio, slow))


@given(trainings, time_ratios, assumptions_of_any_team, st.floats(0, 0.9))
def test_without_hardware_a_tax_takes_its_share_of_the_worth_and_leaves_the_payback(
    training, ratio, assumptions, tax
):
    untaxed = replace(assumptions, hardware_outlay=0, hardware_residual=0, tax_fraction=0)
    taxed = replace(untaxed, tax_fraction=tax)
    whole = worth(training, ratio, untaxed)
    assert worth(training, ratio, taxed) == pytest.approx((1 - tax) * whole, abs=SLACK, rel=1e-9)
    found = months(training, ratio, taxed)
    assert found == pytest.approx(months(training, ratio, untaxed), rel=1e-6, abs=SLACK)


@given(st.integers(1, 10**8), assumptions_of_any_team, st.sampled_from([4, 5]))
def test_writing_off_earlier_never_saves_less_tax_in_todays_money(price, assumptions, years):
    taxed = replace(assumptions, tax_fraction=0.3, useful_life_years=years)

    def saved(method) -> float:
        months = tax_saved_by_month(usd(price), replace(taxed, depreciation=method))
        flows = CashFlows(currency="USD", amounts=(0.0, *months.tolist()))
        return npv(flows, taxed.discount_rate_per_year).amount

    a_unit_a_year = 0.3 * years
    assert saved("declining_balance") >= saved("straight_line") - a_unit_a_year


@given(trainings, time_ratios, rising(0, 0.5))
def test_more_interruptions_never_make_a_training_shorter_or_cheaper(training, ratio, per_h):
    calm, rough = (
        on_terms(
            training,
            spot=SpotTerms(
                interruptions_per_device_h=often, checkpoint_interval_h=0.5, restart_h=0.1
            ),
            ownership=None,
            assumptions=Assumptions(),
        )
        for often in per_h
    )
    assert at_least(rough.training_h, calm.training_h)
    assert at_least(float(rough.candidate_h(ratio)), float(calm.candidate_h(ratio)))
    assert at_least(rough.cost_today.amount, calm.cost_today.amount)


@settings(max_examples=15)
@given(trainings, rising(math.log(0.3), math.log(1.2)), assumptions_of_any_team)
def test_a_larger_measured_speed_up_never_lowers_the_odds(training, logs, assumptions):
    fast, slow = (
        propagate(
            training,
            speed_up=PairedSpeedUp(mean_log=mean, sd_log=0.1, pairs=5),
            pilot_device_cost=usd(500),
            assumptions=assumptions,
            transferred=True,
        ).odds
        for mean in logs
    )
    assert fast.npv_positive >= slow.npv_positive
    assert fast.payback_in_time >= slow.payback_in_time
