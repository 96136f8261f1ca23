import httpx
from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.gated_pilots import priced_pilot
from tests.support.processes import PATIENCE_S


def test_a_link_opens_the_pages_once(visitor: NewVisitor):
    first = visitor()
    link = first.paybatch.sign_in_link()
    first.go_to(link)
    expect(first.page.get_by_role("link", name="Plan a pilot")).to_be_visible()
    second = visitor()
    answer = second.page.goto(link)
    assert answer is not None
    assert answer.status == 403
    expect(second.page.get_by_text("paybatch open")).to_be_visible()


def test_without_signing_in_every_page_says_how_and_nothing_else(visitor: NewVisitor):
    stranger = visitor()
    page = stranger.page
    for path in ("", "plan", "live", "review"):
        stranger.visit(path)
        expect(page.get_by_text("paybatch open").first).to_be_visible()
        expect(page.get_by_role("navigation")).to_have_count(0)
        expect(page.locator("a[href]:not([href^='#'])")).to_have_count(0)
        expect(page.locator("[data-testid=stSidebar]")).to_have_count(0)


def test_the_cookie_is_out_of_reach_for_scripts(signed_in: NewVisitor, paybatch: Paybatch):
    found = signed_in()
    found.visit("")
    assert found.page.evaluate("document.cookie").find("paybatch_session") == -1
    (cookie,) = (c for c in found.context.cookies() if c["name"] == "paybatch_session")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["domain"]) == (True, "Lax", "127.0.0.1")
    assert cookie["value"] not in found.page.content()
    assert cookie["value"] not in paybatch.page.log


def test_who_signs_out_is_outside_at_once(signed_in: NewVisitor):
    leaver = signed_in()
    leaver.visit("")
    leaver.press("Sign out")
    expect(leaver.page.get_by_text("paybatch open").first).to_be_visible()
    leaver.visit("review")
    expect(leaver.page.get_by_text("paybatch open").first).to_be_visible()


def test_a_session_that_ends_while_live_looks_again_leads_to_the_sign_in(
    signed_in: NewVisitor, new_paybatch: Paybatch
):
    pilot = new_paybatch.api.create(priced_pilot(), throughput=None)
    watcher = signed_in(paybatch=new_paybatch)
    watcher.visit("live", pilot=pilot.id)
    (cookie,) = (c for c in watcher.context.cookies() if c["name"] == "paybatch_session")
    headers = {"Authorization": f"Bearer {cookie['value']}"}
    httpx.post(
        f"{new_paybatch.api.url}/api/sign-out", headers=headers, timeout=PATIENCE_S
    ).raise_for_status()
    expect(watcher.page.get_by_text("paybatch open").first).to_be_visible()
    expect(watcher.page.locator("[data-testid=stException]")).to_have_count(0)
