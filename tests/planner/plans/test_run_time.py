import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.plans.run_time import run_time
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule, plan_steps

A_STEP_S = {100: 0.1, 200: 0.15}
AN_EVALUATION_S = 2.0


def a_run(every="1ep", devices=None):
    """4 epochs of 1,000 samples: 2 of 10 steps at 100, then 2 of 5 steps at 200."""
    schedule = Schedule(
        name="s",
        learning_rate=LearningRate(initial=0.1),
        batch_size=BatchSize(initial=100, growth=2, every_epochs=2),
    )
    curve = ThroughputCurve(
        workload="w",
        device="d",
        dtype="float32",
        versions="1",
        points=tuple(
            ThroughputPoint(batch_size=batch, step_time_s=time, spread_fraction=0.0, steps=20)
            for batch, time in A_STEP_S.items()
        ),
        evaluation_s=AN_EVALUATION_S,
    )
    table = plan_steps(schedule, training_samples=1000, epochs=4)
    return run_time(
        table,
        every=every,
        curve=curve,
        plan=MicroBatchPlan(largest_micro_batch_size=1000),
        devices=devices,
    )


def test_a_run_takes_its_steps_and_its_evaluations():
    assert a_run().total_s == pytest.approx(20 * 0.1 + 10 * 0.15 + 5 * AN_EVALUATION_S)


def test_a_run_that_is_evaluated_twice_as_often_takes_that_much_longer():
    assert a_run("0.5ep").total_s - a_run().total_s == pytest.approx(4 * AN_EVALUATION_S)


def test_before_the_first_step_everything_is_left_and_after_the_last_nothing():
    run = a_run()
    assert run.left_s(0) == run.total_s
    assert run.left_s(30) == 0.0


def test_half_way_the_steps_and_evaluations_behind_are_not_left():
    assert a_run().left_s(20) == pytest.approx(10 * 0.15 + 3 * AN_EVALUATION_S)


@given(step=st.integers(0, 29))
def test_what_is_left_never_grows(step):
    run = a_run()
    assert run.left_s(step + 1) <= run.left_s(step)


@pytest.mark.parametrize(("step", "place"), [(0, 0), (19, 0), (20, 1), (29, 1), (30, 1)])
def test_a_step_belongs_to_the_stage_of_the_next_one(step, place):
    run = a_run()
    assert run.stage_at(step) == place
    assert run.stages[place].batch_size == 100 * 2**place


def test_a_run_on_one_device_throughout_is_left_in_one_part():
    assert a_run().legs(20) == ((a_run().left_s(20), 1),)


def test_what_is_left_is_told_apart_where_the_devices_change():
    run = a_run(devices=np.repeat([1, 2], [20, 10]))
    second_s = 10 * 0.1 + 3 * AN_EVALUATION_S
    assert run.legs(0) == (
        (pytest.approx(run.total_s - second_s), 1),
        (pytest.approx(second_s), 2),
    )
    assert run.legs(25) == ((pytest.approx(run.left_s(25)), 2),)
    assert run.legs(30) == ((0.0, 2),)


@given(step=st.integers(0, 30))
def test_the_parts_of_what_is_left_add_up(step):
    run = a_run(devices=np.repeat([2, 1, 2], [10, 10, 10]))
    assert sum(left_s for left_s, _ in run.legs(step)) == pytest.approx(run.left_s(step))
