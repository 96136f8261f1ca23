"""What the price book says after something was sent to it, and what a form begins with."""

from collections.abc import Mapping

import streamlit as st

from frontend.components.markup import literal
from frontend.price_book import choice
from frontend.price_book.forms import typed_from
from planner.economics.rates import RateCard

FIELD = "prices.field."
"""Fields of the form whose names begin like this are emptied once it was taken."""

PART = "prices.part"
"""Switch between the parts of the page."""

_DONE = "prices.done"
_REPLACED = "prices.replaced"
_NEXT = "prices.part.next"


def done(sentence: str) -> None:
    """Keeps what was done for the next run of the page, and empties the form."""
    st.session_state[_DONE] = sentence
    st.session_state.pop(_REPLACED, None)
    choice.forget()
    empty()


def empty() -> None:
    """Lets every field begin anew."""
    for key in list(st.session_state):
        if str(key).startswith(FIELD):
            del st.session_state[key]


def tell_done() -> None:
    """Says once what was done."""
    sentence = st.session_state.pop(_DONE, None)
    if sentence is not None:
        st.success(literal(sentence))


def replace_next(card: RateCard) -> None:
    """Lets the form begin with a row that gets another price."""
    empty()
    st.session_state[_REPLACED] = typed_from(card)
    st.session_state[_NEXT] = "enter"


def replaced() -> Mapping[str, object]:
    """The row that gets another price; empty for a new one."""
    typed: Mapping[str, object] = st.session_state.get(_REPLACED, {})
    return typed


def new_row() -> None:
    """Lets the form begin with nothing."""
    st.session_state.pop(_REPLACED, None)
    empty()


def follow_part() -> None:
    """Goes to the part that was asked for, before its switch is drawn."""
    wanted = st.session_state.pop(_NEXT, None)
    if wanted is not None:
        st.session_state[PART] = wanted
