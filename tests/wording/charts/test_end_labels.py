from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wording.charts.end_labels import spread, wrapped


def test_a_long_name_takes_two_lines_and_then_ends():
    assert wrapped("growing batch and rate") == ["growing batch", "and rate"]
    assert wrapped("a name that would fill very many lines")[-1].endswith("…")


def test_labels_that_do_not_touch_stay_where_they_are():
    assert spread([20, 60], [17, 17], 0, 100) == [20, 60]


def test_labels_on_one_spot_move_apart_and_stay_inside():
    assert spread([95, 95], [20, 20], 0, 100) == [70, 90]


@given(
    positions=st.lists(st.floats(0, 300), min_size=1, max_size=8).map(sorted),
)
def test_no_label_covers_another(positions):
    heights = [17.0] * len(positions)
    placed = spread(positions, heights, 0, 300)
    gaps = [high - low for low, high in pairwise(placed)]
    assert all(gap >= 17 - 1e-9 for gap in gaps)
    assert placed[-1] <= 300 - 8.5 + 1e-9
