"""The currency of a review, and the rate that leads to it."""

from datetime import UTC, datetime

import streamlit as st

from frontend.price_book.choice import entered_rates
from frontend.session import Session
from planner.economics.assumptions import Assumptions
from planner.money import ExchangeRate
from wording.assumption_fields import in_currency

CURRENCIES = ("USD", "JPY")


def in_chosen_currency(session: Session, own: Assumptions) -> Assumptions:
    """The assumptions in the chosen currency; in their own until a rate is entered."""
    currency = st.segmented_control(
        session.say("page.assumptions.currency"),
        list(dict.fromkeys((own.currency, *CURRENCIES))),
        default=own.currency,
        required=True,
        key="currency",
        bind="query-params",
        width="stretch",
    )
    if currency is None or currency == own.currency:
        return own
    return in_currency(own, _exchange_rate(session, own, currency))


def _exchange_rate(session: Session, own: Assumptions, currency: str) -> ExchangeRate | None:
    known = next(
        (
            rate
            for rate in (*own.exchange_rates, *entered_rates(session))
            if (rate.base, rate.quote) == (own.currency, currency)
        ),
        None,
    )
    rate = st.number_input(
        session.say("page.assumptions.exchange_rate", base=own.currency, quote=currency),
        min_value=0.0001,
        value=known.rate if known else None,
        format="%.4g",
        key="exchange_rate",
        bind="query-params",
        placeholder=session.say("page.assumptions.exchange_rate_missing"),
    )
    today = datetime.now(tz=UTC).date()
    day = st.date_input(
        session.say("page.assumptions.exchange_day"),
        value=known.as_of if known else today,
        key="exchange_day",
        bind="query-params",
    )
    if rate is None:
        st.caption(session.say("page.assumptions.exchange_rate_needed", currency=own.currency))
        return None
    return ExchangeRate(base=own.currency, quote=currency, rate=rate, as_of=str(day or today))
