"""The list of pilots in an installation that has been used for years."""

import re

from playwright.sync_api import expect

from backend.database.sqlite import open_file
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.installation import a_pilot
from tests.support.many_pilots import multiply
from tests.support.planted_worker import falling_loss

PILOTS, PAGE = 1000, 25


def fill(paybatch: Paybatch) -> None:
    seeds = {"confirmation": [11, 12, 13, 14, 15]}
    pilot = paybatch.plant(a_pilot(seeds=seeds, name="Many"), lambda *_: falling_loss(0.2))
    database = open_file(paybatch.folder / "api" / "paybatch.sqlite", busy_s=10)
    multiply(database, pilot.id, copies=PILOTS - 1)
    database.close()


def test_a_thousand_pilots_are_read_page_by_page_and_found_by_name(
    new_paybatch: Paybatch, signed_in: NewVisitor
):
    fill(new_paybatch)
    visitor = signed_in(paybatch=new_paybatch)
    visitor.visit("")
    rows = visitor.page.locator(".pb-pilots tbody tr")
    expect(rows).to_have_count(PAGE)
    expect(rows.first).to_contain_text("Many")
    visitor.click(visitor.page.get_by_role("button", name=re.compile(f"{PILOTS // PAGE}$")))
    expect(rows.last).to_contain_text(f"Many {PILOTS - 1}")
    expect(visitor.page).to_have_url(re.compile("page=40"))
    visitor.reload()
    expect(rows.last).to_contain_text(f"Many {PILOTS - 1}")
    visitor.enter("Search by name", "Many 777")
    expect(rows).to_have_count(1)
    visitor.click(rows.get_by_role("link", name="Many 777").first)
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Many 777")
