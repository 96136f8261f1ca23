"""Decide as a manager uses it: criteria first, then a sign-off, then what production gave."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.gated_pilots import plant, priced_pilot

WORDS = {
    "en": {
        "fix": "Fix the criteria",
        "sign": "Sign off",
        "name": "Name",
        "reason": "Reason",
        "limited": "In limited rollout",
        "hours": "Hours",
        "device_h": "Device-hours",
        "enter": "Enter",
        "override": "Sign although",
        "met": "met",
    },
    "ja": {
        "fix": "基準を確定",
        "sign": "承認する",
        "name": "氏名",
        "reason": "理由",
        "limited": "限定展開中",
        "hours": "時間（h）",
        "device_h": "デバイス時間",
        "enter": "入力",
        "override": "未達の基準があっても",
        "met": "達成",
    },
}


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_a_manager_signs_a_rollout_and_lays_production_over_it(
    new_paybatch: Paybatch, signed_in: NewVisitor, language: str, theme: str
):
    words = WORDS[language]
    pilot = new_paybatch.plant(priced_pilot(), plant)
    visitor = signed_in(paybatch=new_paybatch, language=language, theme=theme)
    visitor.visit("decide", pilot=pilot.id)
    page = visitor.page

    visitor.press(words["fix"])
    expect(page.locator(".st-key-card-decide-gate .pb-pill").first).to_be_visible()

    visitor.press(words["sign"])
    gate = page.locator(".st-key-card-decide-gate")
    expect(gate.locator(".pb-refused").first).to_be_visible()

    visitor.enter(words["name"], "A. Manager")
    visitor.enter(words["reason"], "it pays back")
    override = gate.get_by_text(words["override"])
    visitor.click(override)
    visitor.press(words["sign"])
    expect(page.locator(".pb-badge")).to_have_text(words["limited"])
    history = page.locator(".st-key-card-decide-history tbody tr")
    expect(history).to_have_count(2)
    expect(history.first).to_contain_text("it pays back")
    expect(history.first.locator("code")).to_have_text(re.compile(r"^[0-9a-f]{12}$"))

    visitor.enter(words["hours"], "6")
    visitor.enter(words["device_h"], "48")
    visitor.press(words["enter"])
    expect(page.locator(".st-key-card-decide-results tbody tr")).to_have_count(1)
    expect(page.locator('[class*="st-key-card-realised"]')).to_be_visible()
    visitor.reload()
    expect(page.locator(".st-key-card-decide-results tbody tr")).to_have_count(1)
