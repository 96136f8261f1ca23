"""Depreciation as Japanese tax law schedules it; it is no cash and enters no cash flow."""

import math
from dataclasses import dataclass

from planner.money import Money
from planner.refusal import require

MEMORANDUM_VALUE = 1.0
"""Yen that stay on the books when an asset is written off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepreciationRates:
    """Rates of one useful life.

    Attributes:
        straight_line_fraction: Share of the purchase price written off every year.
        declining_fraction: Share of the book value written off, 200 % declining balance.
        revised_fraction: Share used from the year in which that falls below the guarantee.
        guarantee_fraction: Guaranteed amount as a share of the purchase price.
    """

    straight_line_fraction: float
    declining_fraction: float
    revised_fraction: float
    guarantee_fraction: float


RATES_BY_LIFE: dict[int, DepreciationRates] = {
    4: DepreciationRates(
        straight_line_fraction=0.250,
        declining_fraction=0.500,
        revised_fraction=1.000,
        guarantee_fraction=0.12499,
    ),
    5: DepreciationRates(
        straight_line_fraction=0.200,
        declining_fraction=0.400,
        revised_fraction=0.500,
        guarantee_fraction=0.10800,
    ),
}
"""Rates by useful life in years: 4 for personal computers, 5 for servers.

Source: Ministry of Finance ordinance on useful lives of depreciable assets (減価償却資産の
耐用年数等に関する省令), appended tables 8 and 10, for assets acquired since April 2012.
"""


def straight_line(purchase: Money, *, life_years: int) -> tuple[Money, ...]:
    """Yearly amounts of the straight-line method, down to the memorandum value."""
    rates = _rates(life_years)
    yearly = purchase.amount * rates.straight_line_fraction
    return _down_to_memorandum(purchase, [yearly] * life_years)


def declining_balance(purchase: Money, *, life_years: int) -> tuple[Money, ...]:
    """Yearly amounts of the 200 % declining balance with guaranteed amount.

    From the year in which the declining amount falls below the guarantee, the book value of
    that year is written off at the revised rate.
    """
    rates = _rates(life_years)
    guaranteed = purchase.amount * rates.guarantee_fraction
    book, revised, amounts = purchase.amount, None, []
    for _ in range(life_years):
        if revised is None and book * rates.declining_fraction < guaranteed:
            revised = book * rates.revised_fraction
        amount = book * rates.declining_fraction if revised is None else revised
        amounts.append(amount)
        book -= amount
    return _down_to_memorandum(purchase, amounts)


def _rates(life_years: int) -> DepreciationRates:
    require(life_years in RATES_BY_LIFE, "life_years", "useful_life_unknown", years=life_years)
    return RATES_BY_LIFE[life_years]


def _down_to_memorandum(purchase: Money, amounts: list[float]) -> tuple[Money, ...]:
    """Whole units, never below the memorandum value."""
    left, schedule = purchase.amount, []
    for amount in amounts:
        whole = math.floor(amount + 1e-6)
        written_off = max(0.0, min(whole, left - MEMORANDUM_VALUE))
        schedule.append(Money(amount=written_off, currency=purchase.currency))
        left -= written_off
    return tuple(schedule)
