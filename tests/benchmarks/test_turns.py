import time

import pytest

from benchmarks.turns import seconds_each, take_turns


def told(*seconds: float):
    """A loop whose times are told beforehand; the first is its warm-up."""
    remaining = iter((99.0, *seconds))
    return lambda: next(remaining)


def test_a_loop_is_compared_with_the_reference_before_and_after_it():
    turns = take_turns(told(1.0, 3.0, 2.0, 2.0, 1.0, 1.0), {"ours": told(4.0, 3.0, 1.0)}, turns=3)
    assert turns.reference == ((1.0, 3.0), (2.0, 2.0), (1.0, 1.0))
    assert turns.ratio("ours") == sorted([4 / 2, 3 / 2, 1 / 1])[1]
    assert turns.added_s("ours") == sorted([4 - 2, 3 - 2, 1 - 1])[1]
    assert turns.noise == sorted([3 / 1, 2 / 2, 1 / 1])[1]
    assert turns.noise_s == sorted([3 - 1, 2 - 2, 1 - 1])[1]


def test_a_loop_that_does_more_than_it_was_asked_for_is_charged_for_what_it_did():
    clock = iter((10.0, 16.0))
    timed = seconds_each(lambda units: units + 1, 2, lambda: next(clock))
    assert timed() == pytest.approx((16 - 10) / (2 + 1))


def test_a_real_clock_is_read_around_the_loop_alone():
    assert seconds_each(lambda units: units, 1, time.perf_counter)() >= 0
