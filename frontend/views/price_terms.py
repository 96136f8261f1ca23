"""Exchange rates and electricity of the installation: entered with a day, never assumed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.refusals import show_refusal
from frontend.components.terms import head_cell
from frontend.price_book import calls
from frontend.price_book.table import age_text
from frontend.session import Session
from frontend.views import price_said
from frontend.views.price_entry import CURRENCIES, day, number
from frontend.views.price_said import FIELD
from planner.exchange.price_states import ExchangeRateState, FacilityState
from planner.money import Money
from wording.money import money
from wording.numbers import significant
from wording.times import day as day_text

RATE_HEADS = ("pair", "rate", "read", "source")
FACILITY_HEADS = ("electricity", "pue", "grid", "read", "source")


def show(session: Session) -> None:
    """Draws both, what is known above the form for more."""
    price_said.tell_done()
    with st.container(key="split-price-terms"):
        left, right = st.columns(2, gap="medium")
    with left:
        _exchange_rates(session)
    with right:
        _facilities(session)


def _exchange_rates(session: Session) -> None:
    words = partial(_words, session)
    known = [_rate_row(session, state) for state in calls.exchange_rates(session.api)]
    with _card(session, "rates", RATE_HEADS, known):
        base, quote = st.columns(2)
        with base:
            typed: dict[str, Any] = {"base": _currency(session, "base", 0)}
        with quote:
            typed["quote"] = _currency(session, "quote", 1)
        rate, read = st.columns(2)
        with rate:
            label = session.say("page.prices.field_rate", base=typed["base"], quote=typed["quote"])
            typed["rate"] = _plain_number(label, "rate")
        with read:
            typed["as_of"] = day(session, "rate_as_of")
        typed["source"] = st.text_input(words("field_source"), key=FIELD + "rate_source") or ""
        offer = session.offer("POST /api/exchange-rates")
        if st.button(words("rate_now"), key="prices.rate", type="primary", **offer):
            _send(session, calls.enter_exchange_rate, typed)


def _facilities(session: Session) -> None:
    words = partial(_words, session)
    known = [_facility_row(session, state) for state in calls.facilities(session.api)]
    with _card(session, "facility", FACILITY_HEADS, known):
        price, unit = st.columns(2)
        with price:
            amount = number(session, "energy_price_per_kwh", {}, step=0.01)
        with unit:
            currency = _currency(session, "energy_currency", 0)
        pue, grid = st.columns(2)
        with pue:
            facts: dict[str, Any] = {"pue": number(session, "pue", {}, step=0.05)}
        with grid:
            facts["grid_kg_per_kwh"] = number(session, "grid_kg_per_kwh", {}, step=0.01)
        read, source = st.columns(2)
        with read:
            facts["as_of"] = day(session, "facility_as_of")
        with source:
            facts["source"] = st.text_input(words("field_source"), key=FIELD + "grid_source") or ""
        if amount is not None:
            facts["energy_price_per_kwh"] = {"amount": amount, "currency": currency}
        offer = session.offer("POST /api/facilities")
        if st.button(words("facility_now"), key="prices.facility", **offer):
            _send(session, calls.enter_facility, facts)


@contextmanager
def _card(
    session: Session, terms: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[None]:
    """What is known of some terms, and below it what is drawn within: the form for more."""
    title = _words(session, f"{terms}_title")
    with st.container(border=True, key=f"card-price-{terms}"):
        card_title(title, _words(session, f"{terms}_hint"))
        _known(session, heads, rows, title=title)
        yield


def _send(session: Session, call: Callable[..., object], typed: Mapping[str, Any]) -> None:
    """What nobody typed is left out, so that the refusal names it."""
    words = partial(_words, session)
    try:
        call(session.api, {name: value for name, value in typed.items() if value is not None})
    except ApiRefused as refused:
        names = ("source", "pue", "grid_kg_per_kwh", "energy_price_per_kwh", "as_of")
        labels = {name: words(f"field_{name}") for name in names}
        labels |= {"rate": words("column_rate"), "quote": words("field_quote")}
        show_refusal(session, refused, labels)
        return
    price_said.done(words("terms_entered"))
    st.rerun()


def _known(
    session: Session, heads: Sequence[str], rows: Sequence[Sequence[str]], *, title: str
) -> None:
    if not rows:
        st.text(_words(session, "nothing_entered"))
        return
    head = [head_cell(_words(session, f"column_{name}"), session.language) for name in heads]
    body = [
        element(
            "tr",
            element("th", text(row[0]), scope="row"),
            *(element("td", text(cell)) for cell in row[1:]),
        )
        for row in rows
    ]
    table = element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *body),
        class_="pb-grid",
    )
    show_table(table, label=title)


def _rate_row(session: Session, state: ExchangeRateState) -> tuple[str, ...]:
    rate = state.rate
    return (
        f"{rate.base} → {rate.quote}",
        significant(rate.rate, session.language),
        _read(session, rate.as_of, state.age_days),
        rate.source,
    )


def _facility_row(session: Session, state: FacilityState) -> tuple[str, ...]:
    facility = state.facility
    return (
        _per_kwh(session, facility.energy_price_per_kwh),
        significant(facility.pue, session.language),
        significant(facility.grid_kg_per_kwh, session.language),
        _read(session, facility.as_of, state.age_days),
        facility.source,
    )


def _per_kwh(session: Session, price: Money | None) -> str:
    if price is None:
        return _words(session, "not_entered")
    return money(price.amount, price.currency, session.language, decimals=2)


def _read(session: Session, as_of: str, age_days: int) -> str:
    return f"{day_text(as_of, session.language)} ({age_text(age_days, session.language)})"


def _currency(session: Session, name: str, place: int) -> str:
    chosen = st.selectbox(
        _words(session, f"field_{name}"),
        CURRENCIES,
        index=place,
        key=FIELD + name,
        format_func=lambda code: session.say(f"format.currency.{code}"),
    )
    return chosen or CURRENCIES[place]


def _plain_number(label: str, name: str) -> float | None:
    value: float | None = st.number_input(
        label, key=FIELD + name, value=None, step=1.0, format="%.10g"
    )
    return value


def _words(session: Session, key: str) -> str:
    return session.say(f"page.prices.{key}")
