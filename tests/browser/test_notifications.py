"""Notifications in the page: counted on every page, one click from where they lead, then read."""

import re

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.planted_pilots import ADOPT

PATIENCE_MS = 60_000


def test_what_happened_is_counted_on_every_page_until_it_is_read(
    adopted: PilotState, signed_in: NewVisitor
):
    visitor = signed_in(language="ja")
    visitor.visit("notifications")
    told = re.compile(f"^{re.escape(adopted.pilot.name)}：パイロットが終了")
    finished = visitor.page.get_by_role("link", name=told)
    visitor.click(finished.first)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(adopted.pilot.name)
    navigation = visitor.page.get_by_test_id("stSidebarNav")
    entry = navigation.get_by_role("link", name=re.compile("^お知らせ"))
    expect(entry).to_contain_text("お知らせ（")
    visitor.click(entry)
    visitor.press("すべて既読にする")
    expect(navigation.get_by_role("link", name="お知らせ", exact=True)).to_be_visible()
    expect(visitor.page.locator(".pb-told").get_by_text("未読", exact=True)).to_have_count(0)


def test_a_mark_that_does_not_arrive_leaves_what_is_new(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    new_paybatch.plant(ADOPT.pilot(), ADOPT.plant())
    visitor = signed_in(paybatch=new_paybatch)
    visitor.visit("notifications")
    new = visitor.page.locator(".pb-told").get_by_text("New", exact=True)
    expect(new.first).to_be_visible()
    new_paybatch.api.kill()
    visitor.press("Mark all as read")
    expect(visitor.page.get_by_text("Paybatch does not answer")).to_be_visible()
    new_paybatch.api.start()
    expect(new.first).to_be_visible(timeout=PATIENCE_MS)
