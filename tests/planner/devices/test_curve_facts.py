from datetime import UTC, datetime

import pytest

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.curve_facts import CurveState, curve_facts, throughput_chart
from tests.planner.devices.test_throughput import PUBLISHED_MS, a_curve
from tests.support.planted_worker import planted_curve

STATE = CurveState(
    number=3,
    workload="w",
    device="d",
    dtype="float32",
    versions="torch 2.13.0",
    measured_at=datetime(2026, 11, 1, tzinfo=UTC),
    age_s=60.0,
    retired_at=None,
    points=6,
    largest_batch_size=512,
    memory_limited=False,
    in_use=True,
)


def test_the_facts_of_a_curve_are_those_of_its_fit_and_its_points():
    facts = curve_facts(STATE, a_curve(PUBLISHED_MS))
    assert facts.fit.overhead_s * 1000 == pytest.approx(1.15155965, rel=1e-8)
    assert facts.half_saturation_batch_size == pytest.approx(132.398534, rel=1e-8)
    # 512 / 5.60 = 91.4 samples a millisecond; 256 / 3.40 = 75.3 is below 95 % of it.
    assert (facts.best_batch_size, facts.saturation_batch_size) == (512, 512)
    assert facts.best_samples_per_s == pytest.approx(512 / 0.0056)
    assert facts.compared_with is None


def test_memory_makes_the_largest_measured_batch_the_largest_micro_batch():
    facts = curve_facts(STATE, a_curve(PUBLISHED_MS, memory_limited=True))
    assert facts.micro_batch_plan == MicroBatchPlan(largest_micro_batch_size=512)


def test_the_chart_holds_every_measured_point_with_half_its_spread_on_either_side():
    chart = throughput_chart(a_curve({8: 1.0, 16: 1.6}))
    assert (chart.x.logarithmic, chart.y.logarithmic) == (True, True)
    fit, measured = chart.series
    assert (fit.name, measured.name, measured.role) == ("this_curve", "this_curve", "point")
    assert measured.x == (8.0, 16.0)
    assert measured.y == pytest.approx((8 / 0.001, 16 / 0.0016))
    assert measured.high == pytest.approx((8000 * 1.01, 10_000 * 1.01))
    assert measured.low == pytest.approx((8000 / 1.01, 10_000 / 1.01))


def test_the_drawn_fit_goes_through_the_points_of_an_exact_curve():
    curve = planted_curve(overhead_s=1e-3, samples_per_s=1e5)
    fit = throughput_chart(curve).series[0]
    assert (fit.x[0], fit.x[-1]) == (8.0, pytest.approx(1024.0))
    assert fit.y[0] == pytest.approx(8 / (1e-3 + 8 / 1e5))
    assert fit.y[-1] == pytest.approx(1024 / (1e-3 + 1024 / 1e5))


def test_a_curve_of_one_point_can_be_drawn():
    fit, measured = throughput_chart(a_curve({8: 1.0})).series
    assert (len(fit.x), len(measured.x)) == (1, 1)


def test_another_curve_is_drawn_beside_it():
    curve, other = a_curve({8: 1.0, 16: 1.6}), a_curve({8: 2.0, 16: 3.0})
    facts = curve_facts(STATE, curve, compared=(2, other))
    assert facts.compared_with == 2
    names = [series.name for series in facts.chart.series]
    assert names == ["this_curve", "this_curve", "compared_curve", "compared_curve"]
    assert facts.chart.series[3].y == pytest.approx((4000, 16 / 0.003))
