"""The tour of the example, and words that are explained on the page."""

import re

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.planted_pilots import ADOPT


def test_a_newcomer_is_led_through_the_example_while_it_runs(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    newcomer = signed_in(paybatch=new_paybatch)
    newcomer.visit("")
    newcomer.press("Take the tour")
    page = newcomer.page
    tour = page.locator(".st-key-tour")
    on = tour.get_by_role("button", name="Next", exact=True)
    expect(tour).to_contain_text("Tour, 1 of 5")
    newcomer.click(tour.get_by_role("button", name="Start the example pilot"))
    expect(tour).to_contain_text("0 of 48 runs are finished")
    expect(on).to_be_disabled()
    new_paybatch.work(ADOPT.plant(), workload="digits-mlp")
    expect(on).to_be_enabled()
    newcomer.click(on)
    expect(page).to_have_url(re.compile(r"/review\?.*tour=3"))
    newcomer.click(on)
    payback = page.locator(".pb-card-value").nth(1)
    before = payback.inner_text()
    newcomer.click(tour.get_by_role("button", name="Try 10 trainings per month"))
    expect(payback).not_to_have_text(before)
    expect(page).to_have_url(re.compile("trainings_per_month=10"))
    newcomer.click(on)
    expect(tour).to_contain_text("Tour, 5 of 5")
    newcomer.click(tour.get_by_role("button", name="Finish"))
    expect(tour).to_have_count(0)


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
