"""The live page of a finished pilot: what a trainer printed, and the way to what it is worth."""

import re

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.accessibility import violations
from tests.browser.conftest import NewVisitor


def test_a_finished_pilot_leads_from_its_live_page_to_its_review(
    adopted: PilotState, signed_in: NewVisitor
):
    visitor = signed_in()
    visitor.visit("live", pilot=adopted.id)
    visitor.press("Review")
    expect(visitor.page).to_have_url(re.compile(f"/review.*{adopted.id}"))
    expect(visitor.page.locator(".pb-card-value")).to_have_count(5)


def test_what_a_trainer_printed_is_read_searched_and_taken_away(
    adopted: PilotState, signed_in: NewVisitor
):
    visitor = signed_in(theme="dark")
    page = visitor.page
    visitor.visit("live", pilot=adopted.id)
    visitor.click(page.get_by_text("What the trainer printed"))
    lines = page.get_by_role("region", name="What the trainer printed")
    expect(lines).to_contain_text("1  planted: begins")
    expect(lines).to_contain_text(re.compile(r"2  planted: <b>\d+</b> steps are done"))
    assert violations(page) == []
    visitor.enter("Search the lines", "STEPS")
    expect(lines).not_to_contain_text("begins")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the lines away").click()
    text = taken.value.path().read_text(encoding="utf-8")
    assert re.fullmatch(r"2\tplanted: <b>\d+</b> steps are done\n", text)
    visitor.enter("Search the lines", "absent")
    expect(page.get_by_text("No line holds this.")).to_be_visible()
