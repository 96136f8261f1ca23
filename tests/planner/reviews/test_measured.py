import pytest
from scipy import stats

from planner.reviews.arm import Arm
from planner.reviews.measured import measure, survival_of
from planner.reviews.survival_chart import survival_chart
from tests.support.known_arms import BUDGET_S, EPOCH_TODAY_S, arms_of, two_arms
from tests.support.known_pilot import STEPS_AT_22


def test_an_arm_that_always_arrives_is_measured_by_its_means():
    today, _ = two_arms([8.0, 9.0, 10.0, 11.0, 12.0], [9.0] * 5)
    measured = measure(today, budget_s=BUDGET_S)
    assert (measured.reached, measured.runs) == (5, 5)
    assert measured.epochs_to_target == pytest.approx(10)
    assert measured.steps_to_target == pytest.approx(10 * STEPS_AT_22)
    assert measured.samples_to_target == pytest.approx(10 * 1078)
    assert measured.mean_time_to_target_s == pytest.approx(10 * EPOCH_TODAY_S)
    assert measured.median_time_to_target_s == pytest.approx(10 * EPOCH_TODAY_S)
    assert measured.restricted_mean_time_s == pytest.approx(10 * EPOCH_TODAY_S)
    geometric = (8 * 9 * 10 * 11 * 12) ** (1 / 5)
    assert measured.time_to_target_s is not None
    assert measured.time_to_target_s.mid == pytest.approx(geometric * EPOCH_TODAY_S)
    assert measured.final_quality == pytest.approx(0.95)


def test_a_run_that_never_arrives_counts_with_the_budget_and_takes_the_interval_away():
    today, _ = two_arms([8.0, 9.0, 10.0, None, None], [9.0] * 5)
    measured = measure(today, budget_s=BUDGET_S)
    assert (measured.reached, measured.runs) == (3, 5)
    assert measured.time_to_target_s is None
    assert measured.mean_time_to_target_s == pytest.approx(9 * EPOCH_TODAY_S)
    assert measured.median_time_to_target_s == pytest.approx(10 * EPOCH_TODAY_S)
    restricted = (8 + 9 + 10 + 20 + 20) / 5 * EPOCH_TODAY_S
    assert measured.restricted_mean_time_s == pytest.approx(restricted)
    low = stats.beta.ppf(0.05, 3, 3)
    high = stats.beta.ppf(0.95, 4, 2)
    assert (measured.hit_rate_low_fraction, measured.hit_rate_high_fraction) == (
        pytest.approx(low),
        pytest.approx(high),
    )


def test_the_median_is_not_defined_where_most_runs_never_arrive():
    today, _ = two_arms([8.0, 9.0, None, None, None], [9.0] * 5)
    assert measure(today, budget_s=BUDGET_S).median_time_to_target_s is None


def test_an_arm_without_runs_measured_nothing():
    arm = Arm(
        schedule="today",
        role="baseline",
        rate_multiplier=1.0,
        purpose="confirmation",
        planned=5,
        races=(),
    )
    measured = measure(arm, budget_s=BUDGET_S)
    assert (measured.runs, measured.reached) == (0, 0)
    assert measured.restricted_mean_time_s is None
    assert measured.time_to_target_s is None
    assert measured.hit_rate_low_fraction is None


def test_the_olympic_mean_leaves_the_fastest_and_the_slowest_out():
    today, _ = two_arms([2.0, 9.0, 10.0, 11.0, 19.0], [9.0] * 5)
    measured = measure(today, budget_s=BUDGET_S)
    expected = (9 + 10 + 11) / 3 * EPOCH_TODAY_S
    assert measured.olympic_mean_time_to_target_s == pytest.approx(expected)


def test_a_success_takes_the_time_of_all_runs():
    today, large = two_arms([8.0, 9.0, 10.0, 11.0, None], [None] * 5)
    found = measure(today, budget_s=BUDGET_S).time_per_success_s
    assert found is not None
    assert found.mid == pytest.approx((8 + 9 + 10 + 11 + 20) / 4 * EPOCH_TODAY_S)
    assert found.low < found.mid < found.high
    assert found.n == 5
    assert measure(large, budget_s=BUDGET_S).time_per_success_s is None


def test_the_survival_of_an_arm_is_drawn_as_a_staircase_to_the_end_of_the_budget():
    today, large = two_arms([8.0, 8.0, 10.0, None, None], [9.0] * 5)
    found = survival_of(today, budget_s=BUDGET_S)
    assert found is not None
    assert [step.share_fraction for step in found.steps] == [3 / 5, 2 / 5]
    chart = survival_chart([today, large], budget_s=BUDGET_S)
    stairs, _ = chart.series
    epochs = [time_s / EPOCH_TODAY_S for time_s in stairs.x]
    assert epochs == pytest.approx([0, 8, 8, 10, 10, 20])
    assert stairs.y == (1, 1, 3 / 5, 3 / 5, 2 / 5, 2 / 5)
    low = stats.beta.ppf(0.05, 2, 4)
    high = stats.beta.ppf(0.95, 3, 3)
    assert (stairs.low[-1], stairs.high[-1]) == (pytest.approx(low), pytest.approx(high))


def test_before_any_run_has_ended_no_survival_is_drawn():
    nothing = arms_of([])
    assert survival_chart(nothing.values(), budget_s=BUDGET_S) is None
