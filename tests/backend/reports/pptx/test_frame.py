"""The room beside a native chart: a long upright title is given as many lines as it takes."""

from dataclasses import replace

import pytest

from backend.reports.pptx.charts.axes import NUMBERS, NativeAxis
from backend.reports.pptx.charts.frame import Drawn, left_pt
from backend.reports.pptx.text_fit import LINE_HEIGHT

COST = NativeAxis(low=0, high=100, step=20, factor=1, title="学習1回の追加費用（ドル）")
HIGH = Drawn(main="growing batch", language="ja", width_pt=400, height_pt=300)


def test_a_title_that_a_low_chart_breaks_into_two_lines_stays_off_the_numbers():
    low = replace(HIGH, height_pt=120)
    one_line = NUMBERS.size_pt * LINE_HEIGHT
    assert left_pt(COST, low) - left_pt(COST, HIGH) == pytest.approx(one_line)


def test_a_short_title_takes_one_line_in_a_low_chart_too():
    short = replace(COST, title="損失")
    assert left_pt(short, replace(HIGH, height_pt=120)) == left_pt(short, HIGH)
