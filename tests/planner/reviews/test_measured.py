from dataclasses import replace

import pytest
from scipy import stats

from planner.pilots.run import Attempt
from planner.reviews.arm import Arm
from planner.reviews.measured import measure, survival_of
from planner.reviews.survival_chart import survival_chart
from tests.support.known_arms import BUDGET_S, EPOCH_TODAY_S, PILOT, arms_of, two_arms
from tests.support.known_pilot import EVALUATION_S, STEPS_AT_22, T_22, records_of


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


COMPOSED_S = 20 * STEPS_AT_22 * T_22 + 21 * EVALUATION_S


def timed(*shares, **changes):
    """Whole runs of today's schedule that took so many times what was composed."""
    records = records_of(PILOT, "today", [10.0] * 5)
    return [
        replace(
            record,
            attempts=(replace(record.attempts[0], wall_clock_s=share * COMPOSED_S, **changes),),
        )
        for record, share in zip(records, shares, strict=False)
    ]


def wall_clock_of(records):
    return measure(arms_of(records)["today"], budget_s=BUDGET_S).wall_clock


def test_a_wall_clock_more_than_a_tenth_away_from_composed_time_is_flagged():
    found = wall_clock_of(timed(1.0, 1.09, 1.11, 0.95, 0.85))
    assert (found.runs, found.flagged) == (5, 2)
    assert found.gap_fraction == pytest.approx((1.0 + 1.09 + 1.11 + 0.95 + 0.85) / 5 - 1)
    assert found.largest_gap_fraction == pytest.approx(0.85 - 1)


def test_what_meters_took_of_the_wall_clock_is_no_gap():
    found = wall_clock_of(timed(1.5, meters_s=0.5 * COMPOSED_S))
    assert found.gap_fraction == pytest.approx(0)
    assert found.flagged == 0


def test_members_of_a_bundle_have_no_wall_clock_of_their_own():
    assert wall_clock_of(timed(0.3, 0.3, bundle_size=4)) is None
    own = timed(1.2)
    assert wall_clock_of([*own, *timed(0.3, 0.3, bundle_size=4)[1:]]).runs == 1


def test_a_run_whose_wall_clock_nobody_read_is_not_compared():
    assert wall_clock_of(records_of(PILOT, "today", [10.0] * 5)) is None


def test_attempts_of_a_run_are_one_clock_and_repeated_work_is_in_both():
    (record,) = timed(1.0)
    half = 490 * T_22
    attempts = (
        Attempt(number=1, from_step=0, to_step=490, evaluations=0, wall_clock_s=1.3 * half),
        Attempt(number=2, from_step=490, to_step=980, evaluations=0, wall_clock_s=1.1 * half),
    )
    found = wall_clock_of([replace(record, attempts=attempts)])
    assert found.gap_fraction == pytest.approx((1.3 + 1.1) / 2 - 1)
