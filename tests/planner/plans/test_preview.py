import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.plans.preview import MOST_POINTS, preview
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth
from planner.schedules.schedule import Schedule, plan_steps


def shown(rate, batch, *, samples=1000, epochs=10):
    schedule = Schedule(name="s", learning_rate=rate, batch_size=batch)
    table = plan_steps(schedule, training_samples=samples, epochs=epochs)
    return preview(table, form="heavy_ball"), table


def test_a_constant_schedule_is_two_points():
    curve, _ = shown(LearningRate(initial=0.1), BatchSize(initial=100))
    assert curve.step == (0, 99)
    assert curve.samples == (0, 99 * 100)
    assert curve.epoch == (0.0, 9.9)
    assert curve.batch_size == (100, 100)
    assert curve.learning_rate == (0.1, 0.1)
    assert curve.effective_learning_rate == pytest.approx((0.1 / (1 - 0.9),) * 2)
    assert curve.time_s is None


def test_both_sides_of_a_jump_are_shown():
    curve, _ = shown(
        LearningRate(initial=0.1), BatchSize(initial=100, growth=2, every_epochs=5), epochs=10
    )
    assert curve.step == (0, 5 * 10 - 1, 5 * 10, 5 * 10 + 5 * 5 - 1)
    assert curve.batch_size == (100, 100, 200, 200)


def test_seconds_are_those_before_each_point():
    _, table = shown(LearningRate(initial=0.1), BatchSize(initial=100))
    seconds = np.linspace(0, 50, 101)  # half a second a step, and the end
    assert preview(table, form="heavy_ball", spent_s=seconds).time_s == (0.0, 99 * 0.5)


def test_a_rate_that_changes_at_every_step_is_thinned_and_keeps_jumps_of_the_batch():
    curve, table = shown(
        LearningRate(initial=0.1, decay="cosine_by_step"),
        BatchSize(initial=1, growth=2, every_epochs=3),
    )
    assert table.steps > 5000
    assert len(curve.step) <= MOST_POINTS
    jumps = np.flatnonzero(np.diff(table.batch_size))
    assert set(jumps) | set(jumps + 1) <= set(curve.step)


@given(
    growth=st.floats(1.01, 3),
    pace=st.integers(1, 4),
    epochs=st.integers(1, 600),
    maximum=st.floats(0.1, 1),
)
@settings(max_examples=40, deadline=None)
def test_a_preview_is_short_rising_whole_and_true(growth, pace, epochs, maximum):
    rate = LearningRate(initial=0.1, growth=RateGrowth(maximum=maximum, every_epochs=pace))
    batch = BatchSize(initial=4, growth=growth, every_epochs=pace, maximum=64)
    curve, table = shown(rate, batch, samples=64, epochs=epochs)
    assert len(curve.step) <= MOST_POINTS
    assert np.all(np.diff(curve.step) > 0)
    assert (curve.step[0], curve.step[-1]) == (0, table.steps - 1)
    assert curve.learning_rate == tuple(table.learning_rate[list(curve.step)])
