from dataclasses import replace

from planner.reviews.review import make_review
from planner.reviews.tornado_chart import tornado_chart
from tests.support.measured_pilots import a_review_input

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))
TODAY, GROWING = REVIEW.schedules


def test_the_chart_holds_both_ends_of_every_input_longest_swing_first():
    (chart,) = GROWING.charts
    bars = GROWING.case.propagation.tornado
    assert [series.name for series in chart.series] == [bar.name for bar in bars]
    for series, bar in zip(chart.series, bars, strict=True):
        assert series.x == (bar.npv_at_low.amount, bar.npv_at_high.amount)
        assert series.y == (bar.low_value, bar.high_value)
    swings = [abs(series.x[1] - series.x[0]) for series in chart.series]
    assert swings == sorted(swings, reverse=True)
    assert chart.params["base"] == GROWING.case.npv.amount


def test_what_replaces_nothing_has_no_drivers():
    assert TODAY.charts == ()


def test_a_plan_that_is_sure_has_no_chart_of_drivers():
    sure = replace(GROWING.case, propagation=replace(GROWING.case.propagation, tornado=()))
    assert tornado_chart(sure) is None
