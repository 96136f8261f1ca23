"""Words that are explained on the page."""

import re

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor


def test_a_word_is_explained_on_hover_on_focus_and_by_a_tap(
    signed_in: NewVisitor, adopted: PilotState
):
    visitor = signed_in()
    visitor.visit("review", pilot=adopted.id)
    page = visitor.page
    word = page.locator(".pb-cards").get_by_role("button", name="Payback", exact=True)
    meaning = page.locator("#term-payback")
    expect(meaning).to_be_hidden()
    word.hover()
    expect(meaning).to_contain_text("stays at or above zero")
    meaning.hover()
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    page.get_by_role("button", name=re.compile("comes from: Return on")).first.focus()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#term-roi")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#term-roi")).to_be_hidden()
    word.click()
    expect(meaning).to_be_visible()
