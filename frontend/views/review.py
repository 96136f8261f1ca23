"""Page `review`."""

import streamlit as st

from frontend.session import Session


def show(session: Session) -> None:
    """Draws the page."""
    st.title(session.say("page.nav.review"))
