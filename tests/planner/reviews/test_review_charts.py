import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.economics.assumptions import Assumptions
from planner.economics.break_even import plan_npv, worth_needed_per_training
from planner.economics.investment import TrainingComparison, investment, worth_per_hour_saved
from planner.money import Money
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_review_input

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))
BY_KEY = {chart.key: chart for chart in REVIEW.charts}
TODAY = TrainingComparison(
    training_h=10,
    device_count=8,
    candidate_device_count=8,
    overhead_fraction=0.0,
    price_per_device_h=Money(amount=4.0, currency="USD"),
)


def usd(amount):
    return Money(amount=amount, currency="USD")


def test_the_break_even_mark_is_where_the_curve_crosses_zero():
    curve, mark = BY_KEY["payback"].series
    assert (curve.role, mark.role) == ("candidate", "break_even")
    assert mark.name == curve.name
    (month,) = mark.x
    before = int(month)
    total = curve.y[before] + (month - before) * (curve.y[before + 1] - curve.y[before])
    assert total == pytest.approx(0, abs=1e-6)


def test_time_saved_and_extra_cost_are_differences_from_today():
    chart = BY_KEY["time_against_cost"]
    today, growing, _ = chart.series
    training = next(f.training for f in REVIEW.schedules if f.schedule == "growing batch")
    assert (today.x, today.y) == ((0.0,), (0.0,))
    assert growing.x[0] == pytest.approx(12 - training.training_h)
    assert growing.y[0] == pytest.approx(training.cost.amount - 12 * 8 * 4.0)
    assert growing.x_low[0] < growing.x[0] < growing.x_high[0]
    assert growing.low[0] < growing.y[0] < growing.high[0]


def test_without_trainings_there_is_no_break_even_line():
    assumed = Assumptions(trainings_per_month=0)
    paid = investment(TODAY, pilot_device_cost=usd(0), assumptions=assumed)
    assert worth_needed_per_training(paid, assumed) is None


def test_ten_trainings_a_month_for_a_year_share_the_outlay_evenly_without_discount():
    assumed = Assumptions(
        trainings_per_month=10,
        horizon_months=12,
        discount_rate_per_year=0.0,
        retuning_trainings=2,
        validation_trainings=1,
    )
    paid = investment(TODAY, pilot_device_cost=usd(240), assumptions=assumed)
    assert worth_needed_per_training(paid, assumed) == pytest.approx(
        (240 + 3 * 10 * 8 * 4.0) / (10 * 12)
    )


@settings(max_examples=30)
@given(
    ratio=st.floats(0.2, 1.5),
    delay=st.floats(0, 500),
    months=st.integers(1, 36),
    ramp=st.integers(0, 12),
)
def test_a_plan_is_worth_nothing_exactly_on_the_line(ratio, delay, months, ramp):
    assumed = Assumptions(
        trainings_per_month=5,
        cost_of_delay_per_day=delay,
        horizon_months=months,
        ramp_months=ramp,
    )
    saved_h = TODAY.training_h * (1 - ratio)
    extra = -saved_h * 8 * 4.0
    paid = investment(TODAY, pilot_device_cost=usd(100), assumptions=assumed)
    needed = worth_needed_per_training(paid, assumed)
    above_line = extra - (worth_per_hour_saved(assumed) * saved_h - needed)
    npv = plan_npv(TODAY, time_ratio=ratio, pilot_device_cost=usd(100), assumptions=assumed)
    monthly = sum(
        5 * min(1, month / max(1, ramp)) * 1.08 ** (-month / 12) for month in range(1, months + 1)
    )
    assert npv.amount == pytest.approx(-above_line * monthly, abs=1e-6 * (1 + abs(above_line)))
