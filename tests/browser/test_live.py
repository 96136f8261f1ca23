"""The way from watching a pilot to what it is worth."""

import re

from playwright.sync_api import expect

from planner.states import PilotState
from tests.browser.conftest import NewVisitor


def test_a_finished_pilot_leads_from_its_live_page_to_its_review(
    adopted: PilotState, signed_in: NewVisitor
):
    visitor = signed_in()
    visitor.visit("live", pilot=adopted.id)
    visitor.page.get_by_role("button", name="Review").click()
    expect(visitor.page).to_have_url(re.compile(f"/review.*{adopted.id}"))
    expect(visitor.page.locator(".pb-card-value")).to_have_count(5)
