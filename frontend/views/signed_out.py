"""What a browser sees that did not sign in: how to do it, and nothing else.

Where the team has a sign-in provider the API says so; it also decides who comes in.
"""

import streamlit as st

from frontend.components.headings import page_title
from frontend.components.markup import element, text
from frontend.components.markup import show as put
from frontend.session import team_sign_in_url
from wording.catalogue import say
from wording.language import Language


def show(language: Language) -> None:
    """How to sign in."""
    page_title(say("page.signed_out.title", language))
    sign_in_url = team_sign_in_url()
    if sign_in_url is not None:
        st.write(say("page.signed_out.team", language))
        way_in = text(say("page.signed_out.team_button", language))
        put(element("a", way_in, href=sign_in_url, target="_self", class_="pb-way-in"))
        return
    st.write(say("page.signed_out.body", language))
    st.write(say("page.signed_out.again", language))
    st.code("paybatch open", language=None)
