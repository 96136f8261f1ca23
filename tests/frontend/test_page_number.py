"""Which page of a list a link opens."""

import pytest
from streamlit.testing.v1 import AppTest


def shown(**params):
    def page():
        import streamlit as st

        from frontend.page_number import page_number

        st.text(str(page_number("page")))

    test = AppTest.from_function(page, default_timeout=60)
    for name, value in params.items():
        test.query_params[name] = value
    return test.run().text[0].value


def test_a_link_opens_its_page_of_a_list():
    assert shown(page="40") == "40"


@pytest.mark.parametrize("given", ["0", "-1", "two", "", "9" * 5_000])
def test_what_is_no_page_opens_the_first(given):
    assert shown(page=given) == "1"


def test_without_one_the_first_is_shown():
    assert shown() == "1"
