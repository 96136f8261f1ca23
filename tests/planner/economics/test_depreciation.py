import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.depreciation import declining_balance, straight_line
from planner.money import Money
from planner.refusal import Refusal


def yen(amount: float) -> Money:
    return Money(amount=amount, currency="JPY")


@pytest.mark.parametrize(
    ("life_years", "expected"),
    [
        (5, (400_000, 240_000, 144_000, 108_000, 107_999)),
        (4, (500_000, 250_000, 125_000, 124_999)),
    ],
)
def test_a_million_yen_declines_by_the_tables_of_the_ordinance(life_years, expected):
    amounts = declining_balance(yen(1_000_000), life_years=life_years)
    assert amounts == tuple(yen(amount) for amount in expected)


def test_a_straight_line_leaves_one_yen_on_the_books():
    assert straight_line(yen(1_000_000), life_years=5) == (yen(200_000),) * 4 + (yen(199_999),)


@given(st.integers(2, 10**9), st.sampled_from([4, 5]))
def test_no_method_writes_off_more_than_the_price_less_one_yen(price, life_years):
    for method in (straight_line, declining_balance):
        amounts = [money.amount for money in method(yen(price), life_years=life_years)]
        assert min(amounts) >= 0
        assert sum(amounts) <= price - 1


def test_a_life_without_published_rates_is_refused():
    with pytest.raises(Refusal) as refusal:
        straight_line(yen(1), life_years=7)
    assert (refusal.value.field, refusal.value.code) == ("life_years", "useful_life_unknown")
