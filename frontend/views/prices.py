"""Price book: what devices cost, who says so and since when, and the way to enter more."""

import math
from collections.abc import Callable
from typing import get_args

import streamlit as st

from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.headings import page_title
from frontend.components.markup import show as put
from frontend.price_book import calls
from frontend.price_book.table import CSV_COLUMNS, ROW_PARAM, csv_rows, price_table
from frontend.session import Session, link, linked
from frontend.views import price_entry, price_import, price_row, price_said, price_terms
from planner.economics.rates import RateKind
from planner.exchange.price_states import PriceState
from planner.exchange.states import Page

PART_PARAM, KIND_PARAM, DEVICE_PARAM, SEARCH_PARAM = "part", "kind", "device", "search_prices"
PARTS = ("rows", "enter", "import", "terms")
KINDS = tuple(kind for kind in get_args(RateKind) if kind != "own")
PAGE_SIZE = 50

_PAGE_STATE = "prices_page"


def show(session: Session) -> None:
    """Draws the page."""
    page_title(session.say("page.prices.title"), session.say("page.prices.subtitle"))
    price_said.follow_part()
    part = _part(session)
    parts: dict[str, Callable[[Session], None]] = {
        "enter": price_entry.show,
        "import": price_import.show,
        "terms": price_terms.show,
    }
    parts.get(part, _rows)(session)


def _part(session: Session) -> str:
    """Which part is looked at; kept in the link."""
    wanted = linked(PART_PARAM)
    st.session_state.setdefault(price_said.PART, wanted if wanted in PARTS else PARTS[0])
    chosen = st.segmented_control(
        session.say("page.prices.part"),
        PARTS,
        required=True,
        format_func=lambda part: session.say(f"page.prices.part_{part}"),
        key=price_said.PART,
        label_visibility="collapsed",
    )
    link(PART_PARAM, None if chosen == PARTS[0] else chosen)
    return chosen or PARTS[0]


def _rows(session: Session) -> None:
    kind, device, search = _filters(session)
    page = _page(session, kind, device, search)
    if not page.items:
        st.write(session.say("page.prices.none_found"))
        return
    named = linked(ROW_PARAM)
    price_said.tell_done()
    if named:
        price_row.show(session, named)
    put(price_table(page.items, named, session.language))
    with st.container(horizontal=True, vertical_alignment="center"):
        pages = math.ceil(page.total / PAGE_SIZE)
        if pages > 1:
            st.pagination(pages, key=_PAGE_STATE)
        csv_button(
            session,
            "prices",
            lambda: csv_bytes(CSV_COLUMNS, csv_rows(page.items)),
            session.say("page.prices.title"),
        )


def _filters(session: Session) -> tuple[str | None, str | None, str]:
    """What is looked for; kept in the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="price_filters"):
        search = st.text_input(
            session.say("page.prices.search"),
            value=linked(SEARCH_PARAM) or "",
            key="prices.search",
            icon=":material/search:",
            width=260,
            on_change=_first_page,
        )
        kind = _filter(
            session, KIND_PARAM, KINDS, names=lambda kind: session.say(f"rate_kind.{kind}")
        )
        device = _filter(session, DEVICE_PARAM, calls.devices(session.api), names=str)
    link(SEARCH_PARAM, search or None)
    return kind, device, search or ""


def _filter(
    session: Session, name: str, values: tuple[str, ...], *, names: Callable[[str], str]
) -> str | None:
    wanted = linked(name)
    offered = ["", *values]
    chosen = st.selectbox(
        session.say(f"page.prices.{name}"),
        offered,
        index=offered.index(wanted) if wanted in offered else 0,
        key=f"prices.{name}",
        format_func=lambda value: names(value) if value else session.say("page.prices.all"),
        width=260,
        on_change=_first_page,
    )
    link(name, chosen or None)
    return chosen or None


def _page(session: Session, kind: str | None, device: str | None, search: str) -> Page[PriceState]:
    number = st.session_state.get(_PAGE_STATE, 1)
    return calls.book(
        session.api, kind=kind, device=device, search=search, page=number, page_size=PAGE_SIZE
    )


def _first_page() -> None:
    """Another search has other pages."""
    st.session_state[_PAGE_STATE] = 1
