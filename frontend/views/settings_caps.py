"""Caps of the installation's month: what is used and expected, new limits, and past changes."""

from typing import Any

import streamlit as st

from frontend.calls import settings as settings_calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, show, show_table, text
from frontend.components.refusals import show_refusal
from frontend.components.terms import head_cell
from frontend.session import Session, local
from frontend.views.price_entry import CURRENCIES
from planner.exchange.states import MonthCaps, MonthCapsChange
from planner.pilots.caps import Limits
from wording.caps import cap_sentence, forecast_sentence, near_sentence
from wording.money import currency_name, money
from wording.numbers import significant
from wording.times import moment

_FIELD, _DONE = "settings.cap.", "settings.cap.done"
UNITS = ("device_h", "energy_kwh")


def caps(session: Session) -> None:
    """The caps with their use, and a form that replaces them."""
    with st.container(border=True, key="card-settings-caps"):
        card_title(_words(session, "caps"), _words(session, "caps_hint"))
        known = settings_calls.month_caps(session.api)
        _uses(session, known)
        if not session.may("PUT /api/caps"):
            _note(_words(session, "only_admin"))
            return
        typed = _fields(session, known.limits)
        if st.button(_words(session, "set"), key="settings.set_caps", type="primary"):
            _send(session, typed)
        if st.session_state.pop(_DONE, False):
            st.success(_words(session, "was_set"))


def _uses(session: Session, known: MonthCaps) -> None:
    """How much of each is used and expected; those that are nearly used up stand out."""
    language = session.language
    if not known.uses:
        _note(_words(session, "no_caps"))
    for use in known.uses:
        if use.warned:
            st.warning(near_sentence(use, language), icon=":material/data_usage:")
        else:
            st.text(cap_sentence(use, language))
        _note(forecast_sentence(use, language))
    if known.pilots_unknown:
        _note(_words(session, "pilots_unknown", count=known.pilots_unknown))


def _fields(session: Session, limits: Limits) -> dict[str, Any]:
    """What was typed; an empty field is no cap."""
    typed: dict[str, Any] = {}
    for place, name in zip(st.columns(2), UNITS, strict=True):
        with place:
            typed[name] = _number(session, name, getattr(limits, name))
    amount, unit = st.columns(2)
    with amount:
        wanted = _number(session, "money", limits.money.amount if limits.money else None)
    with unit:
        known = limits.money.currency if limits.money else CURRENCIES[0]
        offered = list(dict.fromkeys((known, *CURRENCIES)))
        currency = st.selectbox(
            session.say("page.prices.field_currency"),
            offered,
            key=f"{_FIELD}currency.{known}",
            format_func=lambda code: currency_name(code, session.language),
        )
    typed["money"] = None if wanted is None else {"amount": wanted, "currency": currency}
    return typed


def _number(session: Session, name: str, known: float | None) -> float | None:
    value: float | None = st.number_input(
        _words(session, f"month_{name}"),
        key=f"{_FIELD}{name}.{known!r}",  # limits that somebody else sets meanwhile are shown
        value=known,
        format="%.10g",
    )
    return value


def _send(session: Session, typed: dict[str, Any]) -> None:
    try:
        settings_calls.set_month_caps(session.api, typed)
    except ApiRefused as refused:
        labels = {name: _words(session, f"month_{name}") for name in (*UNITS, "money")}
        show_refusal(session, refused, labels)
        return
    st.session_state[_DONE] = True
    st.rerun()


def changes(session: Session) -> None:
    """Who set which limits, newest first."""
    with st.container(border=True, key="card-settings-changes"):
        title = _words(session, "changes")
        card_title(title, _words(session, "changes_hint"))
        found = settings_calls.month_caps_history(session.api)
        if not found:
            _note(_words(session, "no_changes"))
            return
        heads = ("at", "by", "device_h", "energy_kwh", "money")
        head = [head_cell(_words(session, f"column_{one}"), session.language) for one in heads]
        table = element(
            "table",
            element("thead", element("tr", *head)),
            element("tbody", *(_row(session, change) for change in found)),
            class_="pb-grid",
        )
        show_table(table, label=title)


def _row(session: Session, change: MonthCapsChange) -> str:
    """The limits from then on."""
    language, after = session.language, change.after
    none = _words(session, "no_limit")
    amounts = [getattr(after, name) for name in UNITS]
    cells = [none if amount is None else significant(amount, language) for amount in amounts]
    limit = after.money
    cells.append(none if limit is None else money(limit.amount, limit.currency, language))
    at = moment(local(change.at), language)
    return element(
        "tr",
        element("th", text(at), scope="row"),
        *(element("td", text(cell)) for cell in (change.by, *cells)),
    )


def _note(sentence: str) -> None:
    show(element("p", text(sentence), class_="pb-note"))


def _words(session: Session, key: str, **params: str | float) -> str:
    return session.say(f"page.settings.{key}", **params)
