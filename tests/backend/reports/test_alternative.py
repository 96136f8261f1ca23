"""Who cannot see a drawing hears what it is and where each of its lines begins and ends."""

import pytest

from backend.reports.svg.alternative import alternative
from planner.chart import Axis, Chart, Series
from wording.charts.captions import Caption
from wording.report.words import CaptionedChart

CAPTION = Caption(title="When the money is back", subtitle="Running total, $K", mark="Month 1.9")


def heard(*series, key="payback", x="months", x_unit="", y="cumulative_net_benefit"):
    chart = Chart(key=key, x=Axis(label=x, unit=x_unit), y=Axis(label=y, unit="USD"), series=series)
    return alternative(CaptionedChart(chart=chart, caption=CAPTION), "en")


def a_line(name, *values, role="candidate"):
    return Series(name=name, role=role, x=tuple(map(float, range(len(values)))), y=values)


def test_a_line_is_told_from_its_first_to_its_last_value_in_the_unit_of_the_axis():
    told = heard(a_line("growing", -4750.0, 20_000.0, 55_700.0), a_line("cut", -4000.0, 90.0, None))
    assert told == (
        "When the money is back. Running total, $K. Month 1.9. "
        "growing: −4.75 → 55.7; cut: −4.00 → 0.0900"
    )


def test_a_mark_is_no_line_and_of_many_lines_the_first_are_told():
    lines = [a_line(f"number {place}", 0.0, 1.0) for place in range(20)]
    told = heard(*lines, a_line("number 0", 0.0, role="break_even"))
    assert told.count("→") == 8


def test_a_point_is_told_on_both_axes():
    point = Series(name="growing", role="candidate", x=(2.5,), y=(-80.0,))
    told = heard(point, key="time_against_cost", x="time_saved", x_unit="h", y="extra_cost")
    assert told.endswith(
        "growing: Time saved per training (h) 2.50, Extra cost per training ($) −80.0"
    )


@pytest.mark.parametrize("order", [(1000.0, 3000.0), (3000.0, 1000.0)])
def test_a_bar_is_told_from_its_worse_to_its_better_end(order):
    bar = Series(name="trainings_per_month", role="point", x=order, y=(10.0, 30.0))
    told = heard(bar, key="tornado", x="net_present_value", x_unit="USD", y="value_of_input")
    assert told.endswith(": 1.00 → 3.00")
