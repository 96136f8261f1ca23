"""Assumptions joined to the prices of one day: what the team did not say, the price book does."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from planner.economics.assumptions import Assumptions
from planner.economics.energy import Facility
from planner.economics.rates import RateCard
from planner.money import ExchangeRate, Money
from planner.refusal import Refusal
from planner.reviews.pace import in_reporting_currency


def with_prices(
    assumptions: Assumptions,
    card: RateCard,
    *,
    known_rates: Sequence[ExchangeRate],
    facility: Facility | None,
    day: str | None,
    to_exchange: Iterable[Money] = (),
) -> Assumptions:
    """The assumptions with the exchange rates and the electricity that the team did not type.

    What the team typed stays, but an exchange rate of a later day than the review's prices; its
    price of electricity is stated in the review's currency.

    Args:
        assumptions: As they were typed.
        card: What a device costs.
        known_rates: Of the price book, newest first.
        facility: Electricity of the installation.
        day: Day whose prices are used; None for the newest.
        to_exchange: Amounts that the review will have to state in its currency.

    Raises:
        Refusal: An amount cannot be exchanged with what was known on the day.
    """
    joined = replace(assumptions, exchange_rates=_rates(assumptions, known_rates, day))
    owned = () if card.ownership is None else (card.ownership.device.purchase,)
    for money in (card.rent_per_gpu_hour, *owned, *to_exchange):
        _exchanged(money, joined, day)
    typed = assumptions.facility
    if typed is not None and typed.energy_price_per_kwh is not None:
        here = _exchanged(typed.energy_price_per_kwh, joined, day)
        return replace(joined, facility=replace(typed, energy_price_per_kwh=here))
    if facility is None or typed is not None:
        return joined
    return replace(joined, facility=_facility(facility, joined, day))


def _rates(
    assumptions: Assumptions, known_rates: Sequence[ExchangeRate], day: str | None
) -> tuple[ExchangeRate, ...]:
    """The typed rates, then the newest of the book for every other pair that can be needed.

    With a day, the newest of both up to that day.
    """
    typed = assumptions.exchange_rates
    if day is not None:
        both = sorted((*typed, *known_rates), key=lambda rate: rate.as_of, reverse=True)
        typed, known_rates = (), [rate for rate in both if rate.as_of <= day]
    pairs = {frozenset((rate.base, rate.quote)) for rate in typed}
    chosen = list(typed)
    for rate in known_rates:
        pair = frozenset((rate.base, rate.quote))
        if assumptions.currency in pair and pair not in pairs:
            pairs.add(pair)
            chosen.append(rate)
    return tuple(chosen)


def _facility(facility: Facility, assumptions: Assumptions, day: str | None) -> Facility:
    """Without its price where that cannot be exchanged: carbon needs none."""
    price = facility.energy_price_per_kwh
    if price is None:
        return facility
    try:
        return replace(facility, energy_price_per_kwh=_exchanged(price, assumptions, day))
    except Refusal:
        return replace(facility, energy_price_per_kwh=None)


def _exchanged(money: Money, assumptions: Assumptions, day: str | None) -> Money:
    try:
        return in_reporting_currency(money, assumptions)
    except Refusal as refusal:
        if day is None:
            raise
        raise Refusal(
            refusal.field,
            "exchange_rate_missing_on_day",
            base=money.currency,
            quote=assumptions.currency,
            day=day,
        ) from refusal
