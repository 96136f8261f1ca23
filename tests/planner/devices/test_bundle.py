import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.bundle import Bundling, best_bundling
from planner.devices.throughput import BundleSpeed, Execution, ThroughputCurve
from planner.refusal import Refusal
from planner.schedules.schedule import Stage
from tests.support.planted_worker import planted_curve

CURVE = planted_curve(overhead_s=1e-3, samples_per_s=1e5)
"""A step takes 1.08 ms at batch 8, 1.32 ms at batch 32 and 2.28 ms at batch 128."""


def a_speed(
    batch_size: int, speed_up: float, *, execution: Execution = "batched", members: int = 10
) -> BundleSpeed:
    return BundleSpeed(
        execution=execution,
        members=members,
        batch_size=batch_size,
        step_time_s=members * 1e-3 / speed_up,
        single_step_time_s=1e-3,
    )


def a_curve(*speeds: BundleSpeed) -> ThroughputCurve:
    return dataclasses.replace(CURVE, bundles=speeds)


def stages_of(**steps: int) -> tuple[Stage, ...]:
    """``b8=100`` is a stage of 100 steps at batch 8."""
    return tuple(
        Stage(
            first_step=0,
            steps=count,
            batch_size=int(name[1:]),
            samples=count * int(name[1:]),
            first_epoch=0,
        )
        for name, count in steps.items()
    )


def test_a_constant_batch_gains_what_was_measured_there():
    bundling = best_bundling(a_curve(a_speed(8, 5.0), a_speed(32, 3.0)), stages_of(b8=100))
    assert bundling is not None
    assert (bundling.execution, bundling.members) == ("batched", 10)
    assert bundling.speed_up_ratio == pytest.approx(5.0)


def test_a_growing_batch_is_composed_over_its_stages():
    curve = a_curve(a_speed(8, 5.0), a_speed(128, 2.0))
    bundling = best_bundling(curve, stages_of(b8=100, b128=50))
    alone_s = 100 * 1.08e-3 + 50 * 2.28e-3
    member_s = 100 * 1.08e-3 / 5.0 + 50 * 2.28e-3 / 2.0
    assert bundling is not None
    assert bundling.speed_up_ratio == pytest.approx(alone_s / member_s)


def test_between_two_batches_the_gain_is_interpolated_over_the_logarithm():
    curve = a_curve(a_speed(8, 5.0), a_speed(128, 2.0))
    halfway = best_bundling(curve, stages_of(b32=1))
    assert halfway is not None
    assert halfway.speed_up_ratio == pytest.approx((5.0 + 2.0) / 2)
    beyond = best_bundling(curve, stages_of(b1024=1))
    assert beyond is not None
    assert beyond.speed_up_ratio == pytest.approx(2.0)


def test_a_split_batch_gains_what_its_parts_gain():
    curve = a_curve(a_speed(8, 5.0), a_speed(128, 1.0))
    assert best_bundling(curve, stages_of(b128=1)) is None
    split = best_bundling(curve, stages_of(b128=1), MicroBatchPlan(largest_micro_batch_size=8))
    assert split is not None
    assert split.speed_up_ratio == pytest.approx(5.0)


def test_the_way_that_gains_most_over_the_whole_schedule_is_taken():
    curve = a_curve(
        a_speed(8, 4.0),
        a_speed(128, 1.2),
        a_speed(8, 3.0, execution="mapped"),
        a_speed(128, 2.5, execution="mapped"),
    )
    small, large = (best_bundling(curve, stages_of(**steps)) for steps in ({"b8": 1}, {"b128": 1}))
    assert small is not None
    assert large is not None
    assert (small.execution, large.execution) == ("batched", "mapped")


@pytest.mark.parametrize("speed_up", [0.5, 1.0, 1.09])
def test_runs_stay_alone_where_little_is_gained(speed_up):
    assert best_bundling(a_curve(a_speed(8, speed_up)), stages_of(b8=100)) is None


def test_runs_stay_alone_where_nothing_was_tried():
    assert best_bundling(CURVE, stages_of(b8=100)) is None


def test_fewer_members_pay_as_long_as_a_step_of_all_of_them_would():
    bundling = best_bundling(a_curve(a_speed(8, 4.4)), stages_of(b8=1))
    assert bundling is not None
    assert bundling.least_members == 3  # 3 / (10 / 4.4) = 1.32, and 2 / (10 / 4.4) = 0.88


@given(
    speed_ups=st.lists(st.floats(1.2, 20), min_size=3, max_size=3),
    steps=st.lists(st.integers(1, 10_000), min_size=3, max_size=3),
)
def test_a_schedule_gains_no_more_than_its_best_stage_and_no_less_than_its_worst(speed_ups, steps):
    sizes = (8, 32, 128)
    curve = a_curve(*(a_speed(size, gain) for size, gain in zip(sizes, speed_ups, strict=True)))
    stages = stages_of(**{f"b{size}": count for size, count in zip(sizes, steps, strict=True)})
    bundling = best_bundling(curve, stages)
    assert bundling is not None
    assert min(speed_ups) <= bundling.speed_up_ratio * 1.000001
    assert bundling.speed_up_ratio <= max(speed_ups) * 1.000001


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"members": 1, "least_members": 1}, "least_members"),
        ({"members": 4, "least_members": 5}, "members"),
        ({"speed_up_ratio": 1.0}, "speed_up_ratio"),
        ({"speed_up_ratio": float("nan")}, "speed_up_ratio"),
    ],
)
def test_a_bundling_that_gains_nothing_is_refused(changes, field):
    sound = Bundling(execution="batched", members=10, least_members=2, speed_up_ratio=4.0)
    with pytest.raises(Refusal) as refused:
        dataclasses.replace(sound, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("members", "gain"), [(1, 1.0), (2, 1.0), (3, 4.0 * 3 / 10), (10, 4.0), (25, 4.0)]
)
def test_fewer_runs_than_were_timed_step_no_faster_than_all_of_them(members, gain):
    bundling = Bundling(execution="batched", members=10, least_members=3, speed_up_ratio=4.0)
    assert bundling.speed_up_of(members) == pytest.approx(gain)
