"""``make accessibility``: every page in each language and theme, and what stands in its place."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, expect

from planner.exchange.states import PilotState
from tests.browser.accessibility import violations
from tests.browser.browsing import Theme, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.places import PLACES, Place
from tests.browser.programs import Paybatch
from tests.browser.sights import (
    Audience,
    an_audience,
    every_text_can_be_read,
    no_rule_of_wcag_is_broken,
    nothing_is_in_another_language,
    open_place,
)

pytestmark = pytest.mark.accessibility

LANGUAGES = ("en", "ja")
THEMES: tuple[Theme, ...] = ("light", "dark")

FIRST_USE = ("", "live", "review", "decide", "throughput")
"""Pages that have nothing to show before the first pilot."""


@pytest.fixture(scope="module")
def audience(browser: Browser, paybatch: Paybatch) -> Iterator[Audience]:
    with an_audience(browser, paybatch) as audience:
        yield audience


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_no_page_breaks_a_rule_of_wcag_in_any_language_and_theme(
    place: Place, language: str, theme: Theme, audience: Audience, adopted: PilotState
):
    visitor = audience(language, theme)
    open_place(visitor, place, adopted.id)
    no_rule_of_wcag_is_broken(visitor)
    assert visitor.errors == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_reads_how_to_sign_in(language: str, theme: Theme, visitor: NewVisitor):
    stranger = visitor(language=language, theme=theme)
    stranger.visit("")
    holds(stranger)


@pytest.mark.parametrize(("language", "theme"), list(product(LANGUAGES, THEMES)))
def test_pages_with_nothing_to_show_say_what_to_do(
    language: str, theme: Theme, new_paybatch: Paybatch, signed_in: NewVisitor
):
    first = signed_in(paybatch=new_paybatch, language=language, theme=theme)
    for path in FIRST_USE:
        first.visit(path)
        assert len(first.page.get_by_test_id("stMain").inner_text()) > len("a title alone")
        holds(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_without_its_api_says_so(
    language: str, new_paybatch: Paybatch, signed_in: NewVisitor
):
    reader = signed_in(paybatch=new_paybatch, language=language)
    new_paybatch.api.kill()
    reader.visit("review")
    expect(reader.page.get_by_role("heading")).to_have_count(1)
    holds(reader)
    new_paybatch.api.start()


def holds(visitor: Visitor) -> None:
    """What holds for every page, where nobody has given anything a name."""
    assert violations(visitor.page) == []
    nothing_is_in_another_language(visitor, ("owner", "digits-mlp"))
    every_text_can_be_read(visitor)
