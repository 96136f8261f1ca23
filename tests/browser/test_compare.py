"""Two pilots side by side: chosen, drawn along money, kept as a view, opened by somebody else."""

import dataclasses
import re
from urllib.parse import quote

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.planted_pilots import ADOPT


def test_a_view_of_two_pilots_is_kept_and_opened_by_somebody_else(
    adopted: PilotState, paybatch: Paybatch, signed_in: NewVisitor
):
    hostile = dataclasses.replace(ADOPT.pilot(), name="Second <b>pilot</b>")
    second = paybatch.plant(hostile, ADOPT.plant())
    visitor = signed_in()
    page = visitor.page
    visitor.visit("compare", pilots=adopted.id)
    rows = page.get_by_role("region", name="Outcomes").locator("tbody tr")
    page.get_by_role("combobox", name="Pilots").fill("Second <b>")
    with visitor.answer():
        page.get_by_role("option", name="Second <b>pilot</b>").first.click()
    page.keyboard.press("Escape")  # what lies below an open list is hidden from roles
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("baseline of this view")
    expect(rows.last).to_contain_text("Second <b>pilot</b>")
    visitor.switch("Money")
    expect(page.get_by_text("Every pilot at its own price, in US dollars.")).to_be_visible()
    expect(page).to_have_url(re.compile("^(?!.*baseline=)(?=.*along=money)"))
    visitor.choose("Baseline", "growing batch · Second <b>pilot</b>")
    expect(rows.first).to_contain_text("1. growing batch · Second")
    chosen = quote(f'["{second.id}","growing', safe="")
    expect(page).to_have_url(re.compile(f"baseline={chosen}"))
    page.get_by_role("button", name="Saved views").click()
    visitor.enter("Name of the view", "For the meeting")
    visitor.press("Save this view")
    link = page.get_by_role("link", name="For the meeting")
    expect(link).to_be_visible()
    address = link.get_attribute("href")
    assert address is not None

    other = signed_in(language="ja", theme="dark")
    other.go_to(f"{paybatch.page.url}{address.replace('lang=en', 'lang=ja')}")
    both = f"pilots={adopted.id}(,|%2C){second.id}"
    expect(other.page).to_have_url(re.compile(f"(?=.*along=money)(?=.*{both})"))
    shown = other.page.get_by_role("region", name="結果").locator("tbody tr")
    expect(shown.first).to_contain_text("この比較のベースライン")
    expect(shown.first).to_contain_text("1. growing batch · Second")

    for named, sentences in (("", 0), ("lost", 1)):  # no view, and one that is gone
        visitor.visit("compare", pilots=adopted.id, view=named)
        expect(rows).to_have_count(2)
        expect(page.get_by_role("alert")).to_have_count(sentences)
