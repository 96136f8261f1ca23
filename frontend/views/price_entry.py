"""The form for one price: a new row of the book, or another price of one that is there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, get_args

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.refusals import show_refusal
from frontend.price_book import calls, forms
from frontend.session import Session
from frontend.views import price_owned, price_said
from frontend.views.price_said import FIELD
from planner.economics.rates import THIS_COMPUTER, RateKind

CURRENCIES = ("USD", "JPY", "EUR")
KINDS = tuple(kind for kind in get_args(RateKind) if kind not in ("own", "this_computer"))

TEXTS = ("device", "vendor", "region", "id", "source")


def show(session: Session) -> None:
    """Draws the form; an owned device brings the calculator with it."""
    begun = price_said.replaced()
    words = partial(_words, session)
    with st.container(key="split-price-entry"):
        left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, key="card-price-entry"):
        if begun:
            card_title(words("replace_title", id=str(begun["id"])), words("replace_hint"))
        else:
            card_title(words("enter_title"), words("enter_hint"))
        typed = _fields(session, begun)
        foot = st.container()
    if typed["kind"] == "owned":
        with right:
            typed |= price_owned.show(session, begun, currency=typed["currency"])
    with foot:
        _send(session, typed, begun)
        price_said.tell_done()


def _fields(session: Session, begun: Mapping[str, Any]) -> dict[str, Any]:
    this_computer = begun.get("id") == THIS_COMPUTER
    kinds = ("this_computer",) if this_computer else KINDS
    typed: dict[str, Any] = {"region": "", "vendor": "", "amount": None, "device": ""}
    typed["kind"] = _choice(session, "kind", kinds, begun, prefix="rate_kind.")
    if not this_computer:
        pairs = (("device", "vendor"), ("region", "id"))
        for pair in pairs:
            for place, name in zip(st.columns(2), pair, strict=True):
                with place:
                    typed[name] = _text(session, name, begun)
    else:
        typed["id"] = THIS_COMPUTER
    first, second = st.columns(2)
    with first if typed["kind"] == "owned" else second:
        typed["currency"] = _choice(
            session, "currency", CURRENCIES, begun, prefix="format.currency."
        )
    if typed["kind"] != "owned":
        with first:
            typed["amount"] = number(session, "amount", begun, step=0.1)
    if typed["kind"] == "spot":
        typed |= _spot(session, begun)
    read, power = st.columns(2)
    with read:
        typed["as_of"] = day(session, "as_of")
    with power:
        typed["board_w"] = number(session, "board_w", begun, step=10.0)
    typed["source"] = _text(session, "source", begun)
    return typed


def _spot(session: Session, begun: Mapping[str, Any]) -> dict[str, Any]:
    st.caption(_words(session, "spot_hint"))
    typed = {}
    for place, name in zip(st.columns(3), forms.SPOT_FIELDS, strict=True):
        with place:
            typed[name] = number(session, name, begun, step=0.01)
    return typed


def _send(session: Session, typed: dict[str, Any], begun: Mapping[str, Any]) -> None:
    words = partial(_words, session)
    with st.container(horizontal=True):
        sent = st.button(
            words("replace_now" if begun else "enter_now"),
            key="prices.send",
            type="primary",
            **session.offer("PUT /api/prices/{price_id}" if begun else "POST /api/prices"),
        )
        if begun and st.button(words("new_instead"), key="prices.new"):
            price_said.new_row()
            st.rerun()
    if not sent:
        return
    entry = forms.entry(typed)
    try:
        if begun:
            calls.replace(session.api, str(begun["id"]), entry)
        else:
            calls.enter(session.api, entry)
    except ApiRefused as refused:
        labels = {name: words(f"field_{name}") for name in (*TEXTS, *forms.SPOT_FIELDS, "as_of")}
        labels |= {"rent_per_gpu_hour": words("field_amount"), "kind": words("field_kind")}
        labels |= price_owned.labels(session)
        show_refusal(session, refused, labels)
        return
    price_said.done(words("was_entered", id=entry["id"]))
    st.rerun()


def number(session: Session, name: str, begun: Mapping[str, Any], *, step: float) -> float | None:
    """A field for a number, empty until somebody types one."""
    key = FIELD + name
    if key not in st.session_state:
        known = begun.get(name)
        st.session_state[key] = None if known is None else float(known)
    value: float | None = st.number_input(
        _words(session, f"field_{name}"), key=key, value=None, step=step, format="%.10g"
    )
    return value


def day(session: Session, name: str) -> str:
    """A field for the day on which something was read: today, until another is chosen."""
    key = FIELD + name
    if key not in st.session_state:
        st.session_state[key] = datetime.now(tz=UTC).date()
    chosen = st.date_input(_words(session, "field_as_of"), key=key, format="YYYY-MM-DD")
    return str(chosen or "")


def _text(session: Session, name: str, begun: Mapping[str, Any]) -> str:
    key = FIELD + name
    st.session_state.setdefault(key, str(begun.get(name) or ""))
    fixed = name == "id" and bool(begun)
    hint = _words(session, "field_id_hint") if name == "id" else None
    label = _words(session, f"field_{name}")
    return st.text_input(label, key=key, help=hint, disabled=fixed) or ""


def _choice(
    session: Session, name: str, options: tuple[str, ...], begun: Mapping[str, Any], *, prefix: str
) -> str:
    key = FIELD + name
    if st.session_state.get(key) not in options:
        known = begun.get(name)
        st.session_state[key] = known if known in options else options[0]
    chosen = st.selectbox(
        _words(session, f"field_{name}"),
        options,
        key=key,
        format_func=lambda option: session.say(f"{prefix}{option}"),
    )
    return chosen or options[0]


def _words(session: Session, key: str, **params: str) -> str:
    return session.say(f"page.prices.{key}", **params)
