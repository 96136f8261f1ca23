"""Text that fits: measured, made smaller, and only then cut."""

import pytest

from backend.reports.pptx.text_fit import ELLIPSIS, LINE_HEIGHT, fitted, line_count, shortened

KANJI = "学習率とバッチサイズのスケジュール"


def test_a_square_script_takes_one_square_a_sign():
    # 17 signs at 10 pt, spared by a fiftieth: 173.4 pt.
    assert line_count(KANJI, width_pt=174, size_pt=10) == 1
    assert line_count(KANJI, width_pt=173, size_pt=10) == 2


def test_words_stay_whole_and_kanji_break_anywhere():
    assert line_count("growing batch", width_pt=50, size_pt=10) == 2
    assert line_count("x" * 60, width_pt=100, size_pt=10) >= 3


def test_a_closing_mark_never_begins_a_line():
    # Five signs wide: the full stop takes the sign before it along.
    assert line_count("あいうえお。", width_pt=52, size_pt=10) == 2


def test_the_largest_size_that_fits_is_taken():
    height = 20 * LINE_HEIGHT
    found = fitted(KANJI, width_pt=17 * 15.5, height_pt=height, sizes_pt=(20, 15, 10))
    assert (found.size_pt, found.lines, found.cut) == (15, 1, False)


def test_what_fits_in_no_size_ends_with_an_ellipsis_in_the_smallest():
    found = fitted(KANJI * 9, width_pt=100, height_pt=27, sizes_pt=(20, 10))
    assert found.cut
    assert found.size_pt == 10
    assert found.text.endswith(ELLIPSIS)
    assert line_count(found.text, width_pt=100, size_pt=10) == 2
    assert line_count(found.text[:-1] + "学習", width_pt=100, size_pt=10) > 2


@pytest.mark.parametrize("text", ["", "a", "学"])
def test_short_texts_stay_as_they_are(text):
    assert shortened(text, width_pt=50, size_pt=10) == text
