"""What a browser sees that did not sign in: how to do it, and nothing else.

Where the team has a sign-in provider the API says so; it also decides who comes in.
"""

import streamlit as st

from frontend.components.headings import page_title
from frontend.session import team_sign_in_url
from wording.catalogue import say
from wording.language import Language


def show(language: Language) -> None:
    """How to sign in."""
    page_title(say("page.signed_out.title", language))
    sign_in_url = team_sign_in_url()
    if sign_in_url is not None:
        st.write(say("page.signed_out.team", language))
        st.link_button(say("page.signed_out.team_button", language), sign_in_url, type="primary")
        return
    st.write(say("page.signed_out.body", language))
    st.write(say("page.signed_out.again", language))
    st.code("paybatch open", language=None)
