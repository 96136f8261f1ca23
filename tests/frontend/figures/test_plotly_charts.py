"""What is drawn are the planner's numbers; names are text, whatever somebody called them."""

from dataclasses import replace

import pytest

from frontend.components.chart_card import COLUMNS, chart_rows, csv_bytes
from frontend.figures.plotly_charts import line_figure, measured_figure, points_figure
from frontend.figures.plotly_traces import Look
from planner.chart import Axis, Chart, Series
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_review_input
from wording.charts.palette import DARK, LIGHT

REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}))
BY_KEY = {chart.key: chart for chart in REVIEW.charts}


def a_look(language="en", *, mark=""):
    return Look(palette=LIGHT, language=language, main="growing batch", mark=mark)


def drawn(figure, name):
    return next(trace for trace in figure["data"] if trace.get("name") == name)


@pytest.mark.parametrize("key", ["payback", "convergence", "convergence_by_money"])
def test_a_line_goes_through_the_numbers_of_the_planner(key):
    series = next(found for found in BY_KEY[key].series if found.name == "growing batch")
    trace = drawn(line_figure(BY_KEY[key], a_look()), "growing batch")
    assert tuple(trace["x"]) == series.x
    assert tuple(trace["y"]) == series.y


def test_only_the_main_candidate_has_the_accent_colour_and_a_band():
    figure = line_figure(BY_KEY["convergence"], a_look())
    assert drawn(figure, "growing batch")["line"]["color"] == LIGHT.accent
    assert drawn(figure, "today")["line"]["color"] != LIGHT.accent
    assert [trace["name"] for trace in figure["data"]].count("band") == 1


def test_the_break_even_mark_is_named_beside_it():
    figure = line_figure(BY_KEY["payback"], a_look(mark="Break-even, month 1.9"))
    assert any("Break-even, month 1.9" in note["text"] for note in figure["layout"]["annotations"])
    assert drawn(figure, "break-even")["y"] == (0.0,)


def test_the_end_of_the_budget_is_no_share_of_runs_and_so_no_line_across_the_survival_curve():
    share_like = replace(BY_KEY["survival"], params={"budget_s": 0.5})
    assert BY_KEY["survival"].params.keys() == share_like.params.keys()
    shapes = line_figure(share_like, a_look())["layout"]["shapes"]
    assert [shape for shape in shapes if shape["y0"] == 0.5] == []


def test_error_bars_reach_to_the_bounds_of_the_planner():
    series = BY_KEY["time_against_cost"].series[1]
    trace = drawn(points_figure(BY_KEY["time_against_cost"], a_look()), "growing batch")
    assert series.x[0] + trace["error_x"]["array"][0] == pytest.approx(series.x_high[0])
    assert series.y[0] - trace["error_y"]["arrayminus"][0] == pytest.approx(series.low[0])


def test_a_name_that_looks_like_markup_is_shown_as_it_is():
    name = "<b>now</b>"
    chart = Chart(
        key="payback",
        x=Axis(label="months"),
        y=Axis(label="cumulative_net_benefit", unit="USD"),
        series=(Series(name=name, role="candidate", x=(0, 1), y=(-1, 1)),),
    )
    text = repr(line_figure(chart, Look(palette=DARK, language="ja", main=name)))
    assert "&lt;b&gt;now&lt;/b&gt;" in text
    assert name not in text


def test_a_chart_is_taken_away_with_every_point_at_full_precision():
    chart = BY_KEY["payback"]
    rows = chart_rows(chart)
    assert len(rows) == sum(len(series.x) for series in chart.series)
    lines = csv_bytes(COLUMNS, rows).decode("utf-8-sig").splitlines()
    assert lines[0] == "series,role,x,y,low,high,x_low,x_high"
    assert float(lines[2].split(",")[3]) == chart.series[0].y[1]


def test_a_name_that_a_spreadsheet_would_run_gets_a_quote():
    assert csv_bytes(("name",), [["=1+1"]]).decode("utf-8-sig") == "name\n'=1+1\n"


@pytest.mark.parametrize(("highest", "digits"), [(80.0, 2), (800_000.0, 7)])
def test_the_numbers_beside_the_upright_axis_have_room_for_every_digit(highest, digits):
    measured = Series(
        name="growing batch", role="candidate", x=(1.0, 8.0), y=(highest / 8, highest)
    )
    chart = Chart(
        key="throughput",
        x=Axis(label="batch_size"),
        y=Axis(label="samples_per_s"),
        series=(measured,),
    )
    figure = measured_figure(chart, a_look())
    longest = max(len(text) for text in figure["layout"]["yaxis"]["ticktext"])
    assert longest >= digits
    assert figure["layout"]["margin"]["l"] >= 8 * longest


@pytest.mark.parametrize(
    ("unit", "ticks"), [("", [0.0, 118.2, 157.4, 356.2]), ("s", [0, 60, 120, 180, 240, 300])]
)
def test_few_counts_have_a_tick_each_and_moments_have_round_ones(unit, ticks):
    """Two runs that arrived at nearly the same time would print their times over each other."""
    stairs = Series(
        name="growing batch", role="candidate", x=(0.0, 118.2, 157.4, 356.2), y=(1.0, 0.5, 0.0, 0.0)
    )
    chart = Chart(
        key="survival",
        x=Axis(label="composed_time", unit=unit),
        y=Axis(label="share_on_the_way"),
        series=(stairs,),
    )
    shown = line_figure(chart, a_look())["layout"]["xaxis"]["tickvals"]
    assert shown[: len(ticks)] == pytest.approx(ticks)


def test_what_was_measured_lies_over_a_projected_line_as_points_with_their_spread():
    chart = Chart(
        key="device_counts",
        x=Axis(label="device_count", logarithmic=True),
        y=Axis(label="training_time", unit="h", logarithmic=True),
        series=(
            Series(name="CPU", role="candidate", x=(1.0, 2.0), y=(4.0, 2.2)),
            Series(
                name="CPU",
                role="point",
                x=(1.0, 2.0),
                y=(4.0, 2.5),
                low=(3.8, 2.4),
                high=(4.2, 2.7),
            ),
        ),
    )
    figure = line_figure(chart, replace(a_look(), main="CPU"))
    projected, measured = [trace for trace in figure["data"] if trace.get("name") == "CPU"]
    assert projected["mode"].startswith("lines")
    assert (measured["mode"], measured["y"]) == ("markers", (4.0, 2.5))
    assert measured["error_y"]["array"] == pytest.approx([0.2, 0.2])
    assert len(figure["layout"]["annotations"]) == 1
