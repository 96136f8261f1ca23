import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.composed_time import elapsed_s
from planner.devices.throughput import (
    ThroughputCurve,
    ThroughputFit,
    ThroughputPoint,
    fit_throughput,
    is_extrapolated,
    saturation_batch_size,
    step_time_s,
)
from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule, StepTable, plan_steps

PUBLISHED_MS = {16: 1.30, 32: 1.42, 64: 1.71, 128: 2.25, 256: 3.40, 512: 5.60}
NEVER_SPLIT = MicroBatchPlan(largest_micro_batch_size=10**9)


def a_point(batch_size: int, step_time_s: float) -> ThroughputPoint:
    return ThroughputPoint(
        batch_size=batch_size, step_time_s=step_time_s, spread_fraction=0.02, steps=20
    )


def a_curve(times_ms: dict[int, float], **fields) -> ThroughputCurve:
    defaults = {
        "workload": "w",
        "device": "d",
        "dtype": "float32",
        "versions": "torch 2.13.0",
        "points": tuple(a_point(size, ms / 1000) for size, ms in times_ms.items()),
        "evaluation_s": 0.1,
    }
    return ThroughputCurve(**{**defaults, **fields})


def a_table(batch: BatchSize, *, training_samples: int, epochs: int) -> StepTable:
    schedule = Schedule(name="s", learning_rate=LearningRate(initial=0.1), batch_size=batch)
    return plan_steps(schedule, training_samples=training_samples, epochs=epochs)


rising_curves = st.lists(st.floats(0.1, 5), min_size=1, max_size=8).map(
    lambda steps: a_curve({8 * 2**i: float(ms) for i, ms in enumerate(np.cumsum(steps))})
)


def test_the_relative_fit_gives_the_published_overhead_and_speed():
    fit = fit_throughput(a_curve(PUBLISHED_MS))
    assert fit.overhead_s * 1000 == pytest.approx(1.15155965, rel=1e-8)
    assert fit.samples_per_s / 1000 == pytest.approx(114.973231, rel=1e-8)
    assert fit.half_saturation_batch_size == pytest.approx(132.398534, rel=1e-8)


def test_the_fit_ends_at_the_best_batch():
    slower_again = PUBLISHED_MS | {1024: 40.0}
    assert fit_throughput(a_curve(slower_again)) == fit_throughput(a_curve(PUBLISHED_MS))


def test_one_point_is_a_device_without_overhead():
    fit = fit_throughput(a_curve({10: 2.0}))
    assert (fit.overhead_s, fit.samples_per_s) == (0.0, pytest.approx(10 / 0.002))


def test_a_negative_overhead_becomes_none():
    # A line through these would cross zero; without overhead, the relative fit is closed.
    fit = fit_throughput(a_curve({10: 1.0, 30: 3.6, 31: 3.0}))
    speeds = np.array([10 / 0.001, 30 / 0.0036, 31 / 0.003])
    assert fit.overhead_s == 0
    assert fit.samples_per_s == pytest.approx((speeds**2).sum() / speeds.sum())


def test_step_times_that_do_not_rise_keep_a_finite_speed():
    fit = fit_throughput(a_curve({8: 1.0, 16: 1.0, 32: 1.0}))
    # The slope is raised to 1 % of the last step, over 32 samples.
    assert fit.samples_per_s == pytest.approx(32 / (0.01 * 0.001))
    assert fit.overhead_s == pytest.approx(0.001, rel=0.01)


@settings(max_examples=60)
@given(st.floats(0, 10), st.floats(0.001, 10))
def test_the_fit_recovers_an_exact_line(overhead_ms, sample_ms):
    times_ms = {size: overhead_ms + sample_ms * size for size in (8, 16, 32, 64)}
    fit = fit_throughput(a_curve(times_ms))
    assert fit.residual_fraction < 0.02
    if sample_ms * 64 > 0.02 * times_ms[64]:
        assert fit.samples_per_s == pytest.approx(1000 / sample_ms, rel=1e-6)
        assert fit.overhead_s == pytest.approx(overhead_ms / 1000, rel=1e-6, abs=1e-9)


def test_a_measured_batch_uses_its_median():
    curve = a_curve(PUBLISHED_MS)
    sizes = np.array(list(PUBLISHED_MS))
    np.testing.assert_array_equal(
        step_time_s(curve, sizes), [ms / 1000 for ms in PUBLISHED_MS.values()]
    )
    assert step_time_s(curve, 64) == 1.71 / 1000


@pytest.mark.parametrize("size", [1, 100, 1000])
def test_other_batches_use_the_fit(size):
    expected_ms = 1.15155965 + size / 114.973231
    assert step_time_s(a_curve(PUBLISHED_MS), size) == pytest.approx(expected_ms / 1000, rel=1e-7)


def test_the_fit_stays_between_the_medians_around_it():
    # The fit of the first two points, 1 ms + b/10, would say 5 ms at batch 40.
    curve = a_curve({10: 2.0, 20: 3.0, 80: 3.1})
    assert 3.0 / 1000 <= step_time_s(curve, 40) <= 3.1 / 1000


@settings(max_examples=60)
@given(rising_curves)
def test_step_times_rise_with_the_batch_where_the_medians_do(curve):
    times = step_time_s(curve, np.arange(1, 2000))
    assert (np.diff(times) >= 0).all()
    assert (times >= 0).all()


def test_only_batches_outside_the_measured_ones_are_extrapolated():
    curve = a_curve(PUBLISHED_MS)
    assert [is_extrapolated(curve, size) for size in (15, 16, 100, 512, 513)] == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_the_saturation_batch_has_nineteen_twentieths_of_the_best_throughput():
    # Samples a millisecond: 10, 18, 19.2, 20, and 0.95 x 20 = 19.
    curve = a_curve({10: 1.0, 18: 1.0, 48: 2.5, 100: 5.0})
    assert saturation_batch_size(curve) == 48


def test_elapsed_time_is_the_running_sum_of_step_times():
    curve = a_curve({20: 2.0, 40: 3.0, 60: 4.0})
    table = a_table(BatchSize(thresholds="0:40 1ep:60"), training_samples=100, epochs=2)
    # Items 40 40 20 60 40, all measured.
    np.testing.assert_allclose(
        elapsed_s(table, curve, NEVER_SPLIT) * 1000, [0, 3, 6, 8, 12, 15], rtol=1e-12
    )


def test_a_step_above_the_plan_costs_all_its_parts():
    curve = a_curve({20: 2.0, 33: 2.5, 34: 2.6, 40: 3.0})
    table = a_table(BatchSize(initial=100), training_samples=100, epochs=1)
    plan = MicroBatchPlan(largest_micro_batch_size=40)
    # 100 = 34 + 33 + 33.
    np.testing.assert_allclose(elapsed_s(table, curve, plan), [0, 0.0026 + 2 * 0.0025])


@settings(max_examples=40)
@given(rising_curves, st.integers(1, 200), st.integers(1, 500), st.integers(1, 300))
def test_elapsed_time_agrees_with_a_sum_over_every_part(curve, batch_size, samples, largest):
    table = a_table(BatchSize(initial=batch_size), training_samples=samples, epochs=2)
    plan = MicroBatchPlan(largest_micro_batch_size=largest)
    expected = sum(
        step_time_s(curve, part) for items in table.items for part in plan.split(int(items))
    )
    elapsed = elapsed_s(table, curve, plan)
    assert len(elapsed) == table.steps + 1
    assert elapsed[-1] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("build", "field", "code"),
    [
        (lambda: a_point(0, 0.1), "batch_size", "below_minimum"),
        (lambda: a_point(8, math.nan), "step_time_s", "not_finite"),
        (lambda: a_point(8, 0.0), "step_time_s", "not_positive"),
        (lambda: a_curve({}), "points", "below_minimum"),
        (lambda: a_curve({16: 1.0, 8: 0.5}), "points", "throughput_points_not_rising"),
        (lambda: a_curve({8: 1.0}, evaluation_s=-1.0), "evaluation_s", "negative"),
        (lambda: a_curve({8: 1.0}, device=""), "device", "empty"),
        (
            lambda: ThroughputFit(overhead_s=0.0, samples_per_s=math.inf, residual_fraction=0),
            "samples_per_s",
            "not_finite",
        ),
    ],
)
def test_times_that_nobody_can_have_measured_are_refused(build, field, code):
    with pytest.raises(Refusal) as refusal:
        build()
    assert (refusal.value.field, refusal.value.code) == (field, code)
