import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.inference.success import (
    HitRate,
    cost_per_success,
    success_cost,
    success_cost_ratio,
)
from planner.refusal import Refusal


def test_four_of_five_have_the_published_exact_limits():
    low, high = HitRate(successes=4, runs=5).limits(confidence=0.9)
    assert (low, high) == (
        pytest.approx(0.342591682, abs=1e-9),
        pytest.approx(0.989793782, abs=1e-9),
    )


def test_five_of_five_show_little_more_than_one_half():
    rate = HitRate(successes=5, runs=5)
    assert rate.lower_limit(confidence=0.95) == pytest.approx(0.549280272, abs=1e-9)
    assert rate.lower_limit(confidence=0.95) == pytest.approx(0.05 ** (1 / 5))
    assert rate.limits()[1] == 1.0


def test_none_of_five_have_a_lower_limit_of_zero():
    assert HitRate(successes=0, runs=5).limits()[0] == 0.0
    assert HitRate(successes=0, runs=5).lower_limit() == 0.0


def test_the_propagated_rate_is_a_jeffreys_beta():
    rate = HitRate(successes=4, runs=5)
    assert (rate.alpha, rate.beta) == (4 + 0.5, 5 - 4 + 0.5)
    assert stats.beta.cdf(rate.quantile(0.2), 4.5, 1.5) == pytest.approx(0.2)


def test_runs_to_come_keep_the_share_that_was_seen_and_round_nothing():
    """Of 10 runs 8 did: of 3 more it would be 2.4, which is no count of runs."""
    rate = HitRate(successes=8, runs=10)
    assert stats.beta.cdf(rate.quantile(0.2, more=3), 10.4 + 0.5, 2.6 + 0.5) == pytest.approx(0.2)
    doubled = HitRate(successes=16, runs=20)
    assert rate.quantile(0.2, more=10) == pytest.approx(doubled.quantile(0.2))


@pytest.mark.parametrize(
    ("successes", "runs", "field", "code"),
    [
        (6, 5, "successes", "more_successes_than_runs"),
        (-1, 5, "successes", "below_minimum"),
        (0, 0, "runs", "below_minimum"),
    ],
)
def test_counts_that_cannot_be_are_refused(successes: int, runs: int, field: str, code: str):
    with pytest.raises(Refusal) as refusal:
        HitRate(successes=successes, runs=runs)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_failed_run_is_paid_by_the_successes():
    costs, reached = [10.0, 12.0, 11.0, 15.0, 20.0], [True, True, True, True, False]
    assert cost_per_success(costs, reached) == pytest.approx((10 + 12 + 11 + 15 + 20) / 4)
    assert cost_per_success(costs, reached) == pytest.approx(17.0)


def test_without_a_success_there_is_no_figure():
    assert cost_per_success([10.0, 12.0], [False, False]) is None
    assert success_cost_ratio([1.0, 1.0], [False, False], [1.0, 1.0], [True, True], seed=1) is None
    assert success_cost_ratio([1.0, 1.0], [True, True], [1.0, 1.0], [False, False], seed=1) is None


def test_the_cost_of_a_success_has_limits_from_resampled_runs():
    costs, reached = [10.0, 12.0, 11.0, 15.0, 20.0], [True, True, True, True, False]
    found = success_cost(costs, reached, seed=1)
    assert found is not None
    assert found.mid == pytest.approx(17.0)
    assert 10.0 < found.low < 17.0 < found.high
    assert found == success_cost(costs, reached, seed=1)
    assert success_cost(costs, [False] * 5, seed=1) is None


def test_equal_costs_leave_only_the_hit_rate_open():
    found = success_cost([10.0] * 5, [True] * 4 + [False], seed=1)
    assert found is not None
    assert found.mid == pytest.approx(10 * 5 / 4)
    low, high = (10 / stats.beta.ppf(p, 4.5, 1.5) for p in (0.95, 0.05))
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.02)


def test_pairs_that_always_cost_half_leave_only_the_hit_rates_open():
    baseline = [10.0, 14.0, 9.0, 30.0]
    half = [cost / 2 for cost in baseline]
    once, dearer = (
        success_cost_ratio(half, [True] * 4, costs, [True] * 4, seed=1)
        for costs in (baseline, [3 * cost for cost in baseline])
    )
    assert once is not None
    assert dearer is not None
    assert once.mid == pytest.approx(0.5)
    assert once.low < 0.5 < once.high
    assert (dearer.low, dearer.high) == pytest.approx((once.low / 3, once.high / 3))


def test_a_candidate_that_hardly_ever_succeeds_has_a_wide_but_finite_upper_limit():
    ratio = success_cost_ratio([1.0] * 3, [True, False, False], [1.0] * 3, [True] * 3, seed=1)
    assert ratio is not None
    assert ratio.mid == pytest.approx(3.0)
    assert 6.0 < ratio.high < 20.0


def test_work_that_costs_nothing_has_no_ratio():
    assert success_cost_ratio([0.0] * 3, [True] * 3, [0.0] * 3, [True] * 3, seed=1) is None


def test_the_same_seed_gives_the_same_limits():
    given = ([1.0, 2.0, 3.0], [True] * 3, [2.0, 2.0, 5.0], [True, True, False])
    assert success_cost_ratio(*given, seed=3) == success_cost_ratio(*given, seed=3)


def test_a_cost_for_every_run_is_asked_for():
    with pytest.raises(Refusal) as refusal:
        cost_per_success([1.0], [True, False])
    assert (refusal.value.field, refusal.value.code) == ("costs", "lengths_differ")


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.data())
def test_one_more_success_never_lowers_a_limit(runs: int, data: st.DataObject):
    successes = data.draw(st.integers(0, runs - 1))
    fewer, more = (HitRate(successes=k, runs=runs) for k in (successes, successes + 1))
    assert fewer.limits()[0] <= more.limits()[0]
    assert fewer.limits()[1] <= more.limits()[1]
    assert fewer.quantile(0.2) < more.quantile(0.2)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.data())
def test_failures_mirror_successes(runs: int, data: st.DataObject):
    successes = data.draw(st.integers(0, runs))
    low, high = HitRate(successes=successes, runs=runs).limits()
    mirrored_low, mirrored_high = HitRate(successes=runs - successes, runs=runs).limits()
    assert (mirrored_low, mirrored_high) == (
        pytest.approx(1 - high, abs=1e-9),
        pytest.approx(1 - low, abs=1e-9),
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1, 10), st.floats(1, 10), st.booleans()), min_size=2, max_size=6),
    st.floats(0.1, 10),
)
def test_another_currency_changes_no_ratio(rows: list[tuple[float, float, bool]], rate: float):
    candidate, baseline = [c for c, _, _ in rows], [b for _, b, _ in rows]
    hits = [True, *(hit for _, _, hit in rows[1:])]
    wins = [True] * len(rows)
    once = success_cost_ratio(candidate, hits, baseline, wins, seed=1, resamples=200)
    exchanged = success_cost_ratio(
        [rate * c for c in candidate],
        hits,
        [rate * b for b in baseline],
        wins,
        seed=1,
        resamples=200,
    )
    assert once is not None
    assert exchanged is not None
    assert exchanged.mid == pytest.approx(once.mid)
    assert exchanged.low == pytest.approx(once.low)
    assert exchanged.high == pytest.approx(once.high)
