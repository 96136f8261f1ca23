"""What a pilot that is not started would use of its own caps and of the month's."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from planner.economics.cost import SECONDS_PER_HOUR
from planner.money import ExchangeRate
from planner.pilots.cap_use import CapScope, CapUse, in_currency, spent_at, uses, with_more
from planner.pilots.caps import CapTerms, Limits


def cap_forecast(
    terms: CapTerms,
    rates: Iterable[ExchangeRate],
    *,
    longest_run_s: float | None,
    device_h: float | None,
    month: Iterable[CapUse] = (),
) -> tuple[CapUse, ...]:
    """Every cap that may stop the pilot, with what is expected of it; nothing is used yet.

    Args:
        terms: The pilot's caps, and what they are counted at.
        rates: Exchange rates into the currencies of the caps.
        longest_run_s: Device seconds of its longest run; None while the speed is unknown.
        device_h: Device-hours of all its runs; None while the speed is unknown.
        month: Caps of the installation, with what is expected of them without this pilot.
    """
    told = tuple(rates)
    pilot_s = None if device_h is None else device_h * SECONDS_PER_HOUR
    needs = (
        *((use, pilot_s) for use in _unused("pilot", terms.caps.of_pilot, terms)),
        *((use, longest_run_s) for use in _unused("run", terms.caps.of_run, terms)),
        *((use, pilot_s) for use in month),
    )
    return tuple(
        replace(use, expected=None)
        if seconds is None or not (use.scope == "month" or terms.counts(use.unit))
        else with_more(use, spent_at(terms, seconds=seconds), told)
        for use, seconds in needs
    )


def _unused(scope: CapScope, limits: Limits, terms: CapTerms) -> Iterator[CapUse]:
    """Caps of which nothing is used."""
    currency = "USD" if limits.money is None else limits.money.currency
    return uses(scope, limits, in_currency(spent_at(terms, seconds=0.0), currency, ()))
