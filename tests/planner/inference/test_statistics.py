from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.inference.statistics import (
    bootstrap_ratio,
    geometric_mean,
    paired_ratio,
    seeds_needed,
    t_quantile,
)
from planner.refusal import Refusal

BASELINE = [100.0, 110.0, 95.0, 105.0, 120.0]
CANDIDATE = [70.0, 80.0, 75.0, 72.0, 90.0]


def test_the_published_pairs_give_the_published_interval():
    ratio = paired_ratio(CANDIDATE, BASELINE)
    assert ratio is not None
    assert ratio.mean_log == pytest.approx(-0.315298751, abs=1e-9)
    assert ratio.sd_log == pytest.approx(0.0560242081, abs=1e-10)
    assert log(ratio.high) - ratio.mean_log == pytest.approx(0.0534129683, abs=1e-10)
    assert ratio.mid == pytest.approx(0.729570881, abs=1e-9)
    assert ratio.low == pytest.approx(0.691624764, abs=1e-9)
    assert ratio.high == pytest.approx(0.769598920, abs=1e-9)
    assert ratio.n == 5


def test_the_interval_is_students_t_on_the_log_ratios():
    ratio = paired_ratio([2.0, 4.0, 4.0], [1.0, 1.0, 2.0])
    assert ratio is not None
    logs = [log(2), log(4), log(2)]
    mean = sum(logs) / 3
    sd = sqrt(sum((x - mean) ** 2 for x in logs) / 2)
    assert ratio.high == pytest.approx(exp(mean + t_quantile(0.95, 3) * sd / sqrt(3)))


def test_two_pairs_give_no_interval():
    assert paired_ratio([1.0, 2.0], [2.0, 2.0]) is None
    assert geometric_mean([1.0, 2.0]) is None


def test_the_mean_of_one_arm_is_its_geometric_mean():
    mean = geometric_mean([1.0, 10.0, 100.0])
    assert mean is not None
    assert mean.mid == pytest.approx(10.0)
    assert mean.sd_log == pytest.approx(log(10))


def test_seeds_for_ten_percent_follow_the_published_table():
    assert [seeds_needed(sd) for sd in (0.05, 0.10, 0.15, 0.20)] == [3, 6, 9, 14]


def test_seeds_beyond_any_plan_are_no_number():
    assert seeds_needed(100.0) is None
    assert seeds_needed(0.0) == 3


def test_the_seeds_needed_are_the_fewest_that_reach_the_width():
    for sd in (0.07, 0.3, 1.0):
        n = seeds_needed(sd)
        assert n is not None
        assert t_quantile(0.95, n) * sd / sqrt(n) <= log(1.1)
        assert t_quantile(0.95, n - 1) * sd / sqrt(n - 1) > log(1.1)


def test_five_pairs_cover_the_truth_as_often_as_they_say():
    logs = np.random.default_rng(5).normal(-0.3, 0.1, size=(2000, 5))
    mean, sd = logs.mean(axis=1), logs.std(axis=1, ddof=1)
    covered = np.abs(mean + 0.3) <= t_quantile(0.95, 5) * sd / sqrt(5)
    assert 0.88 <= covered.mean() <= 0.92
    one = paired_ratio(np.exp(logs[0]).tolist(), [1.0] * 5)
    assert one is not None
    assert (one.low <= exp(-0.3) <= one.high) == covered[0]


def test_the_bootstrap_is_offered_from_twenty_pairs_and_agrees_with_t_there():
    logs = np.random.default_rng(7).normal(-0.3, 0.1, size=40)
    candidate, baseline = np.exp(logs).tolist(), [1.0] * 40
    assert bootstrap_ratio(candidate[:19], baseline[:19], seed=1) is None
    bootstrap, student = (
        bootstrap_ratio(candidate, baseline, seed=1),
        paired_ratio(candidate, baseline),
    )
    assert bootstrap is not None
    assert student is not None
    assert bootstrap.low == pytest.approx(student.low, rel=0.01)
    assert bootstrap.high == pytest.approx(student.high, rel=0.01)
    assert bootstrap_ratio(candidate, baseline, seed=1) == bootstrap


def test_a_bootstrap_of_equal_ratios_is_a_point():
    point = bootstrap_ratio([2.0] * 20, [1.0] * 20, seed=1)
    assert point is not None
    assert (point.low, point.high) == (2.0, 2.0)


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_that_has_no_logarithm_is_refused(bad: float):
    with pytest.raises(Refusal) as refusal:
        paired_ratio([1.0, bad, 1.0], [1.0, 1.0, 1.0])
    assert (refusal.value.field, refusal.value.code) == ("candidate", "not_positive")


def test_unpaired_arms_are_refused():
    with pytest.raises(Refusal) as refusal:
        paired_ratio([1.0, 1.0], [1.0, 1.0, 1.0])
    assert refusal.value.code == "lengths_differ"


def test_a_confidence_of_one_is_refused():
    with pytest.raises(Refusal) as refusal:
        paired_ratio(CANDIDATE, BASELINE, confidence=1.0)
    assert (refusal.value.field, refusal.value.code) == ("confidence", "not_a_probability")


times = st.floats(0.1, 1000.0)
pairs = st.lists(st.tuples(times, times), min_size=3, max_size=8)


@settings(max_examples=40, deadline=None)
@given(pairs, st.floats(0.01, 100.0))
def test_measuring_both_arms_in_another_unit_changes_nothing(
    seeds: list[tuple[float, float]], unit: float
):
    candidate, baseline = [c for c, _ in seeds], [b for _, b in seeds]
    once = paired_ratio(candidate, baseline)
    scaled = paired_ratio([unit * c for c in candidate], [unit * b for b in baseline])
    assert once is not None
    assert scaled is not None
    assert (scaled.low, scaled.high) == pytest.approx((once.low, once.high), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(pairs)
def test_swapping_the_arms_inverts_the_interval(seeds: list[tuple[float, float]]):
    candidate, baseline = [c for c, _ in seeds], [b for _, b in seeds]
    forth, back = paired_ratio(candidate, baseline), paired_ratio(baseline, candidate)
    assert forth is not None
    assert back is not None
    assert (back.low, back.high) == pytest.approx((1 / forth.high, 1 / forth.low), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(pairs, st.floats(0.5, 0.94))
def test_more_confidence_is_a_wider_interval(seeds: list[tuple[float, float]], confidence: float):
    candidate, baseline = [c for c, _ in seeds], [b for _, b in seeds]
    narrow = paired_ratio(candidate, baseline, confidence=confidence)
    wide = paired_ratio(candidate, baseline, confidence=confidence + 0.05)
    assert narrow is not None
    assert wide is not None
    assert wide.low <= narrow.low <= narrow.mid <= narrow.high <= wide.high


def test_t_quantiles_are_those_of_the_tables():
    assert t_quantile(0.95, 5) == pytest.approx(2.13184679)
    assert t_quantile(0.95, 10**6) == pytest.approx(stats.norm.ppf(0.95), abs=1e-5)
