import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.money import ExchangeRate, Money, exchange
from planner.refusal import Refusal

amounts = st.floats(min_value=-1e12, max_value=1e12)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def yen_per_dollar(rate: float) -> ExchangeRate:
    return ExchangeRate(base="USD", quote="JPY", rate=rate, as_of="2025-11-03")


def test_amounts_of_one_currency_add_subtract_and_scale():
    assert usd(4 * 2.0) + usd(0.45) - usd(0.20) == usd(8.25)
    assert -usd(3) == usd(-3)
    assert 2 * usd(3) == usd(3) * 2 == usd(6)


def test_dollars_and_yen_are_never_added():
    with pytest.raises(Refusal) as refusal:
        usd(1) + Money(amount=1, currency="JPY")
    assert (refusal.value.field, refusal.value.code) == ("currency", "currencies_mixed")


@pytest.mark.parametrize("amount", [math.nan, math.inf, -math.inf])
def test_an_amount_that_is_not_a_number_is_refused(amount):
    with pytest.raises(Refusal) as refusal:
        usd(amount)
    assert refusal.value.code == "not_finite"


@pytest.mark.parametrize("currency", ["", "usd", "US", "DOLLAR"])
def test_a_currency_is_three_capital_letters(currency):
    with pytest.raises(Refusal) as refusal:
        Money(amount=1, currency=currency)
    assert refusal.value.code == "currency_unknown"


def test_a_rate_exchanges_in_both_directions():
    rates = (yen_per_dollar(150.0),)
    assert exchange(usd(2), "JPY", rates) == Money(amount=2 * 150.0, currency="JPY")
    assert exchange(Money(amount=300, currency="JPY"), "USD", rates) == usd(300 / 150.0)
    assert exchange(usd(2), "USD", ()) == usd(2)


def test_a_missing_rate_is_asked_for_by_name():
    with pytest.raises(Refusal) as refusal:
        exchange(usd(2), "EUR", (yen_per_dollar(150.0),))
    assert refusal.value.code == "exchange_rate_missing"
    assert refusal.value.params == {"base": "USD", "quote": "EUR"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("rate", 0.0, "not_positive"),
        ("rate", math.nan, "not_finite"),
        ("base", "usd", "currency_unknown"),
        ("as_of", "2025-02-30", "day_unreadable"),
        ("as_of", "yesterday", "day_unreadable"),
    ],
)
def test_a_nonsense_exchange_rate_is_refused_at_its_field(field, value, code):
    fields = {"base": "USD", "quote": "JPY", "rate": 150.0, "as_of": "2025-11-03"}
    with pytest.raises(Refusal) as refusal:
        ExchangeRate(**{**fields, field: value})
    assert (refusal.value.field, refusal.value.code) == (field, code)


@given(amounts, st.floats(min_value=1e-3, max_value=1e3))
def test_exchanging_there_and_back_keeps_the_value(amount, rate):
    rates = (yen_per_dollar(rate),)
    back = exchange(exchange(usd(amount), "JPY", rates), "USD", rates)
    assert back.amount == pytest.approx(amount, rel=1e-12)
