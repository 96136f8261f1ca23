import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.plans.queue_forecast import Expected, Queued, forecast, makespan_s


def queued(run_id, left_s):
    return Queued(run_id=run_id, left_s=left_s)


def expected(start_s, finish_s):
    return Expected(start_s=start_s, finish_s=finish_s)


def test_a_queue_on_one_worker_is_worked_off_one_after_another():
    found = forecast([[queued("a", 5.0)]], [queued("b", 10.0), queued("c", 1.0)], workers=1)
    assert found.runs == {
        "a": expected(0.0, 5.0),
        "b": expected(5.0, 5.0 + 10.0),
        "c": expected(15.0, 15.0 + 1.0),
    }
    assert (found.finish_s, found.free_s) == (16.0, (16.0,))


def test_each_run_goes_to_the_worker_that_is_free_first():
    found = forecast([[queued("a", 5.0)]], [queued("b", 10.0), queued("c", 1.0)], workers=2)
    assert found.runs["b"] == expected(0.0, 10.0)
    assert found.runs["c"] == expected(5.0, 6.0)
    assert found.free_s == (6.0, 10.0)


def test_the_runs_of_a_bundle_end_together_and_hold_one_worker():
    found = forecast([[queued("a", 2.0), queued("b", 3.0)]], [queued("c", 1.0)], workers=1)
    assert found.runs["a"] == found.runs["b"] == expected(0.0, 2.0 + 3.0)
    assert found.runs["c"] == expected(5.0, 6.0)
    assert found.free_s == (6.0,)


def test_without_a_worker_nothing_is_expected_of_what_waits():
    found = forecast([], [queued("a", 5.0)], workers=0)
    assert (found.runs, found.finish_s, found.free_s) == ({}, None, ())


def test_after_a_run_of_unknown_length_its_worker_promises_nothing():
    found = forecast([[queued("probe", None)]], [queued("a", 1.0)], workers=1)
    assert found.runs == {"probe": expected(0.0, None)}
    assert (found.finish_s, found.free_s) == (None, ())


def test_a_waiting_run_of_unknown_length_has_a_start_and_no_end():
    found = forecast([], [queued("probe", None), queued("a", 1.0)], workers=1)
    assert found.runs == {"probe": expected(0.0, None)}


def test_more_running_runs_than_workers_are_all_expected():
    found = forecast([[queued("a", 1.0)], [queued("b", 2.0)]], [queued("c", 1.0)], workers=1)
    assert found.runs["c"] == expected(1.0, 2.0)


@pytest.mark.parametrize(
    ("lengths_s", "free_s", "end_s"),
    [((), (3.0,), 0.0), ((4.0,), (3.0,), 7.0), ((4.0, 4.0, 1.0), (0.0, 1.0), 5.0)],
)
def test_the_last_run_ends_when_its_worker_was_free_and_worked(lengths_s, free_s, end_s):
    assert makespan_s(lengths_s, free_s=free_s) == end_s


@given(
    lengths=st.lists(st.floats(0, 1e6), max_size=20),
    workers=st.integers(1, 5),
)
@settings(max_examples=60)
def test_a_makespan_lies_between_a_fair_share_and_one_worker_alone(lengths, workers):
    end_s = makespan_s(lengths, free_s=[0.0] * workers)
    assert end_s >= max([sum(lengths) / workers, *lengths]) * (1 - 1e-12)
    assert end_s <= sum(lengths) * (1 + 1e-12)
    waiting = [queued(str(place), length) for place, length in enumerate(lengths)]
    assert (forecast([], waiting, workers=workers).finish_s or 0.0) == end_s
