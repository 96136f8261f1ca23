"""The price book in a browser: a price is entered, a catalogue imported, ages are told."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.entered_prices import CATALOGUE, an_entry, usd

WORDS = {
    "en": {
        "device": "Device",
        "vendor": "Vendor",
        "amount": "Price per device-hour",
        "source": "Where it was read",
        "enter": "Enter this price",
        "entered": "h100-ours-on-demand is in the book.",
        "read": "read today",
        "undated": "undated",
        "catalogue_vendor": "Vendor of the catalogue",
        "import": "Import",
        "wrong": 'Line 8: Price is "cheap"',
        "imported": "Prices added: 6. As before: 0. Lines skipped: 2.",
    },
    "ja": {
        "device": "デバイス",
        "vendor": "提供元",
        "amount": "1台1時間の価格",
        "source": "出典",
        "enter": "この価格を登録",
        "entered": "h100-ours-on-demandを価格表に登録しました。",
        "read": "本日確認",
        "undated": "日付なし",
        "catalogue_vendor": "カタログの提供元",
        "import": "取り込む",
        "wrong": "8行目：Priceの「cheap」",
        "imported": "追加：6件、変更なし：0件、対象外の行：2件",
    },
}


def bring(visitor: Visitor, file: Path) -> None:
    with visitor.answer():
        visitor.page.locator("input[type=file]").set_input_files(file)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_price_is_entered_and_a_catalogue_imported(
    language: str, new_paybatch: Paybatch, signed_in: NewVisitor, tmp_path: Path
):
    words = WORDS[language]
    visitor = signed_in(paybatch=new_paybatch, language=language)
    page = visitor.page
    visitor.visit("prices", part="enter")
    for field, value in (("device", "H100"), ("vendor", "Ours"), ("amount", "2.2")):
        visitor.enter(words[field], value)
    visitor.press(words["enter"])
    expect(page.locator(".pb-refused")).to_have_count(1)
    visitor.enter(words["source"], "contract 17")
    visitor.press(words["enter"])
    expect(page.get_by_text(words["entered"])).to_be_visible()

    visitor.visit("prices", part="import")
    file = tmp_path / "aws.csv"
    file.write_text(CATALOGUE + "p4d,A100,8,,,cheap,,us-east-1,,\n", encoding="utf-8")
    bring(visitor, file)
    visitor.enter(words["catalogue_vendor"], "AWS")
    visitor.press(words["import"])
    expect(page.locator(".pb-refused")).to_contain_text(words["wrong"])
    file.write_text(CATALOGUE, encoding="utf-8")
    visitor.visit("prices", part="import")
    bring(visitor, file)
    visitor.enter(words["catalogue_vendor"], "AWS")
    visitor.press(words["import"])
    expect(page.get_by_text(words["imported"])).to_be_visible()

    visitor.visit("prices", device="H100", kind="on_demand")
    rows = page.locator(".pb-prices tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Ours")
    expect(rows.first.locator(".pb-pill")).to_have_text(words["read"])
    visitor.visit("prices", device="T4")
    expect(rows.locator(".pb-pill")).to_have_text(words["undated"])


def test_another_price_is_entered_and_a_row_retired(new_paybatch: Paybatch, signed_in: NewVisitor):
    visitor = signed_in(paybatch=new_paybatch)
    page = visitor.page
    visitor.visit("prices", row="h100-sxm-runpod-secure")
    card = page.locator(".st-key-card-price-row")
    expect(card.locator("tbody tr")).to_have_count(1)
    visitor.press("Enter another price")
    visitor.enter("Price per device-hour", "4.5")
    visitor.enter("Where it was read", "their page")
    visitor.press("Enter the new price")
    visitor.visit("prices", row="h100-sxm-runpod-secure")
    prices = card.locator("tbody th")
    expect(prices).to_have_text(["$4.50", "$3.99"])
    page.get_by_role("button", name="Retire", exact=True).click()
    visitor.press("Retire this row")
    retired = page.locator(".pb-prices tbody tr").filter(has_text="h100-sxm-runpod-secure")
    expect(retired.locator(".pb-pill")).to_have_text(re.compile("retired on"))


def test_a_review_is_made_with_the_prices_of_the_day_in_its_link(
    paybatch: Paybatch, adopted: PilotState, signed_in: NewVisitor
):
    device = "planted device"
    first = an_entry(id="day-test", device=device, rent_per_gpu_hour=usd(3.25))
    later = an_entry(id="day-test", device=device, as_of="2026-10-30", rent_per_gpu_hour=usd(2.75))
    paybatch.api.post("/api/prices", first)
    paybatch.api.post("/api/prices/day-test", later, method="PUT")
    visitor = signed_in()
    basis = visitor.page.locator(".pb-basis")
    visitor.visit("review", pilot=adopted.id, hardware="day-test")
    expect(basis).to_contain_text("$2.75")
    expect(basis).to_contain_text("October 30, 2026")
    visitor.visit("review", pilot=adopted.id, hardware="day-test", price_day="2026-10-25")
    expect(basis).to_contain_text("$3.25")


def test_the_calculator_shows_what_an_owned_device_costs(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    visitor = signed_in(paybatch=new_paybatch)
    visitor.visit("prices", part="enter")
    visitor.choose("How it is paid for", "owned")
    for label, value in {
        "Purchase price": "300000",
        "Worth at the end of its life": "30000",
        "Life (years)": "5",
        "Share of hours in use": "0.6",
        "Maintenance per year": "24000",
        "Electricity per kWh": "0.2",
        "Power in use (W)": "700",
        "Power idle (W)": "0",
        "PUE": "1.3",
    }.items():
        visitor.enter(label, value)
    shown = visitor.page.locator(".st-key-card-price-owned dd")
    # 10.2739726 + 4.56621005 + 0.182 = 15.0221826; nothing of a freed hour is used otherwise.
    expect(shown).to_have_text(["$10.2740", "$4.5662", "$0.1820", "$15.0222", "$0.1820"])
