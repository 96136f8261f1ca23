"""The plans of devices against every plan there is, one by one."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.projections.device_plan import StageOptions, best_plans, plan_of
from planner.refusal import Refusal

seconds = st.floats(0.1, 1000).map(lambda value: round(value, 3))


@st.composite
def stage_lists(draw):
    """Up to 4 stages that may run on different sets of device counts."""
    counts = draw(st.lists(st.sampled_from((1, 2, 4, 8, 16)), min_size=1, unique=True))
    stages = []
    for _ in range(draw(st.integers(1, 4))):
        own = draw(st.lists(st.sampled_from(counts), min_size=1, unique=True).map(sorted))
        busy = draw(st.lists(seconds, min_size=len(own), max_size=len(own)))
        stages.append(StageOptions(device_counts=tuple(own), busy_s=tuple(busy)))
    return stages


def every_plan(stages, device_use, restart_s):
    return [
        plan_of(stages, counts, device_use=device_use, restart_s=restart_s)
        for counts in itertools.product(*(stage.device_counts for stage in stages))
    ]


def beats(one, other):
    """Not slower, not dearer; rounding of sums in another order set aside."""
    return one.time_s <= other.time_s * (1 + 1e-12) and one.device_use_s <= other.device_use_s * (
        1 + 1e-12
    )


@settings(max_examples=150, deadline=None)
@given(stage_lists(), st.sampled_from(("reserved", "elastic")), st.sampled_from((0.0, 5.0, 300.0)))
def test_every_plan_there_is_is_matched_by_one_of_the_front_and_none_of_it_is_beaten(
    stages, device_use, restart_s
):
    front = best_plans(stages, device_use=device_use, restart_s=restart_s)
    plans = every_plan(stages, device_use, restart_s)
    assert all(any(beats(best, plan) for best in front) for plan in plans)
    for best in front:
        again = plan_of(stages, best.device_counts, device_use=device_use, restart_s=restart_s)
        assert again.time_s == pytest.approx(best.time_s)
        assert again.device_use_s == pytest.approx(best.device_use_s)
        others = [other for other in front if other is not best]
        assert not any(beats(other, best) for other in others)


def test_a_plan_that_is_faster_by_the_rounding_of_its_sum_alone_is_left_out():
    stages = [
        StageOptions(device_counts=(1, 2), busy_s=(302.0, 1.062)),
        StageOptions(device_counts=(1, 2), busy_s=(1.32, 1.32)),
        StageOptions(device_counts=(1,), busy_s=(210.0,)),
    ]
    assert 1.062 + 1.32 + (300.0 + 210.0) < 1.062 + (300.0 + 1.32) + 210.0
    front = best_plans(stages, device_use="elastic", restart_s=300.0)
    assert [plan.device_counts for plan in front] == [(2, 1, 1), (1, 1, 1)]


@settings(max_examples=100, deadline=None)
@given(stage_lists(), st.floats(0, 10), st.sampled_from((0.0, 60.0)))
def test_the_best_worth_of_all_plans_lies_on_the_front(stages, worth_per_s, restart_s):
    def loss(plan):
        return plan.device_use_s + worth_per_s * plan.time_s

    front = best_plans(stages, device_use="elastic", restart_s=restart_s)
    best = min(map(loss, every_plan(stages, "elastic", restart_s)))
    assert min(map(loss, front)) == pytest.approx(best)


def test_elastic_stages_pay_for_their_own_devices_and_the_restart_for_those_it_starts():
    stages = (
        StageOptions(device_counts=(1, 8), busy_s=(100.0, 50.0)),
        StageOptions(device_counts=(1, 8), busy_s=(800.0, 100.0)),
    )
    plan = plan_of(stages, (1, 8), device_use="elastic", restart_s=10.0)
    assert plan.time_s == 100 + 10 + 100
    assert plan.device_use_s == 100 * 1 + (10 + 100) * 8


def test_reserved_devices_are_paid_for_the_whole_training():
    stages = (
        StageOptions(device_counts=(1, 8), busy_s=(100.0, 50.0)),
        StageOptions(device_counts=(1, 8), busy_s=(800.0, 100.0)),
    )
    plan = plan_of(stages, (1, 8), device_use="reserved", restart_s=10.0)
    assert plan.device_use_s == 8 * (100 + 10 + 100)
    front = best_plans(stages, device_use="reserved", restart_s=10.0)
    assert [found.device_counts for found in front] == [(8, 8), (1, 1)]


def test_a_stage_without_devices_is_refused():
    with pytest.raises(Refusal) as refusal:
        StageOptions(device_counts=(), busy_s=())
    assert refusal.value.field == "device_counts"
