import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.evaluation import evaluation_steps, parse_every
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule, StepTable, plan_steps


def a_table(*, batch_size: int, training_samples: int = 100, epochs: int = 3) -> StepTable:
    schedule = Schedule(
        name="s",
        learning_rate=LearningRate(initial=0.1),
        batch_size=BatchSize(initial=batch_size),
    )
    return plan_steps(schedule, training_samples=training_samples, epochs=epochs)


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("1ep", [0, 10, 20, 30]),
        ("2ep", [0, 20, 30]),
        ("0.5ep", [0, 5, 10, 15, 20, 25, 30]),
        ("0.25ep", [0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 25, 28, 30]),
        ("12ba", [0, 12, 24, 30]),
        ("100ba", [0, 30]),
        ("70sp", [0, 7, 14, 21, 28, 30]),
        ("75sp", [0, 8, 15, 23, 30]),
        ("1Bsp", [0, 30]),
    ],
)
def test_thirty_steps_of_ten_samples_are_evaluated_where_a_multiple_is_reached(every, expected):
    assert evaluation_steps(every, a_table(batch_size=10)).tolist() == expected


def test_two_multiples_in_one_step_are_one_evaluation():
    assert evaluation_steps("0.5ep", a_table(batch_size=100)).tolist() == [0, 1, 2, 3]


def test_tenths_of_an_epoch_are_not_lost_to_rounding():
    table = a_table(batch_size=10)
    assert evaluation_steps("0.1ep", table).tolist() == list(range(31))


@settings(max_examples=60)
@given(st.integers(1, 50), st.integers(1, 300), st.integers(1, 8))
def test_each_epoch_ends_with_an_evaluation(batch_size, training_samples, epochs):
    table = a_table(batch_size=batch_size, training_samples=training_samples, epochs=epochs)
    per_epoch = -(-training_samples // batch_size)
    np.testing.assert_array_equal(evaluation_steps("1ep", table), np.arange(epochs + 1) * per_epoch)


@settings(max_examples=60)
@given(st.sampled_from(["0.3ep", "7ba", "33sp", "1.7ep"]), st.integers(1, 120))
def test_evaluations_rise_from_the_start_to_the_end(every, batch_size):
    table = a_table(batch_size=batch_size)
    steps = evaluation_steps(every, table)
    assert (steps[0], steps[-1]) == (0, table.steps)
    assert (np.diff(steps) > 0).all()


@pytest.mark.parametrize(
    ("every", "code"),
    [("0ep", "evaluation_distance_zero"), ("often", "position_not_readable")],
)
def test_a_distance_that_leads_nowhere_is_refused(every, code):
    with pytest.raises(Refusal) as refusal:
        parse_every(every)
    assert (refusal.value.field, refusal.value.code) == ("every", code)
