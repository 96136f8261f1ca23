"""The review with a keyboard alone, and on paper."""

from playwright.sync_api import Page, expect

from planner.exchange.states import PilotState
from tests.browser.browsing import two_frames
from tests.browser.conftest import NewVisitor

MOST_TABS = 120

FOCUSED = """() => {
    const found = document.activeElement;
    if (found === document.body) return null;
    found.dataset.walked = 'yes';
    const seen = element => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== 'none';
    };
    const around = [found, found.parentElement, found.parentElement.parentElement,
        found.parentElement.parentElement.parentElement];
    const inside = found.closest('label') ? [...found.closest('label').querySelectorAll('*')] : [];
    const box = found.getBoundingClientRect();
    return {
        name: found.ariaLabel || found.innerText || found.title || found.tagName,
        seen: [...around, ...inside].some(seen),
        on_screen: box.bottom > 0 && box.top < innerHeight,
        opener: found.matches('.pb-from'),
    };
}"""
"""What has the focus, whether something shows it, and whether it was scrolled to."""

FORGOTTEN = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(element =>
        element.checkVisibility({visibilityProperty: true}) && !element.disabled
        && element.tabIndex >= 0 && !element.closest('[inert], [aria-hidden="true"]')
        && element.dataset.walked !== 'yes'
        && !element.closest('[role="radiogroup"]')?.querySelector('[data-walked]')
    ).map(element => element.outerHTML.slice(0, 200))"""
"""Controls that no Tab led to; arrows go on from one of a group to the next."""

ON_PAPER = """() => {
    const shown = selector => [...document.querySelectorAll(selector)].filter(
        element => element.checkVisibility()).map(element => element.outerHTML.slice(0, 200));
    const width = document.documentElement.clientWidth;
    return {
        sidebar: shown('[data-testid="stSidebar"]'),
        buttons: shown('button:not(.pb-figure, .pb-term)'),
        dark: getComputedStyle(document.querySelector('.stApp')).backgroundColor
            !== 'rgb(255, 255, 255)',
        cut: [...document.querySelectorAll('.main-svg, table')].filter(
            drawn => drawn.getBoundingClientRect().right > width + 1).length,
    };
}"""
"""What paper has no use for, and what runs over its edge."""

PAPER_PX = 703
"""A4 between the margins of the style sheet."""


def test_a_keyboard_reaches_everything_on_the_review_and_opens_an_origin(
    signed_in: NewVisitor, adopted: PilotState
):
    visitor = signed_in()
    visitor.visit("review", pilot=adopted.id)
    page = visitor.page
    walked = []
    opener = None
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        two_frames(page)
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        walked.append(focused)
        if focused["opener"] and opener is None:
            opener = focused["name"]
            opens_and_closes(page)
    assert walked[0]["name"] == "Skip to main content"
    assert opener is not None
    unseen = [found["name"] for found in walked if not (found["seen"] and found["on_screen"])]
    assert not unseen, unseen
    forgotten = page.evaluate(FORGOTTEN)
    assert not forgotten, forgotten


def opens_and_closes(page: Page) -> None:
    """Enter opens what the focus is on, Escape closes it and the focus is where it was."""
    told = page.locator(".pb-pop:popover-open")
    page.keyboard.press("Enter")
    expect(told).to_be_visible()
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    expect(page.locator(".pb-from:focus")).to_have_count(1)


def test_the_review_of_a_dark_page_is_printed_light_whole_and_without_anything_to_press(
    signed_in: NewVisitor, adopted: PilotState
):
    visitor = signed_in(theme="dark")
    visitor.visit("review", pilot=adopted.id)
    visitor.page.emulate_media(media="print")
    visitor.page.set_viewport_size({"width": PAPER_PX, "height": 1020})
    two_frames(visitor.page)
    seen = visitor.page.evaluate(ON_PAPER)
    nothing = {"sidebar": [], "buttons": [], "dark": False, "cut": 0}
    assert seen == nothing, seen
