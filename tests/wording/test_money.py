import pytest
from hypothesis import given
from hypothesis import strategies as st

from wording.money import compact_money, currency_name, money, money_range, rounded_amount


def test_yen_have_no_decimals():
    assert money(1234567.5, "JPY", "ja") == "1,234,568円"
    assert money(1234567.5, "JPY", "en") == "¥1,234,568"


def test_dollars_have_cents():
    assert money(1234.5, "USD", "en") == "$1,234.50"
    assert money(1234.5, "USD", "ja") == "1,234.50ドル"


def test_the_sign_stands_before_the_symbol():
    assert money(-5, "USD", "en") == "\N{MINUS SIGN}$5.00"
    assert money(5, "EUR", "en", signed=True) == "+€5.00"
    assert money(-5, "JPY", "ja") == "\N{MINUS SIGN}5円"


def test_a_currency_without_a_symbol_or_a_name_shows_its_code():
    assert money(3, "CHF", "en") == "CHF 3.00"
    assert money(3, "CHF", "ja") == "3.00 CHF"


def test_an_hourly_price_keeps_its_decimals():
    assert money(0.0375, "USD", "en", decimals=4) == "$0.0375"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0円"),
        (9_876, "9,876円"),
        (12_345, "1.23万円"),
        (1_234_567, "123万円"),
        (99_999_999, "1.00億円"),
        (123_456_789, "1.23億円"),
        (-1_200_000_000, "\N{MINUS SIGN}12.0億円"),
        (2_500_000_000_000, "2.50兆円"),
    ],
)
def test_yen_are_counted_in_man_and_oku(amount, shown):
    assert compact_money(amount, "JPY", "ja") == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (1.5, "$1.50"),
        (-12_345, "\N{MINUS SIGN}$12.3K"),
        (999_600, "$1.00M"),
        (3_303_746_852, "$3.30B"),
    ],
)
def test_dollars_are_counted_in_thousands_and_millions(amount, shown):
    assert compact_money(amount, "USD", "en") == shown


def test_dollars_in_japanese_are_counted_in_man():
    assert compact_money(33_037.47, "USD", "ja", signed=True) == "+3.30万ドル"


def test_a_range_names_both_ends():
    assert money_range(-1200, 3400, "USD", "en") == "\N{MINUS SIGN}$1.20K to $3.40K"
    assert money_range(12_000, 34_000, "JPY", "ja") == "1.20万円〜3.40万円"


def test_an_amount_in_a_file_has_the_decimals_of_its_currency():
    assert rounded_amount(-1234.567, "USD") == "-1234.57"
    assert rounded_amount(1234.567, "JPY") == "1235"


@given(st.floats(0.01, 1e13), st.sampled_from(["USD", "JPY"]))
def test_losing_an_amount_reads_as_earning_it_with_a_minus(amount, currency):
    earned = compact_money(amount, currency, "ja", signed=True)
    lost = compact_money(-amount, currency, "ja", signed=True)
    assert earned.strip("+") == lost.strip("\N{MINUS SIGN}")


def test_a_currency_that_has_no_name_here_is_called_by_its_code():
    assert currency_name("JPY", "en") == "yen"
    assert [currency_name("GBP", language) for language in ("en", "ja")] == ["GBP", "GBP"]
