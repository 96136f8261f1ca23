import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.economics.assumptions import Assumptions, Range
from planner.economics.break_even import plan_npv
from planner.economics.cashflow import payback
from planner.economics.correlations import Correlations
from planner.economics.device_price import on_terms
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    training_value,
)
from planner.economics.outcome import Outcome
from planner.economics.ownership import OwnedDevice, Ownership
from planner.economics.propagation import Propagation
from planner.economics.speed_up import PairedSpeedUp
from planner.economics.uncertainty import propagate
from planner.money import Money
from planner.refusal import Refusal


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


COMPARISON = TrainingComparison(
    training_h=12.0,
    device_count=8,
    candidate_device_count=8,
    overhead_fraction=0.05,
    price_per_device_h=usd(2.5),
)
ASSUMPTIONS = Assumptions(
    trainings_per_month=20, engineer_rate_per_h=90, adoption_engineer_h=40, attention_fraction=0.1
)
MEASURED = PairedSpeedUp(mean_log=math.log(0.75), sd_log=0.1, pairs=5)
KNOWN = PairedSpeedUp(mean_log=math.log(0.75), sd_log=0.0, pairs=5)
EIGHT_INPUTS = replace(
    ASSUMPTIONS,
    cost_of_delay_per_day=50,
    ranges={
        "trainings_per_month": Range(low=10, high=40),
        "engineer_rate_per_h": Range(low=60, high=120),
        "adoption_engineer_h": Range(low=20, high=90),
        "attention_fraction": Range(low=0.0, high=0.3),
        "cost_of_delay_per_day": Range(low=0, high=100),
        "discount_rate_per_year": Range(low=0.04, high=0.12),
    },
)


A_DEVICE = OwnedDevice(
    purchase=usd(3000),
    residual=usd(300),
    life_years=4,
    use_fraction=0.5,
    maintenance_per_year=usd(240),
    use_w=700,
    idle_w=70,
    pue=1.3,
    energy_price_per_kwh=usd(0.2),
)


def propagated(
    assumptions: Assumptions = ASSUMPTIONS,
    speed_up: PairedSpeedUp = MEASURED,
    transferred: bool = False,
    comparison: TrainingComparison = COMPARISON,
) -> Propagation:
    return propagate(
        comparison,
        speed_up=speed_up,
        pilot_device_cost=usd(55),
        assumptions=assumptions,
        transferred=transferred,
    )


def bar_names(found: Propagation) -> list[str]:
    return [bar.name for bar in found.tornado]


@settings(max_examples=25)
@given(
    st.floats(0.3, 1.3),
    st.floats(0, 40),
    st.integers(0, 30),
    st.integers(1, 36),
    st.sampled_from([0.0, 500.0]),
    st.booleans(),
    st.sampled_from([0.0, 0.3]),
    st.sampled_from([None, "already_bought", "bought_by_plan"]),
)
def test_with_nothing_uncertain_the_propagation_is_the_plans_own_flows(
    ratio, trainings, ramp, horizon, residual, counts_pilot, tax, owned
):
    assumptions = replace(
        ASSUMPTIONS,
        trainings_per_month=trainings,
        ramp_months=ramp,
        horizon_months=horizon,
        hardware_outlay=800,
        hardware_residual=residual,
        count_sunk_pilot_cost=counts_pilot,
        tax_fraction=tax,
        depreciation="declining_balance",
        useful_life_years=4,
    )
    comparison = on_terms(
        COMPARISON,
        spot=None,
        ownership=None if owned is None else Ownership(case=owned, device=A_DEVICE),
        assumptions=assumptions,
    )
    certain = PairedSpeedUp(mean_log=math.log(ratio), sd_log=0.0, pairs=5)
    found = propagated(assumptions, certain, comparison=comparison)
    plan = {"pilot_device_cost": usd(55), "assumptions": assumptions}
    flows = monthly_flows(
        investment(comparison, **plan),
        training_value(comparison, time_ratio=ratio, assumptions=assumptions),
        assumptions,
    )
    expected = plan_npv(comparison, time_ratio=ratio, **plan).amount
    assert found.npv.mid.amount == pytest.approx(expected, rel=1e-9, abs=1e-6)
    months = payback(flows).months
    assert found.payback.mid_months == (None if months is None else pytest.approx(months))
    assert found.cumulative.mid == pytest.approx(flows.cumulative, rel=1e-9, abs=1e-6)
    assert found.tornado == ()


@pytest.mark.parametrize(
    ("outlay", "full_month", "residual", "months"),
    [
        (0.0, 10.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (0.0, -10.0, 0.0, math.inf),
        (100.0, 0.0, 0.0, math.inf),
        (100.0, 10.0, 0.0, 10.0),
        (100.0, 8.0, 0.0, math.inf),
        (100.0, 8.0, 10.0, math.inf),
        (100.0, 8.0, 30.0, 9 + 28 / 38),
        (100.0, -1.0, 120.0, 9 + 109 / 119),
    ],
)
def test_payback_of_draws_has_the_edges_of_the_single_one(outlay, full_month, residual, months):
    flows = Outcome(
        outlay=np.array([outlay]),
        full_month=np.array([full_month]),
        residual=residual,
        discount_rate_fraction=0.08,
        ramp=np.ones(10),
    )
    assert flows.payback_months().tolist() == pytest.approx([months])


def test_a_late_payback_is_certain_not_to_be_in_time():
    comparison = TrainingComparison(
        training_h=10.0,
        device_count=1,
        candidate_device_count=1,
        overhead_fraction=0.0,
        price_per_device_h=usd(90),
    )
    assumptions = Assumptions(
        trainings_per_month=1,
        retuning_trainings=0,
        validation_trainings=0,
        hardware_outlay=10_000,
        horizon_months=60,
    )
    found = propagate(
        comparison,
        speed_up=PairedSpeedUp(mean_log=math.log(0.5), sd_log=0.0, pairs=5),
        pilot_device_cost=usd(0),
        assumptions=assumptions,
        transferred=False,
    )
    assert found.npv.mid.amount == pytest.approx(12_340.206508, abs=1e-6)
    assert found.payback.mid_months == pytest.approx(10_000 / 450)
    assert (found.odds.npv_positive, found.odds.payback_in_time) == (1.0, 0.0)


def test_few_seeds_widen_the_band_and_known_speed_up_closes_it():
    open_band, closed = propagated().npv, propagated(speed_up=KNOWN).npv
    assert open_band.low.amount < closed.low.amount == closed.high.amount < open_band.high.amount
    assert closed.mid.amount == pytest.approx(open_band.mid.amount, rel=1e-3)


def test_the_odds_with_a_known_speed_up_leave_only_the_other_inputs_open():
    doubtful = replace(ASSUMPTIONS, adoption_engineer_h=310)
    found = propagated(doubtful)
    assert 0.05 < found.odds.npv_positive < 0.95
    assert found.odds_known_speed_up.npv_positive in (0.0, 1.0)
    p = found.odds.npv_positive
    assert found.odds.npv_positive_se == pytest.approx(math.sqrt(p * (1 - p) / 16_384))


def test_the_deviation_from_seeds_alone_ignores_other_inputs():
    alone = propagated().npv_seed_sd
    among_others = propagated(EIGHT_INPUTS, transferred=True)
    certain = propagated(replace(EIGHT_INPUTS, ranges={}))
    assert among_others.npv_seed_sd == certain.npv_seed_sd
    assert alone.amount > 0
    assert propagated(speed_up=KNOWN).npv_seed_sd.amount == pytest.approx(0, abs=1e-6)


def test_the_tornado_has_a_bar_for_every_uncertain_input_longest_first():
    found = propagated(EIGHT_INPUTS, transferred=True)
    assert set(bar_names(found)) == {"speed_up", "transfer", *EIGHT_INPUTS.ranges}
    swings = [bar.swing.amount for bar in found.tornado]
    assert swings == sorted(swings, reverse=True)
    assert [bar.name for bar in found.tornado if bar.measured] == ["speed_up"]


def test_a_bar_reaches_from_the_tenth_to_the_ninetieth_percentile():
    uncertain = replace(ASSUMPTIONS, ranges={"trainings_per_month": Range(low=10, high=50)})
    (bar,) = propagated(uncertain, KNOWN).tornado
    assert bar.low_value == pytest.approx(10 + 10 * 0.44893983, rel=1e-6)
    at_low = plan_npv(
        COMPARISON,
        time_ratio=0.75,
        pilot_device_cost=usd(55),
        assumptions=replace(ASSUMPTIONS, trainings_per_month=bar.low_value),
    )
    assert bar.npv_at_low.amount == pytest.approx(at_low.amount)


def test_the_transfer_factor_is_one_in_the_middle_and_fifteen_percent_at_its_90_percent_ends():
    found = propagated(speed_up=KNOWN, transferred=True)
    (bar,) = found.tornado
    assert bar.name == "transfer"
    ninety = math.exp(1.6448536 * 0.084969)
    assert ninety == pytest.approx(1.15, abs=1e-5)
    assert bar.high_value == pytest.approx(math.exp(1.2815516 * 0.084969))
    assert bar.low_value == pytest.approx(1 / bar.high_value)


def test_scenarios_move_every_input_to_its_worse_or_better_end():
    found = propagated(EIGHT_INPUTS, transferred=True)
    scenarios = found.scenarios
    worst_bar = min(
        amount
        for bar in found.tornado
        for amount in (bar.npv_at_low.amount, bar.npv_at_high.amount)
    )
    assert scenarios.pessimistic.amount < worst_bar < scenarios.base.amount
    assert scenarios.base.amount < scenarios.optimistic.amount


def test_bands_are_ordered_and_the_chart_starts_with_the_outlay():
    found = propagated(EIGHT_INPUTS, transferred=True)
    band = found.cumulative
    assert len(band.mid) == 24 + 1
    assert all(
        low <= mid <= high for low, mid, high in zip(band.low, band.mid, band.high, strict=True)
    )
    assert found.payback.low_months < found.payback.mid_months < found.payback.high_months


def test_the_same_question_has_the_same_answer():
    assert propagated(EIGHT_INPUTS, transferred=True) == propagated(EIGHT_INPUTS, transferred=True)


def test_prices_in_two_currencies_are_refused():
    with pytest.raises(Refusal) as refusal:
        propagate(
            COMPARISON,
            speed_up=MEASURED,
            pilot_device_cost=Money(amount=1, currency="JPY"),
            assumptions=ASSUMPTIONS,
            transferred=False,
        )
    assert (refusal.value.field, refusal.value.code) == ("pilot_device_cost", "currencies_mixed")


def test_inputs_that_rise_together_widen_the_band_of_what_they_multiply():
    """Engineer-hours to adopt times their rate: both high together is dearer than one of them."""
    matrix = ((1.0, 0.9), (0.9, 1.0))
    together = Correlations(names=("engineer_rate_per_h", "adoption_engineer_h"), matrix=matrix)
    only = {name: EIGHT_INPUTS.ranges[name] for name in together.names}
    no_people_saved = replace(ASSUMPTIONS, attention_fraction=0.0, ranges=only)
    apart = propagated(no_people_saved, KNOWN).npv
    joined = propagated(replace(no_people_saved, correlations=together), KNOWN).npv
    assert joined.high.amount - joined.low.amount > 1.1 * (apart.high.amount - apart.low.amount)
