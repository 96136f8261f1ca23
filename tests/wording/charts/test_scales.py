import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording.charts.scales import logarithmic_ticks, round_ticks, scale_of, tick_text


def test_ticks_are_round_and_few():
    assert round_ticks(-5, 68) == (0, 20, 40, 60)
    assert round_ticks(0, 24) == (0, 5, 10, 15, 20)
    assert round_ticks(0.16, 0.61) == pytest.approx((0.2, 0.3, 0.4, 0.5, 0.6))


@given(low=st.floats(-1e9, 1e9), length=st.floats(1e-3, 1e9))
def test_there_are_never_more_ticks_than_asked_for_and_all_lie_inside(low, length):
    high = low + length
    ticks = round_ticks(low, high)
    slack = 1e-6 * max(abs(low), abs(high), length)
    assert len(ticks) <= 7
    assert all(low - slack <= tick <= high + slack for tick in ticks)


def test_logarithmic_ticks_are_powers_of_ten_where_there_are_many():
    assert logarithmic_ticks(0.5, 4) == (0.5, 1, 2)
    assert logarithmic_ticks(0.0008, 3) == pytest.approx((0.001, 0.01, 0.1, 1.0))


@pytest.mark.parametrize(
    ("unit", "largest", "language", "name", "factor"),
    [
        ("USD", 68_000, "en", "$K", 1e3),
        ("USD", 150, "en", "$", 1),
        ("USD", 68_000, "ja", "万ドル", 1e4),
        ("JPY", 2.5e8, "ja", "億円", 1e8),
        ("JPY", 2.5e6, "en", "¥M", 1e6),
        ("CHF", 5_000, "en", "CHF K", 1e3),
        ("s", 0.6, "en", "ms", 1e-3),
        ("s", 5_400, "ja", "h", 3600),
        ("h", 12, "en", "h", 1),
        ("h", 0.5, "ja", "min", 1 / 60),
        ("h", 0.00005, "en", "ms", 1 / 3_600_000),
        ("", 1_000, "en", "", 1),
    ],
)
def test_an_axis_is_read_in_the_unit_that_keeps_its_numbers_short(
    unit, largest, language, name, factor
):
    scale = scale_of(unit, largest, language)
    assert (scale.unit, scale.factor) == (name, factor)


def test_a_tick_has_a_real_minus_sign():
    assert tick_text(-50.0, "en") == "−50"
    assert tick_text(0.30000000000000004, "en") == "0.3"
