"""The review as a manager uses it: one sentence, five numbers, and assumptions to play with."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor

CARDS = ("net benefit", "payback", "return on investment", "time to target", "quality")


MEASURED = """rows => rows.flatMap(row => [...row.querySelectorAll(
    ':scope > td > button.pb-figure')].slice(1, 6).map(figure => figure.innerText))"""
"""Every number of the table that no assumption may move: reached to time to target."""


def cards(visitor: Visitor) -> dict[str, str]:
    """The five numbers by the beginning of their label."""
    values = visitor.page.locator(".pb-card .pb-card-value")
    expect(values).to_have_count(len(CARDS))
    return dict(zip(CARDS, values.all_inner_texts(), strict=True))


def measured(visitor: Visitor) -> list[str]:
    """The numbers of the table of schedules that were measured."""
    rows = visitor.page.locator(".pb-table > tbody > tr")
    expect(rows).to_have_count(2)
    return list(rows.evaluate_all(MEASURED))


def linked(visitor: Visitor, words: str) -> None:
    """The link carries that."""
    expect(visitor.page).to_have_url(re.compile(re.escape(words)))


def reviewed(come: NewVisitor, pilot: PilotState, **query: str) -> Visitor:
    visitor = come()
    visitor.visit("review", pilot=pilot.id, **query)
    return visitor


def test_the_verdict_comes_first_then_five_numbers(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    banner = page.locator(".pb-banner")
    expect(banner).to_contain_text("Adopt")
    expect(banner).to_have_class(re.compile("pb-adopt"))
    shown = page.locator(".pb-card")
    expect(shown).to_have_count(len(CARDS))
    boxes = shown.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().toJSON())")
    assert len({round(box["height"]) for box in boxes}) == 1
    assert boxes[0]["y"] > banner.bounding_box()["y"]
    expect(page.locator('[data-testid="stPlotlyChart"]')).to_have_count(5)


def test_a_narrow_window_gives_the_title_its_whole_width(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    visitor.resize(420)
    title = visitor.page.get_by_role("heading", level=1)
    assert title.bounding_box()["width"] > 350  # 420 px less 16 px on either side, and some room
    badge = visitor.page.locator(".pb-badge").bounding_box()
    assert badge["y"] >= title.bounding_box()["y"] + title.bounding_box()["height"]


def test_a_higher_gpu_price_moves_money_and_nothing_that_was_measured(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    before, numbers = cards(visitor), measured(visitor)
    visitor.enter("Price of a device-hour (USD)", "7.98")
    after = cards(visitor)
    assert after["net benefit"] != before["net benefit"]
    assert after["payback"] != before["payback"]
    assert after["time to target"] == before["time to target"]
    assert after["quality"] == before["quality"]
    assert measured(visitor) == numbers
    linked(visitor, "price_per_device_h=7.98")


def test_a_link_carries_every_assumption_to_another_person(signed_in, adopted):
    first = reviewed(signed_in, adopted)
    first.enter("Trainings per month", "3")
    first.page.get_by_text("Finance", exact=True).click()
    first.enter("Months that count", "12")
    linked(first, "trainings_per_month=3")
    linked(first, "horizon_months=12")
    changed = cards(first)
    first.reload()
    assert cards(first) == changed

    other = signed_in()
    other.go_to(first.page.url)
    assert cards(other) == changed


def test_what_the_pilot_says_comes_back_with_one_button(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    before = cards(visitor)
    visitor.enter("Trainings per month", "3")
    assert cards(visitor) != before
    visitor.press("As the pilot says")
    assert cards(visitor) == before
    expect(visitor.page).not_to_have_url(re.compile("trainings_per_month"))


def test_assumptions_outlive_a_look_at_another_page(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    visitor.enter("Trainings per month", "3")
    changed = cards(visitor)
    visitor.open("Pilots")
    expect(visitor.page.locator("h1")).to_have_text("Pilots")
    visitor.open("Review")
    expect(visitor.page.locator(".pb-banner")).to_be_visible()
    assert cards(visitor) == changed


def test_amounts_follow_the_currency_at_the_rate_that_was_entered(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    visitor.switch("JPY")
    expect(visitor.page.get_by_text("Until a rate is entered")).to_be_visible()
    assert "$" in cards(visitor)["net benefit"]
    visitor.enter("JPY for one USD", "150")
    assert "¥" in cards(visitor)["net benefit"]
    linked(visitor, "exchange_rate=150")


def test_every_number_says_where_it_comes_from(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    shown = page.locator(".pb-card")
    expect(shown).to_have_count(len(CARDS))
    for place in range(len(CARDS)):
        opener = shown.nth(place).locator("button.pb-from")
        opener.focus()
        opener.press("Enter")
        told = page.locator(".pb-pop:popover-open")
        expect(told).to_be_visible()
        expect(told.locator("tr").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(told).to_have_count(0)
    figures = page.locator(".pb-table button.pb-figure")
    expect(figures.nth(2 * 7 - 1)).to_be_visible()
    figures.last.click()
    expect(page.locator(".pb-pop:popover-open")).to_contain_text("Outlay")


def test_the_data_of_each_chart_can_be_taken_away(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    buttons = page.get_by_role("button", name="CSV")
    count = 5 + 2  # charts, lines of money, schedules
    expect(buttons).to_have_count(count)
    for place in range(count):
        with page.expect_download() as waiting:
            buttons.nth(place).click()
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


def test_the_winning_schedule_can_be_taken_home_as_code(signed_in, adopted):
    page = reviewed(signed_in, adopted).page
    page.get_by_role("button", name="Take home the code").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download", exact=True).click()
    source = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert waiting.value.suggested_filename.endswith("_pytorch.py")
    assert "def self_test():" in source
    compile(source, waiting.value.suggested_filename, "exec")


def test_details_open_by_themselves_stand_in_the_link_and_say_where_they_come_from(
    signed_in, adopted
):
    visitor = reviewed(signed_in, adopted)
    page = visitor.page
    facts = page.locator(".pb-facts")
    expect(facts).to_have_count(0)
    visitor.click(page.get_by_text("Returns and break-evens", exact=True))
    expect(facts).to_contain_text("Discounted payback")
    expect(facts).to_contain_text("Break-even: price of a device-hour")
    rows = facts.locator(":scope > tbody > tr")
    expect(rows.filter(has_not=page.locator("button.pb-figure"))).to_have_count(0)
    rows.nth(2).locator("button.pb-figure").click()
    expect(page.locator(".pb-pop:popover-open")).to_contain_text("Trainings per month")
    linked(visitor, "details_returns=true")
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
    lists = page.locator(".st-key-card-money .pb-list")
    expect(lists).to_have_count(2)
    paid, worth = lists.nth(0), lists.nth(1)
    for listed in (paid, worth):
        amounts = [
            float(shown.replace("$", "").replace(",", "").replace("−", "-"))
            for shown in listed.locator("dd button").all_inner_texts()
        ]
        assert sum(amounts[:-1]) == pytest.approx(amounts[-1], abs=0.02)
    expect(worth.locator("dd")).to_have_count(3 + 1)


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
    shown = page.locator('[class*="st-key-card-convergence"] .xtitle')
    for name, title in titles.items():
        visitor.switch(name)
        expect(shown).to_have_text(re.compile(f"^{title}$"))
    visitor.reload()
    expect(shown).to_contain_text("Cost")


def test_japanese_shows_the_same_numbers(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    page = visitor.page
    numbers = [re.sub(r"\D", "", cell) for cell in measured(visitor)]
    visitor.switch("日本語")
    expect(page.locator(".pb-banner")).to_contain_text("採用")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    linked(visitor, "lang=ja")
    reordered = ["".join(re.findall(r"\d+", cell)) for cell in measured(visitor)]
    assert [sorted(found) for found in reordered] == [sorted(found) for found in numbers]


def test_other_hardware_stands_beside_and_in_the_link(signed_in, adopted):
    visitor = reviewed(signed_in, adopted, details_hardware="true", compare="h100-sxm-lambda-8x")
    rows = visitor.page.locator(".pb-facts > tbody > tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Lambda")
    choice = visitor.page.get_by_role("combobox", name="Compare with")
    choice.press_sequentially("this computer")
    visitor.click(visitor.page.get_by_role("option", name="this computer"))
    expect(rows).to_have_count(3)
    linked(visitor, "compare=h100-sxm-lambda-8x%2C")
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
    linked(visitor, "what_if_deadline_h=9")
    expect(page.get_by_text("Not offered: it takes at least three schedules")).to_be_visible()
    visitor.reload()
    expect(rows.nth(1)).not_to_have_text(before)
    expect(page.locator('[class*="st-key-card-device_"]')).to_have_count(2)


def test_the_next_step_leads_to_the_decision_on_the_same_pilot(signed_in, adopted):
    visitor = reviewed(signed_in, adopted)
    expect(visitor.page.locator(".pb-next")).to_contain_text("More seeds")
    visitor.press("Go to the decision")
    expect(visitor.page).to_have_url(re.compile(rf"/decide\?.*pilot={adopted.id}"))
    expect(visitor.page.locator("h1")).to_contain_text(adopted.pilot.name)
