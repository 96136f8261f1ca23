from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.measurements.time_to_target import Crossing, time_to_target
from planner.pilots.pilot import Target
from planner.refusal import Refusal

LOSS = Target(metric="train_loss", value=0.4, direction="below", sustained_evaluations=1)
ACCURACY = Target(
    metric="validation_accuracy", value=0.9, direction="above", sustained_evaluations=1
)
GRADIENT_NORM = Target(
    metric="full_gradient_norm", value=0.1, direction="below", sustained_evaluations=1
)


def crossing_of(target: Target, values: list[float], *, step_s: float = 1.0) -> Crossing | None:
    """One evaluation every 10 steps of 4 samples; an epoch has 80 samples."""
    steps = np.arange(len(values)) * 10
    return time_to_target(
        target,
        steps=steps,
        values=np.array(values),
        elapsed_s=steps * step_s,
        samples=steps * 4,
        training_samples=80,
    )


def step_of(target: Target, values: list[float]) -> float | None:
    crossing = crossing_of(target, values)
    return None if crossing is None else crossing.step


def test_a_loss_is_interpolated_on_its_logarithm():
    crossing = time_to_target(
        LOSS,
        steps=np.array([3, 4]),
        values=np.array([0.5, 0.3]),
        elapsed_s=np.array([3.0, 4.0]),
        samples=np.array([30, 40]),
        training_samples=10,
    )
    assert crossing is not None
    assert crossing.time_s == pytest.approx(3.43682921, abs=1e-8)
    assert crossing.time_s == pytest.approx(3 + log(0.5 / 0.4) / log(0.5 / 0.3))
    assert crossing.step == pytest.approx(crossing.time_s)
    assert crossing.samples == pytest.approx(10 * crossing.time_s)
    assert crossing.epochs == pytest.approx(crossing.time_s)
    assert (crossing.low_step, crossing.high_step) == (3, 4)


def test_an_accuracy_is_interpolated_linearly():
    assert step_of(ACCURACY, [0.5, 0.8, 0.95]) == pytest.approx(10 + 10 * (0.9 - 0.8) / 0.15)


def test_a_run_that_starts_beyond_the_target_crosses_at_the_start():
    crossing = crossing_of(LOSS, [0.3, 0.2])
    assert crossing == Crossing(
        step=0.0, time_s=0.0, samples=0.0, epochs=0.0, low_step=0, high_step=0
    )


def test_a_run_that_never_reaches_the_target_has_no_crossing():
    assert crossing_of(LOSS, [2.0, 1.0, 0.41]) is None


def test_a_run_without_evaluations_has_no_crossing():
    assert crossing_of(LOSS, []) is None


def test_reaching_exactly_the_target_counts():
    assert step_of(LOSS, [0.8, 0.4]) == pytest.approx(10.0)


def test_only_the_first_of_enough_evaluations_in_a_row_counts():
    two_in_a_row = replace(LOSS, sustained_evaluations=2)
    assert step_of(two_in_a_row, [0.8, 0.4, 0.8, 0.4, 0.4]) == pytest.approx(30.0)


def test_an_entry_with_too_few_evaluations_left_does_not_count():
    two_in_a_row = replace(LOSS, sustained_evaluations=2)
    assert step_of(two_in_a_row, [0.8, 0.8, 0.4]) is None
    assert step_of(two_in_a_row, [0.4]) is None


def test_a_missing_value_breaks_the_row():
    two_in_a_row = replace(LOSS, sustained_evaluations=2)
    assert step_of(two_in_a_row, [0.8, 0.4, float("nan"), 0.4, 0.4]) == pytest.approx(30.0)
    assert step_of(ACCURACY, [0.5, float("inf")]) is None


def test_without_a_value_before_it_the_crossing_is_where_it_was_seen():
    assert step_of(LOSS, [0.8, float("nan"), 0.3]) == pytest.approx(20.0)


def test_a_loss_of_zero_is_interpolated_linearly():
    assert step_of(LOSS, [0.8, 0.0]) == pytest.approx(10 * (0.8 - 0.4) / 0.8)


def test_a_gradient_norm_counts_from_the_entry_that_lasts():
    starts_low_and_rises = [0.05, 0.4, 0.05, 0.2, 0.1, 0.01]
    assert step_of(GRADIENT_NORM, starts_low_and_rises) == pytest.approx(40.0)
    assert step_of(GRADIENT_NORM, [0.05, 0.05, 0.2]) is None
    assert step_of(GRADIENT_NORM, [0.05, 0.05]) == 0.0


def test_a_gradient_norm_that_enters_at_the_very_end_is_not_sustained():
    assert step_of(replace(GRADIENT_NORM, sustained_evaluations=2), [0.4, 0.3, 0.05]) is None


def test_series_of_different_lengths_are_refused():
    with pytest.raises(Refusal) as refusal:
        time_to_target(
            LOSS,
            steps=np.array([0, 1]),
            values=np.array([1.0]),
            elapsed_s=np.array([0.0, 1.0]),
            samples=np.array([0, 4]),
            training_samples=4,
        )
    assert (refusal.value.field, refusal.value.code) == ("values", "lengths_differ")


losses = st.lists(st.floats(0.01, 5.0), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(losses, st.floats(0.05, 4.0), st.floats(0.01, 2.0), st.integers(1, 3))
def test_a_harder_target_is_never_reached_earlier(
    values: list[float], value: float, gap: float, needed: int
):
    easy = replace(LOSS, value=value + gap, sustained_evaluations=needed)
    hard = replace(LOSS, value=value, sustained_evaluations=needed)
    easy_step, hard_step = step_of(easy, values), step_of(hard, values)
    if hard_step is not None:
        assert easy_step is not None
        assert easy_step <= hard_step + 1e-9


@settings(max_examples=60, deadline=None)
@given(losses, st.floats(0.1, 10.0))
def test_slower_steps_stretch_the_time_and_leave_the_step(values: list[float], factor: float):
    once, stretched = crossing_of(LOSS, values), crossing_of(LOSS, values, step_s=factor)
    if once is None:
        assert stretched is None
    else:
        assert stretched is not None
        assert stretched.step == once.step
        assert stretched.time_s == pytest.approx(factor * once.time_s)


@settings(max_examples=60, deadline=None)
@given(losses)
def test_the_crossing_lies_in_its_bracket(values: list[float]):
    crossing = crossing_of(LOSS, values)
    if crossing is not None:
        assert crossing.low_step <= crossing.step <= crossing.high_step
