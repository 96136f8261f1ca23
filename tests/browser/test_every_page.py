"""Every page once in each language, themes alternating: each pair of the three is seen."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser

from planner.exchange.states import PilotState
from tests.browser.browsing import Theme, Visitor
from tests.browser.languages import users_words
from tests.browser.places import PLACES
from tests.browser.programs import Paybatch
from tests.browser.sights import (
    Audience,
    an_audience,
    every_text_can_be_read,
    no_rule_of_wcag_is_broken,
    nothing_is_in_another_language,
    open_place,
)

THEMES: tuple[Theme, ...] = ("light", "dark")

SIGHTS = list(product(PLACES, ("en", "ja")))


@pytest.fixture(scope="module")
def audience(browser: Browser, paybatch: Paybatch) -> Iterator[Audience]:
    with an_audience(browser, paybatch) as audience:
        yield audience


@pytest.fixture(scope="module")
def known(paybatch: Paybatch, adopted: PilotState) -> tuple[str, ...]:
    """Names that an installation with a pilot shows as they are."""
    del adopted
    return users_words(paybatch.api)


@pytest.fixture(scope="module", params=SIGHTS, ids=lambda sight: f"{sight[0]}-{sight[1]}")
def sight(
    request: pytest.FixtureRequest, audience: Audience, adopted: PilotState
) -> Iterator[Visitor]:
    """One page, looked at by the tests below in turn."""
    place, language = request.param
    visitor = audience(language, THEMES[(PLACES.index(place) + (language == "ja")) % 2])
    open_place(visitor, place, adopted.id)
    yield visitor
    assert visitor.errors == []


def test_a_page_breaks_no_rule_of_wcag(sight: Visitor):
    no_rule_of_wcag_is_broken(sight)


def test_nothing_on_a_page_is_in_another_language(sight: Visitor, known: tuple[str, ...]):
    nothing_is_in_another_language(sight, known)


def test_every_text_can_be_read_on_wide_and_narrow_screens(sight: Visitor):
    every_text_can_be_read(sight)
