"""What several devices say to each other in a step: where it was timed, and where it was not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.communication import communication_s, composed_communication
from tests.planner.devices.scaled import a_point, a_scaling

ALONE = (a_point(1, 100, 2.0), a_point(1, 400, 5.0))
TWO = (
    a_point(2, 200, 4.0, communication_s=0.002),
    a_point(2, 400, 9.0, communication_s=0.004),
)
SCALING = replace(a_scaling(), points=(*ALONE, *TWO))


def seconds(batches, devices):
    found = communication_s(SCALING, batch_sizes=np.array(batches), device_counts=np.array(devices))
    return found.tolist()


def test_between_two_timed_batches_it_is_linear_and_outside_that_of_the_nearest():
    assert seconds([100, 200, 300, 400, 800], [2] * 5) == pytest.approx(
        [0.002, 0.002, 0.003, 0.004, 0.004]
    )


def test_one_device_says_nothing_and_of_numbers_that_nobody_timed_nothing_is_known():
    assert seconds([200, 200, 200], [1, 2, 4]) == [0.0, 0.002, 0.0]


@given(st.lists(st.tuples(st.integers(1, 1000), st.sampled_from([1, 2, 4])), max_size=20))
def test_it_never_leaves_what_was_timed(steps):
    batches, devices = [size for size, _ in steps], [count for _, count in steps]
    for found, count in zip(seconds(batches, devices), devices, strict=True):
        assert (0.002 <= found <= 0.004) if count == 2 else found == 0.0


def test_numbers_of_devices_are_told_apart_by_whether_they_were_timed():
    found = composed_communication(SCALING, [1, 4, 2, 4, 1])
    assert (found.measured, found.left_out) == ((2,), (4,))
    unmeasured = composed_communication(None, [2])
    assert (unmeasured.measured, unmeasured.left_out) == ((), (2,))


def test_nothing_is_to_be_said_where_one_device_trains_every_stage():
    assert composed_communication(SCALING, [1, 1]) is None
    assert composed_communication(None, []) is None
