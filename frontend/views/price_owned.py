"""The calculator for owned hardware: what an hour of it costs, part by part."""

from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, show_table, text
from frontend.components.markup import show as put
from frontend.components.refusals import show_refusal
from frontend.components.terms import head_cell
from frontend.price_book import calls, forms
from frontend.session import Session
from frontend.views.price_said import FIELD
from planner.economics.owned_rate import OwnedRate
from planner.economics.ownership import OwnedCase
from planner.exchange.price_states import PurchaseEstimate
from planner.money import Money
from wording.money import money, money_range
from wording.times import day

CASES = get_args(OwnedCase)
PARTS = ("capital", "maintenance", "energy", "total", "saved")
STEPS = {"use_fraction": 0.05, "pue": 0.05, "life_years": 1.0, "energy_price_per_kwh": 0.01}

PAIRS = (
    ("purchase", "residual"),
    ("life_years", "use_fraction"),
    ("maintenance_per_year", "energy_price_per_kwh"),
    ("use_w", "idle_w"),
    ("pue", "reuse_fraction"),
)


def show(session: Session, begun: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Draws it and tells what was typed."""
    with st.container(border=True, key="card-price-owned"):
        card_title(_words(session, "owned_title"), _words(session, "owned_hint"))
        typed = _fields(session, begun) | {"currency": currency}
        _calculated(session, typed)
        with st.expander(_words(session, "estimates")):
            _estimates(session, calls.purchase_estimates(session.api))
    return typed


def labels(session: Session) -> dict[str, str]:
    """How the fields are called, by the path that a refusal names."""
    names = [name for pair in PAIRS for name in pair]
    return {name: _words(session, f"field_{name}") for name in names}


def _calculated(session: Session, typed: Mapping[str, Any]) -> None:
    """The rate, once everything is there that it follows from."""
    ownership = forms.ownership(typed)
    if not forms.is_complete(ownership):
        st.text(_words(session, "owned_incomplete"))
        return
    try:
        _parts(session, calls.owned_rate(session.api, ownership), typed)
    except ApiRefused as refused:
        show_refusal(session, refused, labels(session))


def _fields(session: Session, begun: Mapping[str, Any]) -> dict[str, Any]:
    key = FIELD + "case"
    if st.session_state.get(key) not in CASES:
        st.session_state[key] = begun.get("case", "already_bought")
    typed: dict[str, Any] = {
        "case": st.selectbox(
            _words(session, "field_case"),
            CASES,
            key=key,
            format_func=lambda case: _words(session, f"case_{case}"),
        ),
    }
    start = {**forms.OWNED_START, **begun}
    for pair in PAIRS:
        for place, name in zip(st.columns(2), pair, strict=True):
            with place:
                typed[name] = _number(session, name, start.get(name))
    return typed


def _number(session: Session, name: str, start: float | None) -> float | None:
    key = FIELD + "owned." + name
    if key not in st.session_state:
        st.session_state[key] = None if start is None else float(start)
    value: float | None = st.number_input(
        _words(session, f"field_{name}"),
        key=key,
        value=None,
        min_value=0.0,
        step=STEPS.get(name, 0.05 if name.endswith("fraction") else 100.0),
        format="%.10g",
    )
    return value


def _parts(session: Session, rate: OwnedRate, typed: Mapping[str, Any]) -> None:
    rows = [
        element("dt", text(_words(session, f"owned_{part}")))
        + element("dd", text(_per_hour(session, getattr(rate, f"{part}_per_gpu_hour"))))
        for part in PARTS
        if part != "saved" or typed["case"] == "already_bought"
    ]
    put(element("dl", *rows, class_="pb-list"))


def _estimates(session: Session, estimates: tuple[PurchaseEstimate, ...]) -> None:
    heads = ("device", "estimate", "read", "source")
    rows = [
        element(
            "tr",
            element("th", text(found.device), scope="row"),
            element("td", text(_range(session, found))),
            element("td", text(day(found.as_of, session.language) if found.as_of else "")),
            element("td", text(found.source)),
        )
        for found in estimates
    ]
    head = [head_cell(_words(session, f"column_{name}"), session.language) for name in heads]
    table = element(
        "table",
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_="pb-grid",
    )
    show_table(table, label=_words(session, "estimates"))


def _range(session: Session, found: PurchaseEstimate) -> str:
    low, high = found.low, found.high
    if low == high:
        return money(low.amount, low.currency, session.language, decimals=0)
    return money_range(low.amount, high.amount, low.currency, session.language)


def _per_hour(session: Session, amount: Money) -> str:
    return money(amount.amount, amount.currency, session.language, decimals=4)


def _words(session: Session, key: str) -> str:
    return session.say(f"page.prices.{key}")
