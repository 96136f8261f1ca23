"""Which page of a list is shown."""

import streamlit as st

MOST_DIGITS = 9
"""More than any list has pages; longer figures in a link are nobody's."""


def page_number(param: str) -> int:
    """The page that was chosen, else the link's; the switch that binds both is drawn later.

    Args:
        param: Name of the page in the link, and key of the switch.
    """
    given = str(st.session_state.get(param, st.query_params.get(param, "1")))
    return max(1, int(given)) if given.isdecimal() and len(given) <= MOST_DIGITS else 1
