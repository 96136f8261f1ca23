"""Orders of the Decide page: what is asked of the API when a button is pressed, and its answer."""

from collections.abc import Callable

import streamlit as st

from frontend.calls.api import ApiRefused, ApiUnreachable, SignedOut
from frontend.components.markup import element, show, text
from frontend.session import Session
from planner.refusal import Refusal
from wording.refusals import refusal_line

_REFUSED = "decide.refused"
_GENERATION = "decide.generation"


def asking(session: Session, place: str, order: Callable[[], object]) -> Callable[[], None]:
    """A callback that sends an order and keeps why it was refused, for one place of the page."""

    def ask() -> None:
        st.session_state.pop(_REFUSED, None)
        try:
            order()
        except ApiRefused as refused:
            sentences = [
                refusal_line(_label(session, one.field), one.code, session.language, one.params)
                for one in refused.problems
            ]
            st.session_state[_REFUSED] = (place, sentences)
        except Refusal as refusal:
            field = _label(session, refusal.field)
            sentence = refusal_line(field, refusal.code, session.language, refusal.params)
            st.session_state[_REFUSED] = (place, [sentence])
        except ApiUnreachable:
            st.session_state[_REFUSED] = (place, [session.say("page.live.order_lost")])
        except SignedOut:
            return  # the page that follows says so
        else:
            st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1

    return ask


def field(place: str, name: str) -> str:
    """Key of a form's field; after every order that was taken, forms begin anew."""
    return f"decide.{st.session_state.get(_GENERATION, 0)}.{place}.{name}"


def refusals(place: str) -> None:
    """Why the last order of this place was refused."""
    kept: tuple[str, list[str]] = st.session_state.get(_REFUSED, ("", []))
    if kept[0] == place:
        for sentence in kept[1]:
            show(element("p", text(sentence), class_="pb-remark pb-refused", role="alert"))


_FIELDS = ("name", "reason", "day", "training_h", "device_h", "note", "override")


def _label(session: Session, field: str) -> str:
    """How the page calls a refused field; empty for one that it does not show."""
    last = field.rpartition(".")[2]
    return session.say(f"page.decide.{last}") if last in _FIELDS else ""
