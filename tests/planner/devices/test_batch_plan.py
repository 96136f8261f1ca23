import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.batch_plan import MicroBatchPlan, micro_batch_plan
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.refusal import Refusal
from planner.schedules.batch_size import LARGEST_BATCH_SIZE


def a_curve(samples_per_ms: dict[int, float], *, memory_limited: bool = False) -> ThroughputCurve:
    points = tuple(
        ThroughputPoint(
            batch_size=size, step_time_s=size / speed / 1000, spread_fraction=0, steps=20
        )
        for size, speed in samples_per_ms.items()
    )
    return ThroughputCurve(
        workload="w",
        device="d",
        dtype="float32",
        versions="torch 2.13.0",
        points=points,
        evaluation_s=0,
        memory_limited=memory_limited,
    )


@pytest.mark.parametrize(
    ("curve", "largest"),
    [
        (a_curve({8: 10, 16: 18, 32: 25}), LARGEST_BATCH_SIZE),
        (a_curve({8: 10, 16: 18, 32: 25}, memory_limited=True), 32),
        (a_curve({8: 10, 16: 18, 32: 17.5}), LARGEST_BATCH_SIZE),
        (a_curve({8: 10, 16: 18, 32: 17}), 16),
        (a_curve({8: 10, 16: 18, 32: 17}, memory_limited=True), 16),
        (a_curve({8: 10, 16: 8, 32: 25}), LARGEST_BATCH_SIZE),
    ],
    ids=[
        "nothing limits it",
        "memory ends it",
        "3 % slower is noise",
        "6 % slower turns down",
        "it turns down before memory ends it",
        "a dip before the best batch is noise",
    ],
)
def test_a_batch_runs_whole_up_to_memory_or_to_where_throughput_turns_down(curve, largest):
    assert micro_batch_plan(curve) == MicroBatchPlan(largest_micro_batch_size=largest)


@pytest.mark.parametrize(
    ("batch_size", "parts"),
    [(1, (1,)), (40, (40,)), (41, (21, 20)), (100, (34, 33, 33)), (120, (40, 40, 40))],
)
def test_larger_batches_are_split_into_the_fewest_equal_parts(batch_size, parts):
    assert MicroBatchPlan(largest_micro_batch_size=40).split(batch_size) == parts


@given(st.integers(1, 5000), st.integers(1, 700))
def test_parts_hold_the_batch_and_differ_by_at_most_one(batch_size, largest):
    parts = MicroBatchPlan(largest_micro_batch_size=largest).split(batch_size)
    assert sum(parts) == batch_size
    assert max(parts) <= largest
    assert max(parts) - min(parts) <= 1
    assert (len(parts) - 1) * largest < batch_size


def test_a_plan_without_room_for_a_sample_is_refused():
    with pytest.raises(Refusal) as refusal:
        MicroBatchPlan(largest_micro_batch_size=0)
    assert refusal.value.field == "largest_micro_batch_size"


def test_a_batch_without_samples_is_refused():
    with pytest.raises(Refusal) as refusal:
        MicroBatchPlan(largest_micro_batch_size=8).split(0)
    assert refusal.value.field == "batch_size"
