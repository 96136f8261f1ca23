"""The rollback procedure of a pilot, taken away as a document."""

import streamlit as st

from frontend.session import Session
from wording.rollback_procedure import procedure_document


def rollback_download(session: Session, pilot_id: str) -> None:
    """A button; the document is made when it is pressed."""

    def document() -> bytes:
        procedure = session.api.rollback_procedure(pilot_id)
        return procedure_document(procedure, session.language).encode("utf-8")

    st.download_button(
        session.say("page.review.rollback"),
        document,
        file_name=f"paybatch-rollback.{session.language}.md",
        mime="text/markdown",
        key="rollback-procedure",
        icon=":material/undo:",
        on_click="ignore",
        help=session.say("page.review.rollback_help"),
    )
