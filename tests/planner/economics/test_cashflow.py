import numpy as np
import numpy_financial
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.economics.cashflow import (
    CashFlows,
    discount_factor_per_month,
    discounted_payback,
    irr,
    npv,
    payback,
    roi,
)
from planner.refusal import Refusal

outlays = st.floats(min_value=1, max_value=1e6)
savings = st.lists(st.floats(min_value=0, max_value=1e5), min_size=1, max_size=60)


def flows(*amounts: float) -> CashFlows:
    return CashFlows(currency="USD", amounts=amounts)


PAYS_BACK = flows(-10_000, *[600] * 24)
SOURS = flows(-1000, *[250] * 6, *[-50] * 30)


def test_ten_thousand_paid_back_by_six_hundred_a_month():
    assert npv(PAYS_BACK, 0.08).amount == pytest.approx(3303.746852, abs=5e-7)
    assert payback(PAYS_BACK).months == pytest.approx(10_000 / 600)
    assert discounted_payback(PAYS_BACK, 0.08).months == pytest.approx(17.6871325, abs=5e-8)
    assert roi(PAYS_BACK) == pytest.approx((24 * 600 - 10_000) / 10_000)
    rate = irr(PAYS_BACK)
    assert rate.kind == "one"
    assert rate.monthly_fractions == pytest.approx((0.0314912663,), abs=5e-11)
    assert rate.annual_fractions == pytest.approx((0.450730232,), abs=5e-10)


def test_flows_that_turn_twice_have_two_rates_of_return():
    rate = irr(flows(-100, 230, -132))
    assert rate.kind == "several"
    assert rate.monthly_fractions == pytest.approx((0.10, 0.20))


def test_a_rate_at_which_the_worth_only_touches_zero_is_found_once():
    rate = irr(flows(-100, 220, -121))
    assert rate.monthly_fractions == pytest.approx((0.10,), rel=1e-4)


@pytest.mark.parametrize("amounts", [(-100.0, -1.0), (0.0, 50.0), (0.0, 0.0), (-100.0, 230, -140)])
def test_flows_that_are_never_worth_zero_have_no_rate_of_return(amounts):
    assert irr(flows(*amounts)).kind == "none"


def test_savings_that_sour_never_pay_back_though_they_once_crossed():
    assert npv(SOURS, 0.08).amount == pytest.approx(-842.015434, abs=5e-7)
    result = payback(SOURS)
    assert (result.months, result.kind) == (None, "never")
    assert result.lost_crossing_months == pytest.approx(1000 / 250)
    assert not result.lasting


def test_a_late_payback_is_reported_with_its_month():
    late = flows(-10_000, *[450] * 60)
    assert npv(late, 0.08).amount == pytest.approx(12_340.206508, abs=5e-7)
    assert payback(late).months == pytest.approx(10_000 / 450)


def test_without_outlay_savings_pay_back_at_once_and_losses_never():
    assert payback(flows(0, 10, 10)).kind == "immediate"
    assert payback(flows(0, 0, 0)).months == 0.0
    assert payback(flows(0, -1, -1)).months is None
    assert roi(flows(0, 10)) is None


def test_a_crossing_that_is_lost_and_won_again_counts_from_the_second_time():
    result = payback(flows(-100, 150, -100, 100))
    assert result.months == pytest.approx(2 + 50 / 100)
    assert result.lost_crossing_months == pytest.approx(100 / 150)


def test_rounding_does_not_turn_a_payback_at_the_horizon_into_never():
    assert payback(flows(-1.0, *[0.1] * 10)).months == pytest.approx(10)


def test_large_later_flows_do_not_hide_a_small_amount_still_missing():
    months = payback(flows(-2.00001, 2.0, 9996.0)).months
    assert months == pytest.approx(1 + 0.00001 / 9996.0, abs=1e-12)


def test_month_zero_is_not_discounted_and_twelve_months_make_a_year():
    assert npv(flows(-7), 0.5).amount == -7
    assert npv(flows(*[0] * 12, 108), 0.08).amount == pytest.approx(108 / 1.08)


@pytest.mark.parametrize("amounts", [(), (float("nan"),), (1.0, float("inf"))])
def test_flows_that_are_not_numbers_are_refused(amounts):
    with pytest.raises(Refusal) as refusal:
        flows(*amounts)
    assert refusal.value.field == "amounts"


@given(outlays, savings, st.floats(0, 0.5))
def test_npv_agrees_with_numpy_financial(outlay, amounts, rate):
    monthly = (1 + rate) ** (1 / 12) - 1
    expected = -outlay + numpy_financial.npv(monthly, [0.0, *amounts])
    scale = outlay + sum(amounts)
    assert npv(flows(-outlay, *amounts), rate).amount == pytest.approx(expected, abs=1e-9 * scale)


@given(st.floats(1e3, 1e5), st.lists(st.floats(100, 1e4), min_size=6, max_size=36))
def test_irr_agrees_with_numpy_financial_where_there_is_one(outlay, amounts):
    assume(sum(amounts) > 1.1 * outlay)
    rate = irr(flows(-outlay, *amounts))
    assert rate.kind == "one"
    expected = numpy_financial.irr([-outlay, *amounts])
    assert rate.monthly_fractions[0] == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(outlays, savings, st.floats(0, 0.5), st.floats(0, 0.5))
def test_npv_falls_with_the_discount_rate_for_conventional_flows(outlay, amounts, one, two):
    low, high = sorted((one, two))
    conventional = flows(-outlay, *amounts)
    scale = outlay + sum(amounts)
    assert npv(conventional, high).amount <= npv(conventional, low).amount + 1e-9 * scale


@given(outlays, savings, st.floats(0, 0.5))
def test_discounting_never_shortens_a_payback(outlay, amounts, rate):
    conventional = flows(-outlay, *amounts)
    simple, later = payback(conventional), discounted_payback(conventional, rate)
    assert later.months is None or later.months >= simple.months - 1e-6


@given(outlays, savings)
def test_the_total_at_the_payback_is_zero(outlay, amounts):
    conventional = flows(-outlay, *amounts)
    months = payback(conventional).months
    assume(months is not None)
    totals = conventional.cumulative
    at_payback = np.interp(months, range(len(totals)), totals)
    assert at_payback == pytest.approx(0, abs=1e-6 * (outlay + sum(amounts)))


def test_the_monthly_factor_compounds_to_the_year():
    assert discount_factor_per_month(0.08) ** 12 == pytest.approx(1 / 1.08)
