"""One row of the price book: everything it ever said, another price for it, and its end."""

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import show_table
from frontend.components.refusals import show_refusal
from frontend.price_book import calls
from frontend.price_book.table import device_name, history_table
from frontend.session import Session
from frontend.views import price_said
from planner.economics.rates import THIS_COMPUTER
from planner.exchange.price_states import PriceState


def show(session: Session, price_id: str) -> None:
    """Draws it below the list; nothing for a row that the book does not know."""
    try:
        states = calls.history(session.api, price_id)
    except ApiRefused as refused:
        show_refusal(session, refused)
        return
    newest = states[0].card
    with st.container(border=True, key="card-price-row"):
        title = " · ".join(
            part for part in (device_name(newest, session.language), newest.vendor) if part
        )
        card_title(title, session.say("page.prices.history_hint", id=price_id))
        show_table(history_table(states, session.language), label=title)
        with st.container(horizontal=True):
            if st.button(
                session.say("page.prices.replace"),
                key="prices.replace",
                icon=":material/edit:",
                **session.offer("PUT /api/prices/{price_id}"),
            ):
                price_said.replace_next(newest)
                st.rerun()
            if price_id != THIS_COMPUTER:
                _retire(session, states)


def _retire(session: Session, states: tuple[PriceState, ...]) -> None:
    with st.popover(
        session.say("page.prices.retire"),
        icon=":material/block:",
        **session.offer("POST /api/prices/{price_id}:retire"),
    ):
        st.text(session.say("page.prices.retire_hint"))
        reason = st.text_input(session.say("page.prices.reason"), key="prices.reason")
        asked = st.button(
            session.say("page.prices.retire_now"), key="prices.retire", type="primary"
        )
    if asked:
        calls.retire(session.api, states[0].card.id, reason=reason)
        price_said.done(session.say("page.prices.was_retired", id=states[0].card.id))
        st.rerun()
