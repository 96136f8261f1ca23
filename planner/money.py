"""Amounts of money that know their currency."""

import math
import re
from dataclasses import dataclass
from datetime import date

from planner.bounds import check_positive
from planner.refusal import Refusal, require

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in one currency; costs are positive, savings are stated where they are shown.

    Attributes:
        amount: In whole units of the currency, full precision; rounding is for display.
        currency: ISO 4217 code such as ``USD`` or ``JPY``.
    """

    amount: float
    currency: str

    def __post_init__(self) -> None:
        require(math.isfinite(self.amount), "amount", "not_finite")
        require_currency(self.currency, "currency")

    def __add__(self, other: "Money") -> "Money":
        return Money(amount=self.amount + self._same(other), currency=self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(amount=self.amount - self._same(other), currency=self.currency)

    def __mul__(self, factor: float) -> "Money":
        return Money(amount=self.amount * factor, currency=self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return self * -1.0

    def _same(self, other: "Money") -> float:
        """The other amount, refused when its currency differs: exchange it first."""
        require_money_in(self.currency, other, "currency")
        return other.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """What one unit of ``base`` cost in ``quote`` on one day.

    Attributes:
        base: ISO 4217 code of the currency that is exchanged.
        quote: ISO 4217 code of the currency that is received.
        rate: Units of ``quote`` for one unit of ``base``.
        as_of: ISO date on which the rate was read.
        source: Where it was read; empty if nobody said.
    """

    base: str
    quote: str
    rate: float
    as_of: str
    source: str = ""

    def __post_init__(self) -> None:
        require_currency(self.base, "base")
        require_currency(self.quote, "quote")
        require(self.base != self.quote, "quote", "exchange_into_itself")
        check_positive(self.rate, "rate")
        require_day(self.as_of, "as_of")


def exchange(money: Money, currency: str, rates: tuple[ExchangeRate, ...]) -> Money:
    """The same value in another currency; refused when no rate for the pair is known."""
    if money.currency == currency:
        return money
    for rate in rates:
        if (rate.base, rate.quote) == (money.currency, currency):
            return Money(amount=money.amount * rate.rate, currency=currency)
        if (rate.quote, rate.base) == (money.currency, currency):
            return Money(amount=money.amount / rate.rate, currency=currency)
    raise Refusal("exchange_rates", "exchange_rate_missing", base=money.currency, quote=currency)


def require_money_in(currency: str, money: Money, field: str) -> None:
    """Refuses money of another currency at ``field``: exchange it first."""
    require(
        money.currency == currency,
        field,
        "currencies_mixed",
        expected=currency,
        found=money.currency,
    )


def require_currency(code: str, field: str) -> None:
    """Refuses anything but three capital letters, the form of an ISO 4217 code."""
    require(_CURRENCY.fullmatch(code) is not None, field, "currency_unknown", currency=code)


def require_day(text: str, field: str) -> None:
    """Refuses a day that is not written as ``YYYY-MM-DD`` or is not in the calendar.

    One way to write a day, so that days can be compared as they are written.
    """
    try:
        written = date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    require(written == text, field, "day_unreadable", day=text[:40])
