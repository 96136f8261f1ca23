import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording.numbers import multiple, number, percent, ratio, significant


def test_whole_numbers_are_grouped_and_have_no_decimals():
    assert number(374760, "en") == "374,760"
    assert number(374760.0, "ja") == "374,760"


def test_large_numbers_are_shown_like_any_other():
    assert number(115_000_000, "en") == "115,000,000"
    assert number(150_000_000.5, "en") == "150,000,000"
    assert number(10**15, "ja") == "1,000,000,000,000,000"


def test_other_numbers_have_four_figures():
    assert number(0.1 + 0.2, "en") == "0.3"
    assert number(40697.2069, "en") == "40,700"
    assert number(0.00001, "en") == "0.00001"


def test_minus_is_a_real_minus_sign_and_zero_has_none():
    assert number(-0.5, "en") == "\N{MINUS SIGN}0.5"
    assert number(-0.0, "ja") == "0"
    assert number(-0.004, "en", decimals=2) == "0.00"


def test_a_change_shows_its_plus_sign():
    assert number(3, "en", signed=True) == "+3"
    assert percent(-0.021, "ja", decimals=1, signed=True) == "\N{MINUS SIGN}2.1%"
    assert percent(0, "en", signed=True) == "0%"


def test_halves_are_rounded_away_from_zero_as_accountants_do():
    assert number(2.675, "en", decimals=2) == "2.68"
    assert number(-2.5, "en", decimals=0) == "\N{MINUS SIGN}3"


def test_a_share_is_shown_in_percent():
    assert percent(0.125, "en") == "13%"
    assert percent(0.549280272, "ja", decimals=1) == "54.9%"


def test_a_ratio_says_times():
    assert ratio(0.729570881, "en") == "0.73×"
    assert ratio(0.729570881, "ja") == "0.73倍"


def test_figures_are_counted_after_rounding():
    assert significant(12345, "en") == "12,300"
    assert significant(0.012345, "en") == "0.0123"
    assert significant(9.999, "en") == "10.0"
    assert significant(0, "en") == "0"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_never_shown(value):
    with pytest.raises(ValueError, match="finite"):
        number(value, "en")


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_what_is_shown_reads_back_within_half_a_unit_of_the_last_decimal(value, decimals):
    shown = number(value, "ja", decimals=decimals)
    read = float(shown.replace(",", "").replace("\N{MINUS SIGN}", "-"))
    assert abs(read - value) <= 0.5 * 10**-decimals + 1e-12 * abs(value)


def test_a_factor_has_only_the_decimals_that_it_needs():
    assert [multiple(factor, "en") for factor in (0.25, 0.5, 1.0, 4.0)] == [
        "0.25×", "0.5×", "1×", "4×",
    ]  # fmt: skip
    assert multiple(0.25, "ja") == "0.25倍"
