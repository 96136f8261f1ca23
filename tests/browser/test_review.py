"""The review as a manager uses it: one sentence, five numbers, and assumptions to play with."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from planner.exchange.states import PilotState
from tests.browser.browsing import Visitor, drawn
from tests.browser.conftest import NewVisitor

CARDS = ("net benefit", "payback", "return on investment", "time to target", "quality")


def cards(page: Page) -> dict[str, str]:
    """The five numbers by the beginning of their label."""
    shown = page.locator(".pb-card").all()
    assert len(shown) == len(CARDS)
    return {
        name: card.locator(".pb-card-value").inner_text()
        for name, card in zip(CARDS, shown, strict=True)
    }


def measured(page: Page) -> list[str]:
    """Every number of the table that no assumption may move: reached to time to target."""
    return [
        cell
        for row in page.locator(".pb-table > tbody > tr").all()
        for cell in row.locator(":scope > td > button.pb-figure").all_inner_texts()[1:6]
    ]


def field(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def enter(page: Page, label: str, value: str) -> None:
    """Types a number and leaves the field, as people do."""
    field(page, label).fill(value)
    field(page, label).press("Enter")
    page.wait_for_timeout(100)
    drawn(page)


def reviewed(come: NewVisitor, pilot: PilotState, **query: str) -> Visitor:
    visitor = come()
    visitor.visit("review", pilot=pilot.id, **query)
    return visitor


def test_the_verdict_comes_first_then_five_numbers(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    banner = page.locator(".pb-banner")
    expect(banner).to_contain_text("Adopt")
    assert "pb-adopt" in banner.get_attribute("class")
    heights = {round(card.bounding_box()["height"]) for card in page.locator(".pb-card").all()}
    assert len(heights) == 1
    assert page.locator(".pb-card").first.bounding_box()["y"] > banner.bounding_box()["y"]
    assert page.locator('[data-testid="stPlotlyChart"]').count() == 5


def test_a_higher_gpu_price_moves_money_and_nothing_that_was_measured(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    before, numbers = cards(page), measured(page)
    enter(page, "Price of a device-hour (USD)", "7.98")
    after = cards(page)
    assert after["net benefit"] != before["net benefit"]
    assert after["payback"] != before["payback"]
    assert after["time to target"] == before["time to target"]
    assert after["quality"] == before["quality"]
    assert measured(page) == numbers
    assert "price_per_device_h=7.98" in page.url


def test_a_link_carries_every_assumption_to_another_person(signed_in, adopted):
    first = reviewed(signed_in, adopted)
    enter(first.page, "Trainings per month", "3")
    first.page.get_by_text("Finance", exact=True).click()
    enter(first.page, "Months that count", "12")
    changed = cards(first.page)
    first.reload()
    assert cards(first.page) == changed

    other = signed_in()
    other.page.goto(first.page.url)
    drawn(other.page)
    assert cards(other.page) == changed


def test_what_the_pilot_says_comes_back_with_one_button(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    before = cards(page)
    enter(page, "Trainings per month", "3")
    assert cards(page) != before
    page.get_by_role("button", name="As the pilot says").click()
    page.wait_for_timeout(100)
    drawn(page)
    assert cards(page) == before
    assert "trainings_per_month" not in page.url


def test_assumptions_outlive_a_look_at_another_page(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    enter(page, "Trainings per month", "3")
    changed = cards(page)
    page.get_by_role("link", name="Pilots").click()
    expect(page.locator("h1")).to_have_text("Pilots")
    page.get_by_role("link", name="Review").click()
    expect(page.locator(".pb-banner")).to_be_visible()
    drawn(page)
    assert cards(page) == changed


def test_amounts_follow_the_currency_at_the_rate_that_was_entered(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    page.get_by_role("radio", name="JPY").click()
    page.wait_for_timeout(100)
    drawn(page)
    expect(page.get_by_text("Until a rate is entered")).to_be_visible()
    assert "$" in cards(page)["net benefit"]
    enter(page, "JPY for one USD", "150")
    assert "¥" in cards(page)["net benefit"]
    assert "exchange_rate=150" in page.url


def test_every_number_says_where_it_comes_from(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    for card in page.locator(".pb-card").all():
        opener = card.locator("button.pb-from")
        opener.focus()
        opener.press("Enter")
        told = page.locator(".pb-pop:popover-open")
        expect(told).to_be_visible()
        expect(told.locator("tr").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(told).to_have_count(0)
    figures = page.locator(".pb-table button.pb-figure")
    assert figures.count() >= 2 * 7
    figures.last.click()
    expect(page.locator(".pb-pop:popover-open")).to_contain_text("Outlay")


def test_the_data_of_each_chart_can_be_taken_away(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    buttons = page.get_by_role("button", name="CSV").all()
    assert len(buttons) == 5 + 2  # charts, lines of money, schedules
    for button in buttons:
        with page.expect_download() as waiting:
            button.click()
        content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(content)))
        assert len(rows) >= 3, waiting.value.suggested_filename
        assert {len(row) for row in rows} == {len(rows[0])}


def test_the_way_back_can_be_taken_away(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Rollback procedure").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert waiting.value.suggested_filename == "paybatch-rollback.en.md"
    assert text.startswith('# Rolling back "')
    assert "## When the alarm sounds" in text


def test_details_open_by_themselves_stand_in_the_link_and_say_where_they_come_from(
    signed_in, adopted
):
    visitor = reviewed(signed_in, adopted)
    page = visitor.page
    facts = page.locator(".pb-facts")
    assert facts.count() == 0
    with visitor.answer():
        page.get_by_text("Returns and break-evens", exact=True).click()
    expect(facts).to_contain_text("Discounted payback")
    expect(facts).to_contain_text("Break-even: price of a device-hour")
    figures = facts.locator("button.pb-figure")
    assert figures.count() == facts.locator(":scope > tbody > tr").count()
    figures.nth(2).click()
    expect(page.locator(".pb-pop:popover-open")).to_contain_text("Trainings per month")
    assert "details_returns=true" in page.url
    visitor.reload()
    expect(facts).to_contain_text("Internal rate of return")


def test_what_the_seeds_say_stands_beside_today(signed_in, adopted):
    page = reviewed(signed_in, adopted, details_seeds="true").page
    facts = page.locator(".pb-facts")
    expect(facts.locator("thead")).to_contain_text("growing batch")
    expect(facts).to_contain_text("Runs that reach the target")
    expect(facts).to_contain_text("Quality gate")


def test_the_lines_of_the_investment_and_of_the_worth_add_up_apart(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    paid, worth = page.locator(".st-key-card-money .pb-list").all()
    for listed in (paid, worth):
        amounts = [
            float(shown.replace("$", "").replace(",", "").replace("−", "-"))
            for shown in listed.locator("dd button").all_inner_texts()
        ]
        assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=0.02)
    assert worth.locator("dd").count() == 3 + 1


def test_convergence_is_read_by_any_effort(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    page = visitor.page
    titles = {
        "Epoch": "Epochs",
        "Step": "Steps",
        "Sample": "Samples",
        "Second": r"Time of training \(m?s\)",
        "Money": r"Cost of one training so far \(\$.?\)",
    }
    for name, title in titles.items():
        page.get_by_role("radio", name=name, exact=True).click()
        page.wait_for_timeout(200)
        drawn(page)
        shown = page.locator('[class*="st-key-card-convergence"] .xtitle').text_content()
        assert re.fullmatch(title, shown or "")
    visitor.reload()
    expect(page.locator('[class*="st-key-card-convergence"] .xtitle')).to_contain_text("Cost")


def test_japanese_shows_the_same_numbers(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    numbers = [re.sub(r"\D", "", cell) for cell in measured(page)]
    page.get_by_role("radio", name="日本語").click()
    expect(page.locator(".pb-banner")).to_contain_text("採用")
    drawn(page)
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert "lang=ja" in page.url
    reordered = ["".join(re.findall(r"\d+", cell)) for cell in measured(page)]
    assert [sorted(found) for found in reordered] == [sorted(found) for found in numbers]


def test_other_hardware_stands_beside_and_in_the_link(signed_in, adopted):
    visitor = reviewed(signed_in, adopted, details_hardware="true", compare="h100-sxm-lambda-8x")
    rows = visitor.page.locator(".pb-facts > tbody > tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Lambda")
    choice = visitor.page.get_by_role("combobox", name="Compare with")
    choice.press_sequentially("this computer")
    with visitor.answer():
        visitor.page.get_by_role("option", name="this computer").click()
    expect(rows).to_have_count(3)
    assert "compare=h100-sxm-lambda-8x%2C" in visitor.page.url
    visitor.reload()
    expect(rows).to_have_count(3)


def test_what_if_the_devices_change_names_plans_and_keeps_what_was_typed(signed_in, adopted):
    visitor = reviewed(signed_in, adopted, details_what_if="true")
    page = visitor.page
    rows = page.locator(".pb-facts > tbody > tr")
    expect(rows).to_have_count(3)
    before = rows.nth(1).inner_text()
    visitor.enter("Deadline (h), 0 for any", "9")
    expect(rows.nth(1)).not_to_have_text(before)
    assert "what_if_deadline_h=9" in page.url
    expect(page.get_by_text("Not offered: it takes at least three schedules")).to_be_visible()
    visitor.reload()
    assert rows.nth(1).inner_text() != before
    assert page.locator('[class*="st-key-card-device_"]').count() == 2


def test_the_next_step_leads_to_the_decision_on_the_same_pilot(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    expect(visitor.page.locator(".pb-next")).to_contain_text("would be worth")
    visitor.press("Go to the decision")
    assert "/decide" in visitor.page.url
    expect(visitor.page.locator("h1")).to_contain_text(adopted.pilot.name)
