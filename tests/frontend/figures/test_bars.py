"""The tornado is drawn from the planner's numbers, with the inputs' own values at its ends."""

import pytest

from frontend.figures.bars import MOST_BARS, Words, bars_figure
from frontend.figures.plotly_traces import Look
from planner.chart import Axis, Chart, Series
from wording.charts.palette import LIGHT
from wording.inputs import input_ends, input_name

CHART = Chart(
    key="tornado",
    x=Axis(label="net_present_value", unit="USD"),
    y=Axis(label="value_of_input"),
    series=(
        Series(name="trainings_per_month", role="point", x=(1000.0, 5000.0), y=(10.0, 30.0)),
        Series(name="speed_up", role="point", x=(3500.0, 2500.0), y=(0.5, 0.6)),
    ),
    params={"base": 3000.0},
)


def drawn(chart=CHART, language="en"):
    words = Words(
        name=lambda name: input_name(name, language),
        ends=lambda name, worse, better: input_ends(
            name, worse, better, currency="USD", language=language
        ),
    )
    return bars_figure(chart, Look(palette=LIGHT, language=language, main="growing batch"), words)


def test_every_bar_goes_from_the_plan_as_assumed_to_both_ends():
    halves = drawn()["data"]
    assert [half["base"][0] for half in halves] == [3000.0] * 4
    assert [half["base"][0] + half["x"][0] for half in halves] == [1000.0, 5000.0, 3500.0, 2500.0]


def test_better_ends_have_the_accent_and_worse_ones_another_colour():
    colours = [half["marker"]["color"] for half in drawn()["data"]]
    better, worse = LIGHT.accent, LIGHT.others[0]
    assert colours == [worse, better, better, worse]


def test_the_longest_bar_is_on_top_with_its_name_and_its_values_from_worse_to_better():
    axis = drawn()["layout"]["yaxis"]
    assert axis["tickvals"] == [1, 0]
    trainings, speed_up = axis["ticktext"]
    assert trainings.startswith("Trainings")
    assert "10.0 → 30.0" in trainings
    assert "60.0% → 50.0% of today" in speed_up


def test_only_the_ten_longest_are_drawn():
    many = tuple(
        Series(name="speed_up", role="point", x=(0.0, 20.0 - place), y=(0.0, 1.0))
        for place in range(MOST_BARS + 3)
    )
    chart = Chart(key="tornado", x=CHART.x, y=CHART.y, series=many, params={"base": 5.0})
    assert len(drawn(chart)["data"]) == 2 * MOST_BARS


@pytest.mark.parametrize(
    ("name", "ends", "shown"),
    [
        ("transfer", (1.125, 0.9), "1.13× → 0.90×"),
        ("engineer_rate_per_h", (90.0, 45.0), "$90.00 → $45.00"),
        ("realisation_fraction", (0.3, 0.5), "30.0% → 50.0%"),
    ],
)
def test_values_of_an_input_have_its_unit(name, ends, shown):
    assert input_ends(name, *ends, currency="USD", language="en") == shown
