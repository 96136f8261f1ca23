"""Links that sign somebody else's browser in: made by administrators, each shown once."""

from typing import get_args
from urllib.parse import urlsplit

import streamlit as st

from frontend.calls import access as access_calls
from frontend.calls.api import ApiRefused
from frontend.components.headings import card_title
from frontend.components.markup import element, literal, show, text
from frontend.components.refusals import show_refusal
from frontend.session import Session
from planner.exchange.access import Role
from planner.exchange.loopback import is_loopback

VALID_MINUTES = (10, 60, 24 * 60)
"""Offered for a link that nobody follows."""


def links(session: Session, origin: str | None) -> None:
    """The form; where no address for others is known, what to set.

    Args:
        session: Of an administrator.
        origin: Where links lead.
    """
    card_title(_words(session, "title"), _words(session, "hint"))
    if origin is None:
        show(element("p", text(_words(session, "no_origin")), class_="pb-note"))
        return
    if is_loopback(urlsplit(origin).hostname or ""):
        show(element("p", text(_words(session, "here_only", origin=origin)), class_="pb-note"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(_words(session, "name"), key="links.name")
        role = st.selectbox(
            _words(session, "role"),
            get_args(Role),
            format_func=lambda one: session.say(f"page.access.role_{one}"),
            key="links.role",
        )
        minutes = st.selectbox(
            _words(session, "valid"),
            VALID_MINUTES,
            format_func=lambda one: _words(session, f"valid_{one}"),
            key="links.valid",
        )
        pressed = st.button(_words(session, "make"), key="links.make", type="primary")
    if pressed:
        _make(session, name, role, minutes)


def _make(session: Session, name: str, role: Role, minutes: int) -> None:
    """Makes one and shows it; whatever is done next on the page takes it away."""
    try:
        link = access_calls.make_link(session.api, name=name, role=role, valid_minutes=minutes)
    except ApiRefused as refused:
        labels = {"name": _words(session, "name"), "role": _words(session, "role")}
        show_refusal(session, refused, labels)
        return
    valid = _words(session, f"valid_{minutes}")
    st.success(literal(_words(session, "made", name=name, valid=valid)))
    st.code(link.url, language=None, wrap_lines=True)


def _words(session: Session, key: str, **params: str) -> str:
    return session.say(f"page.links.{key}", **params)
