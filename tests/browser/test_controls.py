"""A control of equal effort is added on the page of a plan, below the candidate it belongs to."""

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor

OFFER = "Add a control of equal effort"


def test_an_engineer_adds_a_control_of_the_same_steps_and_hears_where_there_is_none(
    signed_in: NewVisitor,
):
    engineer = signed_in()
    engineer.visit("plan", step="2")
    card = engineer.page.locator(".st-key-card-plan-schedule")
    engineer.choose(OFFER, "same samples")
    engineer.press("Add the control")
    expect(card.get_by_text("It is its own control.")).to_be_visible()
    engineer.choose(OFFER, "same steps")
    engineer.press("Add the control")
    expect(card.get_by_text("epochs of its own instead of the pilot's")).to_be_visible()
    effort = engineer.page.locator(".st-key-card-plan-work, .st-key-card-plan-schedules").first
    expect(effort).to_contain_text("same steps as growing batch")
