"""A logged run keeps what was logged, row by row, and refuses rows that do not fit together."""

import numpy as np
import pytest

from planner.imports.logged_run import LoggedRun
from planner.refusal import Refusal


def a_logged_run(**changes):
    rows = {
        "name": "run-1",
        "schedule": "today",
        "source": "csv",
        "steps": np.array([10, 20, 30]),
        "elapsed_s": np.array([1.0, 2.0, 3.0]),
        "learning_rate": np.array([0.1, 0.1, np.nan]),
        "batch_size": np.array([8.0, 8.0, 16.0]),
        "momentum": np.full(3, np.nan),
        "metrics": {"validation_loss": np.array([2.0, np.nan, 1.0])},
    }
    return LoggedRun(**{**rows, **changes})


def test_a_row_that_does_not_say_something_is_kept_as_not_a_number():
    assert np.isnan(a_logged_run().metrics["validation_loss"]).tolist() == [False, True, False]


def test_steps_that_do_not_rise_are_refused():
    with pytest.raises(Refusal) as refused:
        a_logged_run(steps=np.array([10, 10, 20]))
    assert (refused.value.field, refused.value.code) == ("steps", "not_rising")


@pytest.mark.parametrize("column", ["elapsed_s", "learning_rate", "batch_size", "momentum"])
def test_a_column_of_another_length_is_refused(column):
    with pytest.raises(Refusal) as refused:
        a_logged_run(**{column: np.zeros(2)})
    assert (refused.value.field, refused.value.code) == (column, "lengths_differ")


def test_a_metric_of_another_length_is_refused_by_its_name():
    with pytest.raises(Refusal) as refused:
        a_logged_run(metrics={"loss": np.zeros(4)})
    assert refused.value.field == "metrics.loss"
