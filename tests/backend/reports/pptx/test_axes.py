"""Axes of native charts: round ends, as many decimals as the steps have."""

import pytest

from backend.reports.pptx.charts.axes import native_axis
from planner.chart import Axis
from wording.charts.axis_spans import Span
from wording.charts.scales import Scale


def a_span(low: float, high: float, *, factor: float = 1.0, logarithmic: bool = False) -> Span:
    axis = Axis(label="extra_cost", unit="USD", logarithmic=logarithmic)
    return Span(axis=axis, low=low, high=high, scale=Scale(factor=factor, unit="$K"))


def test_both_ends_are_ticks():
    axis = native_axis(a_span(-4752.0, 114_000.0, factor=1000.0), "en")
    assert (axis.low, axis.high, axis.step) == (-20.0, 120.0, 20.0)
    assert axis.number_format() == "#,##0;\N{MINUS SIGN}#,##0"
    assert axis.ticks() == pytest.approx([-20, 0, 20, 40, 60, 80, 100, 120])


def test_time_ends_where_the_data_does():
    axis = native_axis(a_span(0.0, 24.0), "en", tight=True)
    assert (axis.low, axis.high) == (0.0, 24.0)


def test_an_end_that_is_not_round_lies_just_above_the_data():
    assert native_axis(a_span(0.0, 2.9155999), "en", tight=True).high == 2.916


def test_small_steps_show_their_decimals():
    axis = native_axis(a_span(0.0, 0.9), "en")
    assert axis.step == 0.2
    assert axis.number_format() == "#,##0.0;\N{MINUS SIGN}#,##0.0"


def test_a_logarithmic_axis_begins_at_a_power():
    axis = native_axis(a_span(0.004, 2.3, logarithmic=True), "en")
    assert (axis.low, axis.step) == (0.001, 10.0)
    assert axis.place(0.001) == 0.0
    factors = native_axis(a_span(0.5 / 1.05, 4 * 1.05, logarithmic=True), "en")
    assert (factors.low, factors.step) == (0.5, 2.0)
