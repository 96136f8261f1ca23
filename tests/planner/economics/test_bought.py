import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.assumptions import Assumptions
from planner.economics.bought import tax_saved_by_month, written_off_by_month
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    training_value,
)
from planner.money import Money

FIVE_YEARS = (400_000, 240_000, 144_000, 108_000, 107_999)
"""What a server of a million yen is written off by, 200 % declining balance."""


def yen(amount: float) -> Money:
    return Money(amount=amount, currency="JPY")


def taxed(**changes) -> Assumptions:
    fields = {
        "currency": "JPY",
        "trainings_per_month": 10,
        "engineer_rate_per_h": 9000,
        "adoption_engineer_h": 40,
        "retuning_trainings": 0,
        "validation_trainings": 0,
        "hardware_outlay": 1_000_000,
        "hardware_residual": 100_000,
        "tax_fraction": 0.3,
        "depreciation": "declining_balance",
        "horizon_months": 24,
    }
    return Assumptions(**{**fields, **changes})


def flows_of(assumptions: Assumptions) -> tuple[float, ...]:
    training = TrainingComparison(
        training_h=10,
        device_count=8,
        candidate_device_count=8,
        overhead_fraction=0,
        price_per_device_h=yen(400),
    )
    return monthly_flows(
        investment(training, pilot_device_cost=yen(50_000), assumptions=assumptions),
        training_value(training, time_ratio=0.75, assumptions=assumptions),
        assumptions,
    ).amounts


def test_depreciation_saves_tax_and_is_never_a_flow_of_its_own():
    """A saving of 80,000 a month, taxed at 30 %; the machine saves 30 % of what is written off."""
    flows = flows_of(taxed())
    assert flows[0] == pytest.approx(-1_000_000 - 0.7 * (50_000 + 40 * 9000))
    assert flows[1] == pytest.approx(0.7 * 10 * 8 * 2.5 * 400 + 0.3 * 400_000 / 12)
    assert flows[13] == pytest.approx(0.7 * 80_000 + 0.3 * 240_000 / 12)
    left_on_the_books = 1_000_000 - 400_000 - 240_000
    last = 0.7 * 80_000 + 0.3 * 240_000 / 12 + 100_000 - 0.3 * (100_000 - left_on_the_books)
    assert flows[24] == pytest.approx(last)


def test_without_a_tax_depreciation_changes_nothing():
    untaxed = flows_of(taxed(tax_fraction=0))
    assert untaxed == flows_of(taxed(tax_fraction=0, depreciation="straight_line"))
    assert untaxed[1] == pytest.approx(80_000)
    assert untaxed[24] == pytest.approx(80_000 + 100_000)


def test_each_years_depreciation_is_spread_over_its_months():
    months = written_off_by_month(yen(1_000_000), taxed(horizon_months=72))
    for year, amount in enumerate(FIVE_YEARS):
        assert months[12 * year : 12 * year + 12].sum() == pytest.approx(amount)
    assert not months[60:].any()


@given(
    price=st.integers(0, 10**9),
    horizon=st.integers(1, 120),
    method=st.sampled_from(["straight_line", "declining_balance"]),
    years=st.sampled_from([4, 5]),
)
def test_over_the_horizon_the_tax_saved_is_that_on_the_whole_price(price, horizon, method, years):
    assumed = taxed(horizon_months=horizon, depreciation=method, useful_life_years=years)
    assert tax_saved_by_month(yen(price), assumed).sum() == pytest.approx(0.3 * price)
