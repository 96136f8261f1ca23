"""What a page about a pilot shows where there is none."""

import streamlit as st

from frontend.components.headings import page_title
from frontend.session import Session, go_to


def no_pilot(session: Session, page: str) -> None:
    """Says so, and leads to where one is begun.

    Args:
        session: Of the reader.
        page: Path of the page, which gives it its title.
    """
    page_title(session.say(f"page.nav.{page}"))
    st.write(session.say("page.shell.no_pilot"))
    if st.button(session.say("page.shell.to_pilots"), key="no_pilot.to_pilots"):
        go_to("pilots")
