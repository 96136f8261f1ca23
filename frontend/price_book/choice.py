"""Rows of the price book to choose from, where a pilot's own may be gone or older."""

from collections.abc import Sequence

import streamlit as st

from frontend.price_book import calls
from frontend.session import Session
from planner.economics.rates import RateCard
from planner.money import ExchangeRate, Money

PRICE_DAY = "price_day"
"""Day whose prices a review uses, in the link and on the page."""

_KNOWN = "prices.known"


def cards(session: Session) -> tuple[RateCard, ...]:
    """The book of the day that the page is about; read once a day and browser."""
    day = _day()
    known: dict[str | None, tuple[RateCard, ...]] = st.session_state.setdefault(_KNOWN, {})
    if day not in known:
        known[day] = session.api.prices(on=day)
    return known[day]


def entered_rates(session: Session) -> tuple[ExchangeRate, ...]:
    """Exchange rates of the book that were known on the day, newest first."""
    day = _day()
    known = (state.rate for state in calls.exchange_rates(session.api))
    return tuple(rate for rate in known if day is None or rate.as_of <= day)


def forget() -> None:
    """Reads the book again, after a change of it."""
    st.session_state.pop(_KNOWN, None)


def with_row(known: Sequence[RateCard], profile: str) -> tuple[RateCard, ...]:
    """The same rows and, where it is missing, one for ``profile`` that has no price.

    A row that is retired, or was not known on a day, is shown with the refusal that it gets.
    """
    if any(card.id == profile for card in known):
        return tuple(known)
    missing = RateCard(
        id=profile,
        device=profile,
        vendor="",
        kind="on_demand",
        rent_per_gpu_hour=Money(amount=0.0, currency="USD"),
    )
    return (*known, missing)


def name_of(card: RateCard, session: Session) -> str:
    """Device, vendor and region, or this computer in the reader's words."""
    if card.kind == "this_computer":
        return session.say("rate_kind.this_computer")
    return ", ".join(part for part in (card.device, card.vendor, card.region) if part)


def _day() -> str | None:
    """The day in the field or, before it is drawn first, in the link."""
    chosen = st.session_state.get(PRICE_DAY) or st.query_params.get(PRICE_DAY)
    return None if chosen is None else str(chosen)
