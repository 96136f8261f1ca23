"""What an SVG draws are the planner's numbers; names are text, whatever somebody called them."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from backend.reports.svg.chart import chart_svg
from backend.reports.svg.look import Look
from planner.chart import Axis, Chart, Series
from planner.economics.assumptions import Range
from planner.reviews.review import make_review
from tests.support.measured_pilots import a_pilot, a_review_input
from wording.charts.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
COLUMNS = ("x", "y", "low", "high", "x_low", "x_high")
PILOT = a_pilot(
    assumptions=replace(
        a_pilot().assumptions, ranges={"trainings_per_month": Range(low=15.0, high=30.0)}
    )
)
REVIEW = make_review(a_review_input({"today": 0.10, "growing batch": 0.08}, pilot=PILOT))
CHARTS = (*REVIEW.charts, *REVIEW.schedules[1].charts)


def a_look(language="en", **changes):
    fields = {"palette": LIGHT, "language": language, "main": "growing batch", "currency": "USD"}
    return Look(**(fields | changes))


def drawn(chart, look=None):
    return ET.fromstring(chart_svg(chart, look or a_look(), alternative="A chart."))  # noqa: S314


def read_back(root):
    """Series as they stand in the drawing: name, role and six rows of numbers."""
    return [
        (
            group.get("data-series"),
            group.get("data-role"),
            *(_numbers(group.get(f"data-{name.replace('_', '-')}")) for name in COLUMNS),
        )
        for group in root.iter(f"{SVG}g")
    ]


def _numbers(written):
    if written is None:
        return ()
    return tuple(None if part == "-" else float(part) for part in written.split(" "))


def of(series):
    return (series.name, series.role, *(getattr(series, name) for name in COLUMNS))


def words_in(root):
    return [found.text for found in root.iter(f"{SVG}text")]


def by_key(key):
    return next(chart for chart in CHARTS if chart.key == key)


def a_chart(*names, y_logarithmic=False, values=(-1.0, 1.0)):
    return Chart(
        key="payback",
        x=Axis(label="months"),
        y=Axis(label="cumulative_net_benefit", unit="USD", logarithmic=y_logarithmic),
        series=tuple(Series(name=name, role="candidate", x=(0.0, 1.0), y=values) for name in names),
    )


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_every_number_of_every_chart_is_read_back_to_the_last_digit(chart, language):
    root = drawn(chart, a_look(language))
    assert sorted(read_back(root)) == sorted(of(series) for series in chart.series)


def test_a_line_is_drawn_where_its_numbers_are():
    """Two points: half a year in, the middle between the plot's ends."""
    series = Series(name="growing batch", role="candidate", x=(0.0, 6.0, 12.0), y=(0.0, 5.0, 10.0))
    chart = replace(a_chart(), series=(series,))
    path = next(found for found in drawn(chart).iter(f"{SVG}path"))
    start, middle, end = (
        [float(part) for part in at.split()] for at in path.get("d")[1:].split("L")
    )
    assert middle == pytest.approx([(start[0] + end[0]) / 2, (start[1] + end[1]) / 2], abs=0.01)
    assert start[1] > end[1]


def test_equal_ratios_are_equal_distances_on_a_logarithmic_axis():
    series = Series(name="growing batch", role="candidate", x=(0.0, 1.0, 2.0), y=(1.0, 0.1, 0.01))
    chart = replace(a_chart(y_logarithmic=True), series=(series,))
    path = next(found for found in drawn(chart).iter(f"{SVG}path"))
    heights = [float(at.split()[1]) for at in path.get("d")[1:].split("L")]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.02)


def test_what_a_logarithmic_axis_cannot_hold_is_a_gap():
    chart = replace(
        a_chart(y_logarithmic=True),
        series=(
            Series(
                name="growing batch",
                role="candidate",
                x=(0.0, 1.0, 2.0, 3.0),
                y=(1.0, 0.0, None, 0.5),
                low=(0.5, 0.0, None, 0.4),
                high=(2.0, 1.0, None, 0.6),
            ),
        ),
    )
    band, line = (found.get("d") for found in drawn(chart).iter(f"{SVG}path"))
    assert line.count("M") == 2
    assert band.count("Z") == 2


def test_only_the_main_candidate_has_the_accent_colour_a_band_and_a_bold_name():
    root = drawn(by_key("convergence"))
    strokes = {
        group.get("data-series"): [found.get("stroke") for found in group.iter(f"{SVG}path")]
        for group in root.iter(f"{SVG}g")
    }
    assert strokes["growing batch"] == [None, LIGHT.accent]
    assert strokes["today"] == [LIGHT.muted]
    bold = [found.text for found in root.iter(f"{SVG}text") if found.get("font-weight") == "700"]
    assert bold == ["growing batch"]


def test_todays_schedule_is_dotted_and_other_candidates_are_dashed():
    chart = a_chart("today", "growing batch", "another")
    today = replace(chart.series[0], role="baseline")
    root = drawn(replace(chart, series=(today, *chart.series[1:])))
    dashes = {
        group.get("data-series"): group.find(f"{SVG}path").get("stroke-dasharray")
        for group in root.iter(f"{SVG}g")
    }
    assert dashes == {"today": "2 4", "growing batch": None, "another": "8 5"}


def test_the_break_even_mark_is_named_beside_its_ring():
    chart = by_key("payback")
    root = drawn(chart, a_look(mark="Break-even, month 1.9"))
    assert "Break-even, month 1.9" in words_in(root)
    month = next(series.x[0] for series in chart.series if series.role == "break_even")
    ring = next(found for found in root.iter(f"{SVG}circle") if found.get("r") == "6")
    left = float(next(root.iter(f"{SVG}line")).get("x1"))
    right = float(next(root.iter(f"{SVG}line")).get("x2"))
    last = max(chart.series[0].x)
    assert float(ring.get("cx")) == pytest.approx(left + month / last * (right - left), abs=0.02)


def test_a_bar_of_the_tornado_reaches_from_the_plan_to_both_ends():
    chart = by_key("tornado")
    root = drawn(chart)
    group = next(root.iter(f"{SVG}g"))
    worse, better = (
        (float(bar.get("x")), float(bar.get("x")) + float(bar.get("width")))
        for bar in sorted(group.iter(f"{SVG}rect"), key=lambda bar: float(bar.get("x")))
    )
    base = next(found for found in root.iter(f"{SVG}line") if found.get("data-level") == "base")
    assert worse[1] == pytest.approx(better[0], abs=0.02)
    assert worse[1] == pytest.approx(float(base.get("x1")), abs=0.02)
    assert float(base.get("data-x")) == chart.params["base"]
    low, high = sorted(chart.series[0].x)
    spread = (better[1] - worse[0]) / (high - low)
    assert worse[1] - worse[0] == pytest.approx(spread * (chart.params["base"] - low), abs=0.05)


def test_the_target_is_a_line_with_its_name_and_its_number():
    root = drawn(by_key("convergence"), a_look("ja"))
    level = next(found for found in root.iter(f"{SVG}line") if found.get("data-level") == "target")
    assert float(level.get("data-y")) == REVIEW.target.value
    assert "目標" in words_in(root)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><image href="http://127.0.0.1:9/x"/>',
        "&amp;]]><b>",
        "\u202egnp.exe",
        "nul\x00 and bell\x07",
        "名" * 200,
        "w" * 500,
    ],
)
def test_a_hostile_name_is_text_that_neither_runs_nor_loads_nor_leaves_the_drawing(name):
    markup = chart_svg(a_chart(name, "b"), a_look(main=name), alternative=name)
    root = ET.fromstring(markup)  # noqa: S314
    assert {found.tag for found in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "g", "line", "path", "circle", "rect", "text")
    }
    assert not any("href" in key for found in root.iter() for key in found.attrib)
    width = float(root.get("width"))
    for found in root.iter(f"{SVG}text"):
        assert 0 <= float(found.get("x")) <= width
        assert len(found.text) <= 20


def test_the_same_chart_is_the_same_drawing_byte_by_byte():
    chart = by_key("payback")
    first, second = (chart_svg(chart, a_look(), alternative="A chart.") for _ in range(2))
    assert first == second


def test_names_of_points_that_are_near_each_other_do_not_lie_on_each_other():
    points = tuple(
        Series(name=name, role="candidate", x=(1.0 + place / 100,), y=(2.0,))
        for place, name in enumerate(("first", "second", "third"))
    )
    chart = Chart(
        key="time_against_cost",
        x=Axis(label="time_saved", unit="h"),
        y=Axis(label="extra_cost", unit="USD"),
        series=(*points, Series(name="baseline", role="baseline", x=(0.0,), y=(0.0,))),
    )
    places = [
        (found.get("text-anchor"), found.get("y"))
        for found in drawn(chart).iter(f"{SVG}text")
        if found.text in ("first", "second", "third")
    ]
    assert len(set(places)) == 3
