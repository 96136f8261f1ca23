import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.economics.assumptions import Range
from planner.economics.correlations import Correlations
from planner.economics.distributions import (
    DRAWS,
    INPUTS,
    hit_rate_draws,
    normal_draws,
    pert_draws,
    pert_mean,
    pert_quantile,
    resampled_counts,
    student_draws,
    uniform_draws,
)
from planner.refusal import Refusal

ONE_TWO_FIVE = {"mode": 2.0, "ends": Range(low=1, high=5)}


def test_pert_one_two_five_has_its_published_mean_and_quantiles():
    assert pert_mean(**ONE_TWO_FIVE) == pytest.approx((1 + 4 * 2 + 5) / 6)
    quantiles = [pert_quantile(p, **ONE_TWO_FIVE) for p in (0.1, 0.5, 0.9)]
    assert quantiles == pytest.approx([1.44893983, 2.25524068, 3.33556150], abs=5e-9)


def test_pert_draws_have_the_mean_and_the_quantiles_of_the_distribution():
    draws = pert_draws("trainings_per_month", **ONE_TWO_FIVE)
    assert draws.mean() == pytest.approx(7 / 3, abs=1e-4)
    found = np.quantile(draws, [0.1, 0.5, 0.9])
    assert found == pytest.approx([1.44893983, 2.25524068, 3.33556150], abs=1e-3)


@settings(max_examples=20)
@given(st.floats(0, 1))
def test_draws_read_from_the_table_are_those_of_the_exact_quantile(position):
    draws = pert_draws("trainings_per_month", mode=position, ends=Range(low=0, high=1))
    some = slice(0, None, 97)
    exact = stats.beta.ppf(
        uniform_draws("trainings_per_month")[some], 1 + 4 * position, 5 - 4 * position
    )
    assert draws[some] == pytest.approx(exact, abs=2e-4)


def test_a_range_of_one_point_is_that_point():
    ends = Range(low=3, high=3)
    assert set(pert_draws("trainings_per_month", mode=3.0, ends=ends)) == {3.0}
    assert pert_quantile(0.9, mode=3.0, ends=ends) == 3.0


def test_students_t_is_cut_in_its_far_tails():
    draws = student_draws("speed_up", 2)
    assert draws.max() == pytest.approx(stats.t.ppf(0.9995, 2))
    assert draws.min() == pytest.approx(stats.t.ppf(0.0005, 2))
    assert np.quantile(draws, 0.95) == pytest.approx(stats.t.ppf(0.95, 2), rel=1e-3)


def test_five_hits_of_five_leave_a_beta_distributed_hit_rate():
    draws = hit_rate_draws("candidate_hits", 5, 5)
    assert np.quantile(draws, 0.2) == pytest.approx(stats.beta.ppf(0.2, 5.5, 0.5), abs=1e-3)


def test_the_columns_of_two_inputs_are_not_correlated():
    one, two = normal_draws("speed_up"), normal_draws("transfer")
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.01
    assert (one.mean(), one.std()) == pytest.approx((0.0, 1.0), abs=1e-3)


def test_points_lie_strictly_inside_and_are_shared_read_only():
    for name in INPUTS:
        column = uniform_draws(name)
        assert column.shape == (DRAWS,)
        assert column.min() > 0
        assert column.max() < 1
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0.5


def test_every_resample_has_as_many_pairs_as_were_run():
    counts = resampled_counts(5)
    assert set(counts.sum(axis=1)) == {5.0}
    assert counts.mean() == pytest.approx(1.0)


def test_an_unknown_input_has_no_column():
    with pytest.raises(Refusal) as refusal:
        uniform_draws("weather")
    assert refusal.value.code == "input_unknown"


def correlated(correlation: float):
    joined = of_two(correlation)
    return {
        name: pert_draws(name, mode=mode, ends=ends, correlations=joined)
        for name, (mode, ends) in RANGES.items()
    }


def of_two(correlation: float) -> Correlations:
    return Correlations(names=TWO, matrix=((1.0, correlation), (correlation, 1.0)))


TWO = ("engineer_rate_per_h", "adoption_engineer_h")
RANGES = {TWO[0]: (90.0, Range(low=60, high=120)), TWO[1]: (40.0, Range(low=20, high=90))}


@settings(max_examples=25)
@given(correlation=st.floats(-1, 1))
def test_correlated_inputs_have_the_rank_correlation_of_a_gaussian_copula(correlation):
    """Spearman's is 6/pi asin(r/2) of Pearson's on the normal scores."""
    rate, hours = correlated(correlation).values()
    expected = 6 / math.pi * math.asin(correlation / 2)
    assert stats.spearmanr(rate, hours).statistic == pytest.approx(expected, abs=0.01)


@settings(max_examples=25)
@given(correlation=st.floats(-1, 1))
def test_correlation_leaves_every_input_its_own_distribution(correlation):
    drawn = correlated(correlation)
    for name, (mode, ends) in RANGES.items():
        for probability in (0.1, 0.5, 0.9):
            expected = pert_quantile(probability, mode=mode, ends=ends)
            assert np.quantile(drawn[name], probability) == pytest.approx(expected, rel=0.02)


def test_an_input_that_nothing_is_correlated_with_keeps_its_draws():
    for name, (mode, ends) in RANGES.items():
        alone = pert_draws(name, mode=mode, ends=ends)
        assert correlated(0.0)[name] == pytest.approx(alone, rel=1e-9)
