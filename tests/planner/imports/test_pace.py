"""The pace that a log shows: seconds of a step at each batch size, between two evaluations."""

import numpy as np
import pytest

from planner.imports.pace import logged_curve
from planner.pilots.logged_course import LoggedTimes

SIZES = {"today": np.array([100.0] * 20 + [200.0] * 20)}


def points(*runs):
    curve = logged_curve(
        [
            LoggedTimes(schedule="today", steps=np.array(steps), elapsed_s=np.array(seconds))
            for steps, seconds in runs
        ],
        SIZES,
        workload="our model",
        device="Cluster A",
        evaluation_s=0.0,
    )
    return curve and {one.batch_size: (one.step_time_s, one.steps) for one in curve.points}


def test_each_batch_has_the_median_pace_of_what_was_trained_at_it_alone():
    first = [0, 10, 20, 30, 40], [0.0, 10.0, 30.0, 35.0, 40.0]  # 1 and 2 s, then twice 0.5 s
    second = [0, 5, 15, 25], [0.0, 15.0, 25.0, 100.0]  # 3 and 1 s; the last part has both batches
    assert points(first, second) == {100: (1.5, 10 + 10 + 5 + 10), 200: (0.5, 10 + 10)}


def test_where_nothing_was_trained_at_one_batch_the_mean_of_each_part_counts():
    # Ten steps of 100 and ten of 200 are 150 on average; 20 steps took 10 s.
    assert points(([10, 30], [0.0, 10.0])) == {150: (0.5, 20)}


@pytest.mark.parametrize("run", [([10], [5.0]), ([], []), ([0, 10], [5.0, 5.0])])
def test_what_took_no_time_says_no_pace(run):
    assert points((np.array(run[0], dtype=np.int64), run[1])) is None
