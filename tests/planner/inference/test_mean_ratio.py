from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.inference.mean_ratio import correction, mean_ratio, ratio_of_means
from planner.inference.statistics import paired_ratio, t_quantile

BASELINE = [100.0, 110.0, 95.0, 105.0, 120.0]
CANDIDATE = [70.0, 80.0, 75.0, 72.0, 90.0]


def test_money_is_paid_for_means_so_the_wider_arm_costs_more():
    wide, narrow = [1.0, 4.0], [2.0, 2.0]
    variance = (log(4) - log(1)) ** 2 / 2
    assert correction(wide, narrow).value_log == pytest.approx(variance / 2)
    assert ratio_of_means(wide, narrow) == pytest.approx(exp(0 + variance / 2))


def test_one_pair_has_no_scatter_to_correct_for():
    assert (correction([3.0], [2.0]).value_log, correction([3.0], [2.0]).spread_log) == (0.0, 0.0)
    assert mean_ratio([1.0, 2.0], [2.0, 2.0]) is None


def test_the_correction_is_half_the_difference_of_the_two_variances():
    found = correction(CANDIDATE, BASELINE)
    variances = np.log(CANDIDATE).var(ddof=1), np.log(BASELINE).var(ddof=1)
    assert found.value_log == pytest.approx((variances[0] - variances[1]) / 2)


def test_an_arm_that_scatters_alone_is_known_but_for_its_scale():
    wide, narrow = [1.0, 4.0, 2.0], [2.0, 2.0, 2.0]
    variance = sum((log(x) - log(2)) ** 2 for x in wide) / 2
    added = correction(wide, narrow)
    assert added.spread_log == pytest.approx(0, abs=1e-7)
    found = mean_ratio(wide, narrow)
    of_mean = t_quantile(0.95, 3) * sqrt(variance / 3)
    growth = 2 / stats.chi2.ppf(0.05, 2) - 1
    shrinkage = 1 - 2 / stats.chi2.ppf(0.95, 2)
    assert found is not None
    up, down = log(found.high / found.mid), log(found.mid / found.low)
    assert up == pytest.approx(sqrt(of_mean**2 + (variance / 2 * growth) ** 2))
    assert down == pytest.approx(sqrt(of_mean**2 + (variance / 2 * shrinkage) ** 2))


def test_arms_that_scatter_alike_seed_by_seed_need_no_correction():
    half = [c / 2 for c in BASELINE]
    assert correction(half, BASELINE).value_log == pytest.approx(0, abs=1e-12)
    found = mean_ratio(half, BASELINE)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))


def test_the_correction_never_makes_an_interval_surer_than_that_of_the_medians():
    means, medians = mean_ratio(CANDIDATE, BASELINE), paired_ratio(CANDIDATE, BASELINE)
    assert means is not None
    assert medians is not None
    assert means.high / means.mid > medians.high / medians.mid
    assert means.mid / means.low > medians.mid / medians.low


@pytest.mark.parametrize(("ours", "theirs"), [(0.1, 0.1), (0.49, 0.1), (0.1, 0.49)])
def test_five_pairs_cover_the_ratio_of_means_however_unequal_the_arms_scatter(ours, theirs):
    draw = np.random.default_rng(5)
    shared, own = draw.normal(0, 0.15, (1500, 5)), draw.normal(0, 1, (2, 1500, 5))
    pairs = zip(np.exp(shared + ours * own[0]), np.exp(shared + theirs * own[1]), strict=True)
    truth = exp((ours**2 - theirs**2) / 2)
    found = [mean_ratio(c.tolist(), b.tolist()) for c, b in pairs]
    covered = sum(interval.low <= truth <= interval.high for interval in found) / 1500
    assert 0.88 <= covered <= 0.94


times = st.floats(0.1, 1000.0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(times, times), min_size=3, max_size=8))
def test_swapping_the_arms_inverts_the_ratio_of_means(seeds: list[tuple[float, float]]):
    candidate, baseline = [c for c, _ in seeds], [b for _, b in seeds]
    forth, back = mean_ratio(candidate, baseline), mean_ratio(baseline, candidate)
    assert forth is not None
    assert back is not None
    assert ratio_of_means(candidate, baseline) == pytest.approx(
        1 / ratio_of_means(baseline, candidate)
    )
    assert log(back.low) == pytest.approx(-log(forth.high), rel=1e-6, abs=1e-9)
