"""The form for a link says where links lead, where that is no address for somebody else."""

import pytest
from streamlit.testing.v1 import AppTest

from wording.catalogue import LANGUAGES, say
from wording.language import Language


def form(origin: str | None, language: str) -> None:
    """Runs in the page's own script; so it imports what it needs."""
    from frontend.session import Session
    from frontend.views import settings_links

    session = Session(api=None, me=None, language=language, dark=False)  # type: ignore[arg-type]
    settings_links.links(session, origin)


def notes(origin: str | None, language: Language) -> str:
    page = AppTest.from_function(form, args=(origin, language), default_timeout=60).run()
    assert not page.exception
    return "".join(one.proto.body for one in page.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8200", "http://localhost", "http://[::1]:8200", "http://127.1.2.3"]
)
def test_links_to_this_computer_alone_are_said_to_be_that(origin: str, language: Language) -> None:
    assert say("page.links.here_only", language, origin=origin) in notes(origin, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("origin", ["https://pay.example.com", "http://10.0.0.7:8200"])
def test_nothing_is_said_of_an_address_that_others_reach(origin: str, language: Language) -> None:
    assert origin not in notes(origin, language)
