"""How uncertain an assumption is, as somebody says it beside the numbers."""

import re

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.accessibility import violations
from tests.browser.conftest import NewVisitor


def test_a_range_widens_the_result_stands_in_the_link_and_is_refused_beside_its_field(
    signed_in: NewVisitor, adopted: PilotState
):
    visitor = signed_in()
    visitor.visit("review", pilot=adopted.id)
    page = visitor.page
    card = page.locator(".pb-card").first
    pilots_own = card.inner_text()
    page.get_by_text("How uncertain it is", exact=True).click()
    expect(page.get_by_role("combobox", name="Uncertain assumptions")).to_be_visible()
    visitor.wait_until_drawn()
    visitor.choose("Uncertain assumptions", "Trainings per month")
    visitor.enter("Trainings per month: lowest", "5")
    visitor.enter("Trainings per month: highest", "30")
    expect(card).not_to_have_text(pilots_own)
    expect(page).to_have_url(re.compile(r"ranges=trainings_per_month%3A5~30"))
    wider = card.inner_text()
    visitor.reload()
    expect(card).to_have_text(wider, use_inner_text=True)

    page.get_by_text("How uncertain it is", exact=True).click()
    visitor.enter("Trainings per month: lowest", "25")
    side = page.get_by_test_id("stSidebar")
    expect(side.get_by_text("lies outside its range of 25 to 30")).to_be_visible()
    expect(page.get_by_text("the numbers of the last assumptions")).to_be_visible()
    assert violations(page) == []
    visitor.press("As the pilot says")
    expect(card).to_have_text(pilots_own, use_inner_text=True)
    expect(page).not_to_have_url(re.compile("ranges="))
