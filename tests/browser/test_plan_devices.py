"""Devices of each stage are set by clicks, or taken over from a plan of a review."""

import re

import pytest
from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor
from wording.catalogue import say
from wording.language import Language


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_engineer_sets_the_devices_of_a_stage_and_finds_them_again(
    language: Language, signed_in: NewVisitor
):
    engineer = signed_in(language=language)
    page = engineer.page
    engineer.visit("plan", step="2")
    card = page.locator(".st-key-card-plan-schedule")
    switch = card.get_by_text(say("page.plan.stage_devices", language), exact=True)
    engineer.click(switch)
    fields = card.locator('[class*="st-key-plan-field-pilot-devices-0--counts"] input')
    expect(fields.first).to_have_value("1")
    last = fields.last
    last.fill("2")
    with engineer.answer():
        last.press("Enter")
    expect(last).to_have_value("2")
    engineer.reload()
    expect(fields.last).to_have_value("2")
    expect(fields.first).to_have_value("1")
    engineer.click(switch)
    expect(fields).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_plan_of_devices_goes_from_the_review_into_a_new_pilot(
    language: Language, signed_in: NewVisitor, adopted: PilotState
):
    engineer = signed_in(language=language)
    page = engineer.page
    engineer.visit("review", pilot=adopted.id, details_what_if="true", fabric="measured-here")
    choice = page.locator(".st-key-plan-devices-which input")
    expect(choice).to_have_value(re.compile(r"\d+ · "))
    devices = re.search(r"(\d+)(?: → \d+)* · ", choice.input_value())
    assert devices is not None
    engineer.press(say("page.plan.devices_take", language))
    expect(page).to_have_url(re.compile(r"/plan\?.*step=2"))
    card = page.locator(".st-key-card-plan-schedule")
    fields = card.locator('[class*="st-key-plan-field-pilot-devices-0--counts"] input')
    expect(fields.first).to_have_value(devices.group(1))
