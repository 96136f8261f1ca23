"""What holds for every page in every language and theme."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect

from tests.browser.accessibility import violations
from tests.browser.browsing import WIDE, Theme, Visitor, a_visitor
from tests.browser.languages import untranslated
from tests.browser.layout import unreadable
from tests.browser.places import Place
from tests.browser.programs import Paybatch

WIDTHS = (1440, 1024, 420)

Audience = Callable[[str, Theme], Visitor]


@contextmanager
def an_audience(browser: Browser, paybatch: Paybatch) -> Iterator[Audience]:
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


def open_place(visitor: Visitor, place: Place, pilot_id: str) -> None:
    """Shows a page in a wide window."""
    visitor.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    visitor.visit(place.path, pilot=pilot_id, **place.query)


def no_rule_of_wcag_is_broken(visitor: Visitor) -> None:
    """What is read aloud has its language, and axe finds nothing."""
    expect(visitor.page.locator("html")).to_have_attribute("lang", visitor.language)
    found = violations(visitor.page)
    assert not found, found


def every_text_can_be_read(visitor: Visitor) -> None:
    """Nothing is cut off, covered or wider than a window of any width."""
    found = {}
    for width in WIDTHS:
        visitor.resize(width)
        found[width] = unreadable(visitor.page)
    assert not any(found.values()), found


def nothing_is_in_another_language(visitor: Visitor, known: tuple[str, ...]) -> None:
    """Whatever is said, also to those who listen, is in the visitor's language."""
    found = untranslated(visitor.page, visitor.language, known)
    assert not found, found
