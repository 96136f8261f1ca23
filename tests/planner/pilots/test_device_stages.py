"""Devices of each stage: what a pilot says, and what that makes of a run."""

import pytest

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.composed_time import elapsed_s
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.pilots.course import kept_devices
from planner.pilots.device_stages import (
    DevicesOfSchedule,
    check_devices,
    count_at,
    count_of_each_step,
    count_throughout,
    next_change,
)
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule, plan_steps, stages
from tests.planner.devices.scaled import a_scaling

GROWING = Schedule(
    name="growing batch",
    learning_rate=LearningRate(initial=0.1),
    batch_size=BatchSize(initial=10, growth=2, every_epochs=1),
)
TABLE = plan_steps(GROWING, training_samples=80, epochs=4)
"""Stages of 8, 4, 2 and 1 steps at batches of 10, 20, 40 and 80: they start at 0, 8, 12, 14."""

STAGES = stages(TABLE)
PLANNED = DevicesOfSchedule(schedule="growing batch", counts=(1, 1, 2, 4))


def test_the_last_count_holds_for_the_stages_after_it() -> None:
    short = DevicesOfSchedule(schedule="growing batch", counts=(1, 2))
    assert [short.of_stage(place) for place in range(4)] == [1, 2, 2, 2]


def test_schedules_have_one_number_throughout_only_where_all_their_stages_have_it() -> None:
    numbers = {"today": 1, "growing batch": 4}
    two = [DevicesOfSchedule(schedule=name, counts=(2, 2)) for name in numbers]
    assert count_throughout(two, numbers) == 2
    assert count_throughout(two[:1], numbers) is None
    assert count_throughout([two[0], PLANNED], numbers) is None
    assert count_throughout([], numbers) == 1


def test_what_is_said_of_stages_that_a_schedule_does_not_have_counts_for_nothing() -> None:
    assert count_throughout([PLANNED], {"growing batch": 2}) == 1
    longer = DevicesOfSchedule(schedule="growing batch", counts=(2, 2, 4))
    assert count_throughout([longer], {"growing batch": 2}) == 2
    assert count_throughout([longer], {"growing batch": 3}) is None


def test_every_step_has_the_devices_of_its_stage() -> None:
    assert [stage.first_step for stage in STAGES] == [0, 8, 12, 14]
    assert count_of_each_step(PLANNED, STAGES).tolist() == [1] * 12 + [2] * 2 + [4]
    assert count_of_each_step(None, STAGES).tolist() == [1] * 15
    assert [count_at(PLANNED, STAGES, step) for step in (0, 8, 11, 12, 14)] == [1, 1, 1, 2, 4]
    assert count_at(None, STAGES, 12) == 1


def test_a_run_that_left_its_schedule_keeps_the_devices_of_each_of_its_steps() -> None:
    own = count_of_each_step(PLANNED, STAGES)
    assert kept_devices(own, 18).tolist() == [1] * 12 + [2] * 2 + [4] * 4
    assert kept_devices(own, 13).tolist() == [1] * 12 + [2]
    assert kept_devices(None, 18) is None


def test_an_attempt_ends_at_the_first_stage_that_wants_another_number() -> None:
    assert next_change(PLANNED, STAGES, step=0, count=1) == 12
    assert next_change(PLANNED, STAGES, step=12, count=2) == 14
    assert next_change(PLANNED, STAGES, step=14, count=4) is None
    assert next_change(None, STAGES, step=0, count=1) is None


def test_a_run_whose_checkpoint_is_older_than_its_devices_goes_on_with_them() -> None:
    assert next_change(PLANNED, STAGES, step=5, count=2) == 8
    assert next_change(PLANNED, STAGES, step=8, count=2) == 14


@pytest.mark.parametrize(
    ("counts", "code", "field"),
    [
        ((), "device_counts_missing", "counts"),
        ((1, 0), "below_minimum", "counts[1]"),
        ((65,), "above_maximum", "counts[0]"),
        ((1,) * 1001, "too_many_counts", "counts"),
    ],
)
def test_counts_that_no_worker_can_have_are_refused(
    counts: tuple[int, ...], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        DevicesOfSchedule(schedule="today", counts=counts)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_devices_of_an_unknown_schedule_and_of_one_twice_are_refused() -> None:
    with pytest.raises(Refusal) as unknown:
        check_devices((PLANNED,), ["today"])
    assert (unknown.value.code, unknown.value.field) == ("schedule_unknown", "devices[0].schedule")
    with pytest.raises(Refusal) as twice:
        check_devices((PLANNED, PLANNED), ["growing batch"])
    assert (twice.value.code, twice.value.field) == ("devices_repeated", "devices[1].schedule")


def composed_s(scaling: ScalingCurve | None = None) -> list[float]:
    """At the end of each stage, of 1 ms a step and 0.1 ms a sample."""
    curve = ThroughputCurve(
        workload="digits-mlp",
        device="CPU",
        dtype="float32",
        versions="torch",
        points=tuple(
            ThroughputPoint(
                batch_size=size, step_time_s=1e-3 + size * 1e-4, spread_fraction=0.0, steps=20
            )
            for size in (10, 20, 40, 80)
        ),
        evaluation_s=0.0,
    )
    spent_s = elapsed_s(
        TABLE,
        curve,
        MicroBatchPlan(largest_micro_batch_size=80),
        devices=count_of_each_step(PLANNED, STAGES),
        scaling=scaling,
    )
    return spent_s[[8, 12, 14, 15]].tolist()


def test_a_step_of_several_devices_takes_what_the_largest_part_takes_one_of_them() -> None:
    """8 steps of 10 take 16 ms, 4 of 20 take 12 ms, 2 of 20 a device 6 ms, 1 of those 3 ms."""
    assert composed_s() == pytest.approx([0.016, 0.028, 0.034, 0.037])


def test_to_it_comes_what_they_say_to_each_other_where_as_many_were_timed() -> None:
    """2 ms to each of the two steps on two devices; nobody timed four, and one says nothing."""
    assert composed_s(a_scaling()) == pytest.approx([0.016, 0.028, 0.038, 0.041])
