"""Every page once in each language, themes alternating."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, expect

from planner.exchange.states import PilotState
from tests.browser.accessibility import violations
from tests.browser.browsing import Theme, Visitor, a_visitor
from tests.browser.conftest import NewVisitor
from tests.browser.layout import unreadable
from tests.browser.places import PLACES
from tests.browser.programs import Paybatch

WIDTHS = (1440, 1024, 420)
THEMES: tuple[Theme, ...] = ("light", "dark")

SIGHTS = list(product(PLACES, ("en", "ja")))


@pytest.fixture(scope="module")
def audience(browser: Browser, paybatch: Paybatch) -> Iterator[Callable[[str, Theme], Visitor]]:
    """One visitor for each language and theme, who goes from page to page."""
    present: dict[tuple[str, Theme], Visitor] = {}

    def somebody(language: str, theme: Theme) -> Visitor:
        if (language, theme) not in present:
            visitor = a_visitor(browser, paybatch, language=language, theme=theme)
            visitor.sign_in()
            present[language, theme] = visitor
        return present[language, theme]

    yield somebody
    for visitor in present.values():
        visitor.context.close()


@pytest.fixture(scope="module", params=SIGHTS, ids=lambda sight: f"{sight[0]}-{sight[1]}")
def sight(
    request: pytest.FixtureRequest,
    audience: Callable[[str, Theme], Visitor],
    adopted: PilotState,
) -> Iterator[Visitor]:
    """One page, looked at by the tests below in turn."""
    place, language = request.param
    visitor = audience(language, THEMES[(PLACES.index(place) + (language == "ja")) % 2])
    visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 1020})
    visitor.visit(place.path, pilot=adopted.id, **place.query)
    yield visitor
    assert visitor.errors == []


def test_a_page_breaks_no_rule_of_wcag(sight: Visitor):
    expect(sight.page.locator("html")).to_have_attribute("lang", sight.language)
    assert violations(sight.page) == []


def test_every_text_can_be_read_on_wide_and_narrow_screens(sight: Visitor):
    found = {}
    for width in WIDTHS:
        sight.resize(width)
        found[width] = unreadable(sight.page)
    assert found == {width: [] for width in WIDTHS}


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("ja", "light")])
def test_the_way_to_sign_in_can_be_read_by_everybody(
    language: str, theme: str, visitor: NewVisitor
):
    stranger = visitor(language=language, theme=theme)
    stranger.visit("")
    assert violations(stranger.page) == []
    stranger.resize(420)
    assert unreadable(stranger.page) == []
