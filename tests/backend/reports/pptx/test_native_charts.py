"""Charts at their limits: one point, gaps, levels, and a plan outside of its own bars."""

from typing import Any

import pytest
from lxml import etree

from backend.reports.pptx.charts.chart_file import ChartFile
from backend.reports.pptx.charts.frame import Drawn
from backend.reports.pptx.charts.scatter import line_chart
from backend.reports.pptx.charts.tornado import tornado_chart
from planner.chart import Axis, Chart, Series
from tests.support.opened_deck import A, C

DRAWN = Drawn(main="new", language="en", width_pt=400, height_pt=240)


def a_chart(*series: Series, **params: float) -> Chart:
    return Chart(
        key="convergence",
        x=Axis(label="composed_time", unit="s"),
        y=Axis(label="metric.train_loss", logarithmic=True),
        series=series,
        params=dict(params),
    )


def tree_of(file: ChartFile) -> Any:
    return etree.fromstring(file.xml_bytes())


def points(tree: Any) -> dict[str, list[float]]:
    return {
        one.find(f"{C}tx").find(f".//{C}v").text: [
            float(found.text) for found in one.find(f"{C}yVal").iter(f"{C}v")
        ]
        for one in tree.iter(f"{C}ser")
    }


def test_a_run_that_was_evaluated_once_is_a_point():
    tree = tree_of(
        line_chart(a_chart(Series(name="new", role="candidate", x=(3.0,), y=(0.5,))), DRAWN)
    )
    assert points(tree) == {"new": [0.5]}
    assert tree.find(f".//{C}marker").find(f"{C}symbol").get("val") == "circle"


def test_a_gap_stays_a_gap():
    gapped = Series(name="new", role="candidate", x=(1.0, 2.0, 3.0), y=(1.0, None, 0.25))
    tree = tree_of(line_chart(a_chart(gapped), DRAWN))
    assert points(tree) == {"new": [1.0, 0.25]}
    assert tree.find(f".//{C}dispBlanksAs").get("val") == "gap"
    assert [one.get("idx") for one in tree.find(f".//{C}yVal").iter(f"{C}pt")] == ["0", "2"]


def test_the_target_is_a_line_with_its_name():
    line = Series(name="new", role="candidate", x=(1.0, 2.0), y=(1.0, 0.01))
    tree = tree_of(line_chart(a_chart(line, target=0.1), DRAWN))
    assert points(tree)["target"] == [0.1, 0.1]
    names = ["".join(t.text for t in one.iter(f"{A}t")) for one in tree.iter(f"{C}dLbl")]
    assert names == ["new", "target"]


def test_every_line_is_as_long_as_the_longest_in_the_workbook():
    short = Series(name="new", role="candidate", x=(1.0, 2.0), y=(1.0, 0.01))
    long = Series(name="today", role="baseline", x=(1.0, 2.0, 3.0), y=(1.0, 0.5, 0.1))
    tree = tree_of(line_chart(a_chart(short, long), DRAWN))
    counts = {
        one.get("val")
        for axis in ("xVal", "yVal")
        for found in tree.iter(f"{C}{axis}")
        for one in found.iter(f"{C}ptCount")
    }
    assert counts == {"3"}


def test_a_plan_outside_of_its_bars_is_still_on_the_axis():
    chart = Chart(
        key="tornado",
        x=Axis(label="net_present_value", unit="USD"),
        y=Axis(label="value_of_input"),
        series=(Series(name="transfer", role="point", x=(5000.0, 9000.0), y=(1.1, 0.9)),),
        params={"base": 12000.0},
    )
    tree = tree_of(tornado_chart(chart, DRAWN))
    stands_at = float(tree.find(f".//{C}catAx").find(f"{C}crossesAt").get("val"))
    assert stands_at == pytest.approx(12.0)
    scaling = tree.find(f".//{C}valAx").find(f"{C}scaling")
    assert float(scaling.find(f"{C}max").get("val")) >= stands_at
