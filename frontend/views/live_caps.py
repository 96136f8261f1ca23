"""Caps on the live page: a warning from 80 % on or where one will be passed, and their raise."""

from collections.abc import Callable

import streamlit as st

from frontend.components.markup import literal
from frontend.raisable_caps import RaisableCap, raisable_caps, raised
from frontend.session import Session, go_to
from planner.exchange.page_states import LiveView
from planner.pilots.cap_use import CapUse
from wording.caps import near_sentence, passing_sentence
from wording.money import currency_name

Asking = Callable[[Callable[[], object]], Callable[[], None]]


def caps(session: Session, view: LiveView) -> None:
    """One warning for every cap that is nearly used up or expected to be passed."""
    for use in view.caps:
        sentence = _warning(session, use)
        if sentence is not None:
            st.warning(literal(sentence), icon=":material/data_usage:")
    if any(use.scope == "month" and use.warned for use in view.caps) and st.button(
        session.say("page.live.to_month_caps"), key="live.to_month_caps", icon=":material/settings:"
    ):
        go_to("settings")


def _warning(session: Session, use: CapUse) -> str | None:
    if use.warned:
        return near_sentence(use, session.language)
    if use.expected is not None and use.expected > use.limit:
        return passing_sentence(use, session.language)
    return None


def raise_caps(session: Session, view: LiveView, *, orders: Asking) -> None:
    """The caps of the pilot and its runs, each to be raised; nothing where there is none."""
    raisable = tuple(raisable_caps(view))
    if not raisable:
        return
    pilot_id = view.pilot.id

    def ask() -> None:
        typed = {cap.key: st.session_state.get(cap.key) for cap in raisable}
        session.api.raise_caps(pilot_id, raised(raisable, typed))

    with st.popover(
        session.say("page.live.raise_cap"),
        icon=":material/arrow_upward:",
        **session.offer("POST /api/pilots/{pilot_id}:raise-cap"),
    ):
        st.text(session.say("page.live.raise_cap_hint"))
        for cap in raisable:
            st.number_input(_label(session, cap), key=cap.key, value=cap.offered, format="%.10g")
        st.button(
            session.say("page.live.raise_cap"),
            key="live.raise_cap",
            type="primary",
            on_click=orders(ask),
        )


def _label(session: Session, cap: RaisableCap) -> str:
    currency = currency_name(cap.currency, session.language) if cap.currency else ""
    return session.say(f"page.plan.cap_{cap.name}", currency=currency)
