"""Assumptions joined to the prices of one day: what the team did not say, the price book does."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from planner.economics.assumptions import Assumptions
from planner.economics.energy import Facility
from planner.economics.ownership import Ownership
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
    """The assumptions with exchange rates, interruptions, ownership and electricity filled in.

    What the team typed stays, but an exchange rate of a later day than the review's prices.

    Args:
        assumptions: As they were typed.
        card: What a device costs, with what only its row knows.
        known_rates: Of the price book, newest first.
        facility: Electricity of the installation.
        day: Day whose prices are used; None for the newest.
        to_exchange: Amounts that the review will have to state in its currency.

    Raises:
        Refusal: An amount cannot be exchanged with what was known on the day.
    """
    joined = replace(assumptions, exchange_rates=_rates(assumptions, known_rates, day))
    for money in (card.rent_per_gpu_hour, *to_exchange):
        _exchanged(money, joined, day)
    filled: dict[str, Any] = {}
    if card.spot is not None and not assumptions.interruptions_per_device_h:
        filled["interruptions_per_device_h"] = card.spot.interruptions_per_device_h
        filled["checkpoint_interval_h"] = card.spot.checkpoint_interval_h
        filled["restart_h"] = card.spot.restart_h
    if card.ownership is not None and assumptions.ownership is None:
        filled["ownership"] = _ownership(card.ownership, joined, day)
    if facility is not None and assumptions.facility is None:
        filled["facility"] = _facility(facility, joined, day)
    return replace(joined, **filled)


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


def _ownership(ownership: Ownership, assumptions: Assumptions, day: str | None) -> Ownership:
    names = ("purchase", "residual", "maintenance_per_year", "energy_price_per_kwh")
    stated: dict[str, Any] = {
        name: _exchanged(getattr(ownership.device, name), assumptions, day) for name in names
    }
    return replace(ownership, device=replace(ownership.device, **stated))


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
