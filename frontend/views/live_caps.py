"""Caps on the live page: a warning from 80 % on, and which cap has stopped the work."""

import streamlit as st

from frontend.session import Session
from planner.exchange.page_states import LiveView
from wording.caps import near_sentence


def caps(session: Session, view: LiveView) -> None:
    """One warning for every cap that is nearly used up; its raise is offered in the head."""
    for use in view.caps:
        if use.warned:
            st.warning(near_sentence(use, session.language), icon=":material/data_usage:")
