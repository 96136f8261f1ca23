from datetime import UTC, datetime, timedelta

import pytest

from frontend.figures.plotly_charts import measured_figure
from frontend.figures.plotly_traces import Look
from frontend.tables.curves import COLUMNS, CSV_COLUMNS, csv_rows, curve_table, state_of
from planner.devices.curve_facts import CurveState, throughput_chart
from tests.planner.devices.test_throughput import PUBLISHED_MS, a_curve
from wording.catalogue import LANGUAGES, knows
from wording.charts.palette import LIGHT

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def a_state(number=1, **changes):
    values = {
        "number": number,
        "workload": "digits-mlp",
        "device": "a <b>CPU</b>",
        "dtype": "float32",
        "versions": "torch 2.13.0",
        "measured_at": AT,
        "age_s": 90.0,
        "retired_at": None,
        "points": 8,
        "largest_batch_size": 1024,
        "memory_limited": False,
        "in_use": False,
    }
    return CurveState(**{**values, **changes})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_has_every_column_and_its_texts_are_escaped(language):
    markup = curve_table([a_state()], 1, language)
    assert markup.count("<th scope=") + markup.count("<th class=") >= len(COLUMNS)
    assert "a &lt;b&gt;CPU&lt;/b&gt;" in markup
    assert all(knows(f"page.throughput.column_{column}") for column in COLUMNS)


def test_the_shown_curve_is_marked_and_the_others_lead_to_theirs():
    markup = curve_table([a_state(2), a_state(1)], 2, "en")
    assert markup.count("pb-main") == 1
    assert markup.count('aria-current="true"') == 1
    assert "/throughput?curve=1&amp;lang=en" in markup


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"in_use": True}, "in_use"),
        ({"retired_at": AT + timedelta(days=1)}, "retired"),
        ({}, "kept"),
    ],
)
def test_a_curve_says_what_it_is_to_the_next_pilot(changes, state):
    assert state_of(a_state(**changes)) == state
    assert knows(f"page.throughput.state_{state}")
    assert knows(f"page.throughput.state_hint_{state}")


def test_the_list_is_taken_away_at_full_precision():
    (row,) = csv_rows([a_state(age_s=0.1 + 0.2)])
    told = dict(zip(CSV_COLUMNS, row, strict=True))
    assert told["age_s"] == 0.1 + 0.2
    assert told["measured_at"] == "2026-11-24T09:00:00+00:00"
    assert told["retired_at"] is None


def test_points_and_fit_of_one_curve_share_a_colour_and_show_the_planner_s_numbers():
    chart = throughput_chart(a_curve(PUBLISHED_MS), a_curve({8: 2.0, 16: 3.0}))
    figure = measured_figure(chart, Look(palette=LIGHT, language="en", main="this_curve"))
    fit, other_fit, points, other_points = figure["data"]
    assert tuple(points["x"]) == chart.series[1].x
    assert tuple(points["y"]) == chart.series[1].y
    reached = points["y"][0] + points["error_y"]["array"][0]
    assert reached == pytest.approx(chart.series[1].high[0])
    assert fit["line"]["color"] == points["marker"]["color"] == LIGHT.accent
    assert other_fit["line"]["color"] == other_points["marker"]["color"] != LIGHT.accent
    assert figure["layout"]["xaxis"]["type"] == figure["layout"]["yaxis"]["type"] == "log"
