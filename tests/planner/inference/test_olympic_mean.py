import pytest

from planner.inference.olympic_mean import olympic_mean_s
from planner.refusal import Refusal


def test_the_fastest_and_the_slowest_are_left_out():
    assert olympic_mean_s([5.0, 100.0, 7.0, 1.0, 6.0]) == pytest.approx((5 + 6 + 7) / 3)


def test_one_run_that_never_arrived_is_the_slowest():
    assert olympic_mean_s([5.0, None, 7.0, 1.0, 6.0]) == pytest.approx((5 + 6 + 7) / 3)


def test_two_runs_that_never_arrived_leave_no_mean():
    assert olympic_mean_s([5.0, None, 7.0, None, 6.0]) is None


def test_two_runs_have_no_middle():
    assert olympic_mean_s([5.0, 6.0]) is None
    assert olympic_mean_s([]) is None


def test_a_negative_time_is_refused():
    with pytest.raises(Refusal) as refusal:
        olympic_mean_s([5.0, -1.0, 7.0])
    assert refusal.value.code == "negative"
