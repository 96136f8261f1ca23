"""A measured throughput curve: read, taken away, and asked to be measured again."""

import re

from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor


def test_a_curve_is_read_taken_away_and_measured_again_on_request(
    adopted: PilotState, signed_in: NewVisitor
):
    assert adopted.throughput is not None
    visitor = signed_in()
    page = visitor.page
    visitor.visit("throughput")
    row = page.locator(".pb-curves tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("digits-mlp")
    # t0 = 1 ms, r = 100,000 samples/s: half of it at 1 ms x 100,000 / s.
    values = page.locator(".pb-card-value")
    expect(values).to_have_text(["1.00 ms", "100,000", "100", "1,024", "not reached"])
    # Five runs of 1.08 ms in 2 ms.
    expect(page.get_by_role("region", name="Runs trained together")).to_contain_text("2.7×")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").first.click()
    first = taken.value.path().read_text(encoding="utf-8-sig").splitlines()[1]
    assert first.startswith("1,digits-mlp,planted device,float32,planted 1,")
    page.get_by_role("button", name="Measure again").click()
    visitor.press("Ask for another measurement")
    expect(row).to_contain_text("to be measured again")
    expect(page.get_by_role("button", name="Measure again")).to_have_count(0)


def test_a_plan_leads_to_the_curve_that_it_rests_on(adopted: PilotState, signed_in: NewVisitor):
    assert adopted.measured_on is not None
    visitor = signed_in()
    visitor.visit("plan", step="1")
    card = visitor.page.locator(".st-key-card-plan-throughput")
    expect(card).to_contain_text(adopted.measured_on)
    visitor.click(card.get_by_role("link", name="Look at the curve"))
    expect(visitor.page).to_have_url(re.compile("/throughput.*curve=1"))
    expect(visitor.page.get_by_role("heading", name="No. 1")).to_be_visible()


def test_steps_on_two_devices_stand_beside_what_one_predicts(
    adopted: PilotState, signed_in: NewVisitor
):
    assert adopted.measured_on is not None
    visitor = signed_in()
    page = visitor.page
    visitor.visit("throughput")
    table = page.get_by_role("region", name="Several devices")
    last = table.locator("tbody tr").last
    # 5 ms for 400 samples on two devices, 2 of them communication; one and the exchange say 3 + 2.
    for said in ("400", "5.00 ms", "40%", "50%", "60%", "1.00×"):
        expect(last).to_contain_text(said)
    expect(page.locator(".st-key-card-scaling")).to_contain_text("Time of a step by number of")
    with page.expect_download() as taken:
        table_card = page.locator(".st-key-card-scaling-table")
        table_card.get_by_role("button", name="CSV").first.click()
    told = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert told[-1].startswith("digits-mlp,planted device,float32,planted 1,4000000,2,400,0.005,")
