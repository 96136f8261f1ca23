"""Reports as people make them: by keyboard, on the assumptions of the link, and once again."""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor


def test_a_report_is_made_by_keyboard_and_taken_from_the_list_by_its_hash(
    signed_in: NewVisitor, adopted: PilotState
) -> None:
    visitor = signed_in()
    visitor.visit("reports", pilot=adopted.id, trainings_per_month="3")
    page = visitor.page
    making = page.locator(".st-key-card-reports-make")
    expect(making).to_contain_text("trainings per month 3 instead of 20")
    for name in ("PDF", "JSON"):
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        with visitor.answer():
            button.press("Enter")
    make = page.get_by_role("button", name="Make the files", exact=True)
    make.focus()
    with visitor.answer():
        make.press("Enter")
    expect(making.get_by_role("status")).to_contain_text("Ready")
    newest = page.locator('[class*="st-key-report-"]').first
    expect(newest).to_contain_text("JSON")
    with page.expect_download() as waiting:
        newest.get_by_role("button", name="Download").click()
    content = Path(waiting.value.path()).read_bytes()
    assert b'"trainings_per_month": 3.0' in content
    shown = newest.locator("code").first
    expect(shown).to_have_attribute("title", hashlib.sha256(content).hexdigest())
    visitor.press("See them in the review")
    expect(page).to_have_url(re.compile(r"/review\?.*trainings_per_month=3"))
