"""Caps of a planned pilot and of each of its runs, with how much of each it is expected to use."""

import streamlit as st

from frontend.components.fields import Fields
from frontend.components.headings import card_title
from frontend.planning.desk import Judgement
from frontend.planning.form import with_money_cap
from wording.caps import forecast_sentence
from wording.money import currency_name

SCOPES = ("pilot", "run")


def show(fields: Fields, judgement: Judgement) -> None:
    """Draws the card: a row for each unit, for the whole pilot and for each run."""
    with st.container(border=True, key="card-plan-caps"):
        card_title(fields.words("caps"), fields.words("caps_hint"))
        for draw in (_device_h, _money, _energy):
            for scope, place in zip(SCOPES, st.columns(2), strict=True):
                with place:
                    draw(fields, scope)
        if _caps_energy(fields):
            fields.number("pilot.caps.device_w", fields.words("cap_device_w"), step=10.0)
        fields.said_exactly("pilot.caps")
        for use in () if judgement.facts is None else judgement.facts.caps:
            fields.note(forecast_sentence(use, fields.session.language))


def _device_h(fields: Fields, scope: str) -> None:
    path = f"pilot.caps.{scope}_device_h"
    fields.number(path, fields.words(f"cap_{scope}_device_h"), step=0.5)


def _money(fields: Fields, scope: str) -> None:
    money = f"pilot.caps.{scope}_money"
    currency = fields.read(f"{money}.currency") or fields.read("pilot.assumptions.currency")
    named = currency_name(str(currency), fields.session.language)
    fields.number(
        f"{money}.amount",
        fields.words(f"cap_{scope}_money", currency=named),
        step=1.0,
        change=lambda document, amount: with_money_cap(
            document, money, amount, currency=str(currency)
        ),
    )
    fields.said_exactly(money)


def _energy(fields: Fields, scope: str) -> None:
    path = f"pilot.caps.{scope}_energy_kwh"
    fields.number(path, fields.words(f"cap_{scope}_energy_kwh"), step=0.5)


def _caps_energy(fields: Fields) -> bool:
    """Whether energy is capped, so that the power of a device without a meter matters."""
    return any(fields.read(f"pilot.caps.{scope}_energy_kwh") is not None for scope in SCOPES)
