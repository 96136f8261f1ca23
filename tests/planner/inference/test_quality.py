from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.inference.quality import QualityVerdict, judge_quality
from planner.inference.statistics import t_quantile
from planner.refusal import Refusal


def judge_accuracy(
    candidate: list[float], baseline: list[float], tolerance: float = 0.01
) -> QualityVerdict:
    return judge_quality(candidate, baseline, tolerance=tolerance, direction="above")


def test_a_small_loss_of_accuracy_within_the_tolerance_is_non_inferior():
    verdict = judge_accuracy([0.90, 0.91, 0.92], [0.901, 0.911, 0.921])
    assert verdict.status == "non_inferior"
    assert verdict.mid == pytest.approx(-0.001)
    assert verdict.n == 3


def test_a_clear_loss_of_accuracy_is_inferior():
    verdict = judge_accuracy([0.80, 0.811, 0.82], [0.90, 0.91, 0.921])
    assert verdict.status == "inferior"


def test_the_limits_are_one_sided_students_t():
    verdict = judge_accuracy([0.90, 0.92, 0.91, 0.95], [0.91, 0.91, 0.91, 0.91])
    differences = [-0.01, 0.01, 0.0, 0.04]
    mean = sum(differences) / 4
    sd = sqrt(sum((d - mean) ** 2 for d in differences) / 3)
    assert verdict.low == pytest.approx(mean - t_quantile(0.95, 4) * sd / 2)
    assert verdict.high == pytest.approx(mean + t_quantile(0.95, 4) * sd / 2)
    assert verdict.sd == pytest.approx(sd)
    assert verdict.status == "unresolved"


def test_a_lower_loss_is_an_improvement():
    verdict = judge_quality(
        [0.20, 0.21, 0.19], [0.30, 0.32, 0.30], tolerance=0.01, direction="below"
    )
    assert verdict.mid == pytest.approx((0.10 + 0.11 + 0.11) / 3)
    assert verdict.status == "non_inferior"


def test_an_unresolved_gate_says_how_many_seeds_would_settle_it():
    verdict = judge_accuracy([0.90, 0.92, 0.91, 0.95], [0.91, 0.91, 0.91, 0.91])
    assert verdict.mid is not None
    assert verdict.sd is not None
    n = verdict.seeds_needed
    assert n is not None
    assert n > 4

    def low(pairs: int) -> float:
        assert verdict.mid is not None
        assert verdict.sd is not None
        return verdict.mid - t_quantile(0.95, pairs) * verdict.sd / sqrt(pairs)

    assert low(n) > -0.01 >= low(n - 1)


def test_a_difference_exactly_at_the_tolerance_is_never_settled():
    verdict = judge_accuracy([0.5, 0.75], [0.75, 1.0], tolerance=0.25)
    assert (verdict.status, verdict.seeds_needed) == ("unresolved", None)


@pytest.mark.parametrize(("pairs", "mid"), [(0, None), (1, 0.25)])
def test_fewer_than_two_pairs_resolve_nothing(pairs: int, mid: float | None):
    verdict = judge_accuracy([1.0] * pairs, [0.75] * pairs)
    assert verdict == QualityVerdict(
        status="unresolved", low=None, mid=mid, high=None, sd=None, n=pairs, seeds_needed=None
    )


def test_a_quality_that_was_not_measured_is_refused():
    with pytest.raises(Refusal) as refusal:
        judge_accuracy([float("nan"), 0.9], [0.9, 0.9])
    assert (refusal.value.field, refusal.value.code) == ("candidate", "not_finite")


def test_a_negative_tolerance_is_refused():
    with pytest.raises(Refusal) as refusal:
        judge_accuracy([0.9, 0.9], [0.9, 0.9], tolerance=-0.01)
    assert (refusal.value.field, refusal.value.code) == ("tolerance", "negative")


values = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=8)


@settings(max_examples=40, deadline=None)
@given(values, st.floats(0.001, 0.5))
def test_the_sign_of_the_metric_does_not_matter(rows: list[tuple[float, float]], tolerance: float):
    candidate, baseline = [c for c, _ in rows], [b for _, b in rows]
    as_accuracy = judge_quality(candidate, baseline, tolerance=tolerance, direction="above")
    as_loss = judge_quality(
        [-c for c in candidate], [-b for b in baseline], tolerance=tolerance, direction="below"
    )
    assert as_loss == as_accuracy


@settings(max_examples=40, deadline=None)
@given(values, st.floats(0.0, 0.2), st.floats(0.01, 0.2))
def test_a_wider_tolerance_never_makes_the_verdict_worse(
    rows: list[tuple[float, float]], tolerance: float, more: float
):
    order = ["inferior", "unresolved", "non_inferior"]
    candidate, baseline = [c for c, _ in rows], [b for _, b in rows]
    strict = judge_accuracy(candidate, baseline, tolerance)
    lenient = judge_accuracy(candidate, baseline, tolerance + more)
    assert order.index(strict.status) <= order.index(lenient.status)
