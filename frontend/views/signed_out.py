"""What a browser sees that did not sign in: how to do it, and nothing else."""

import streamlit as st

from frontend.components.headings import page_title
from wording.catalogue import say
from wording.language import Language


def show(language: Language) -> None:
    """How to sign in."""
    page_title(say("page.signed_out.title", language))
    st.write(say("page.signed_out.body", language))
    st.write(say("page.signed_out.again", language))
    st.code("paybatch open", language=None)
