import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.inference.survival import survival
from planner.refusal import Refusal


def test_the_published_times_give_the_published_curve():
    arm = survival([3, 5, 5, 8, None], budget_s=10)
    assert [(step.time_s, step.share_fraction) for step in arm.steps] == [
        (3, pytest.approx(0.8)),
        (5, pytest.approx(0.4)),
        (8, pytest.approx(0.2)),
    ]
    assert arm.median_s == 5
    assert arm.restricted_mean_s == pytest.approx(6.2)
    assert arm.restricted_mean_s == pytest.approx((3 + 5 + 5 + 8 + 10) / 5)
    assert (arm.reached, arm.runs) == (4, 5)


def test_the_median_is_not_defined_when_most_runs_never_arrived():
    assert survival([3, None, None], budget_s=10).median_s is None


def test_the_median_is_where_exactly_half_of_the_runs_are_left():
    assert survival([3, 7, None, None], budget_s=10).median_s == 7


def test_an_arm_that_never_arrived_takes_the_whole_budget():
    arm = survival([None, None], budget_s=10)
    assert (arm.steps, arm.median_s, arm.restricted_mean_s, arm.reached) == ((), None, 10.0, 0)


def test_a_time_beyond_the_budget_is_censored_at_the_budget():
    assert survival([12, 4], budget_s=10) == survival([None, 4], budget_s=10)


def test_an_arrival_at_the_budget_counts():
    assert survival([10.0], budget_s=10).reached == 1


@pytest.mark.parametrize(
    ("times", "budget_s", "field", "code"),
    [
        ([], 10.0, "times_s", "runs_missing"),
        ([float("nan")], 10.0, "times_s[0]", "not_finite"),
        ([1.0, -1.0], 10.0, "times_s[1]", "negative"),
        ([1.0], 0.0, "budget_s", "not_positive"),
    ],
)
def test_times_that_are_none_are_refused(
    times: list[float], budget_s: float, field: str, code: str
):
    with pytest.raises(Refusal) as refusal:
        survival(times, budget_s=budget_s)
    assert (refusal.value.field, refusal.value.code) == (field, code)


arms = st.lists(st.none() | st.floats(0, 10), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(arms)
def test_the_restricted_mean_is_the_area_under_the_curve(times: list[float | None]):
    arm = survival(times, budget_s=10)
    corners = [0.0, *(step.time_s for step in arm.steps), 10.0]
    heights = [1.0, *(step.share_fraction for step in arm.steps)]
    area = sum(
        height * (end - start)
        for height, start, end in zip(heights, corners, corners[1:], strict=False)
    )
    assert arm.restricted_mean_s == pytest.approx(area, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(arms, st.floats(1, 10))
def test_a_longer_budget_never_shortens_the_restricted_mean(
    times: list[float | None], budget_s: float
):
    short, long = survival(times, budget_s=budget_s), survival(times, budget_s=budget_s + 1)
    assert short.restricted_mean_s <= long.restricted_mean_s
