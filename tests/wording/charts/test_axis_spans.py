"""Which part of an axis is shown."""

from planner.chart import Axis, Chart, Series
from wording.charts.axis_spans import spans


def a_chart(label, *values):
    series = Series(
        name="growing batch", role="candidate", x=tuple(map(float, range(len(values)))), y=values
    )
    return Chart(
        key="payback", x=Axis(label="months"), y=Axis(label=label, unit="USD"), series=(series,)
    )


def test_a_plan_that_never_pays_back_is_seen_below_zero():
    _, upright = spans(a_chart("cumulative_net_benefit", -5_000.0, -4_000.0), "en")
    assert upright.low < -5_000 < 0 < upright.high
    assert 0.0 in upright.ticks()


def test_an_axis_that_asks_for_no_zero_shows_where_its_values_lie():
    _, upright = spans(a_chart("training_cost_so_far", 4_000.0, 5_000.0), "en")
    assert upright.low == 4_000 - 0.05 * 1_000
    assert upright.high == 5_000 + 0.05 * 1_000


def test_an_axis_of_equal_values_has_a_length_whatever_else_is_left_around_them():
    level, upright = spans(a_chart("training_cost_so_far", 4_000.0), "en", padding=0.0)
    assert (level.low, level.high) == (-0.05, 0.05)
    assert (upright.low, upright.high) == (4_000 - 0.05 * 4_000, 4_000 + 0.05 * 4_000)
    assert upright.place(4_000.0) == 0.5
