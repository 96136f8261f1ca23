from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording.times import clock, day, duration, moment, months


def test_a_day_is_written_as_people_write_it():
    assert day(date(2026, 11, 24), "en") == "November 24, 2026"
    assert day("2026-11-24", "ja") == "2026年11月24日"


def test_a_moment_has_its_clock_time():
    at = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    assert moment(at, "en") == "Nov 24, 2026 09:05"
    assert moment(at, "ja") == "2026年11月24日 09:05"
    assert clock(at, "en") == clock(at, "ja") == "09:05"


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0.000045, "45.0 µs", "45.0マイクロ秒"),
        (0.0123, "12.3 ms", "12.3ミリ秒"),
        (3.43682921, "3.44 s", "3.44秒"),
        (4 * 60 + 12, "4 min 12 s", "4分12秒"),
        (3 * 3600 + 5 * 60, "3 h 5 min", "3時間5分"),
        (2 * 86400 + 4 * 3600, "2 d 4 h", "2日4時間"),
        (-90, "\N{MINUS SIGN}1 min 30 s", "\N{MINUS SIGN}1分30秒"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds, english, japanese):
    assert duration(seconds, "en") == english
    assert duration(seconds, "ja") == japanese


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.99999, "1.00 s"), (59.99, "1 min 0 s"), (3599.7, "1 h 0 min"), (86_399, "1 d 0 h")],
)
def test_rounding_up_moves_to_the_next_unit(seconds, shown):
    assert duration(seconds, "en") == shown


@given(st.floats(60, 86_400 * 400))
def test_a_shown_duration_is_within_one_part_in_a_hundred(seconds):
    units = {"d": 86_400, "h": 3600, "min": 60, "s": 1}
    words = duration(seconds, "en").split()
    read = sum(
        float(value) * units[unit] for value, unit in zip(words[::2], words[1::2], strict=True)
    )
    assert abs(read - seconds) <= 0.021 * seconds


def test_months_have_one_decimal():
    assert months(16.6666667, "en") == "16.7 months"
    assert months(16.6666667, "ja") == "16.7か月"
