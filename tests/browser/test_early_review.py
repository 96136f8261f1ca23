"""The review of a pilot that has only begun."""

from playwright.sync_api import expect

from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.gated_pilots import priced_pilot
from tests.support.planted_worker import planted_curve


def test_it_opens_before_any_run_has_ended(new_paybatch: Paybatch, visitor: NewVisitor):
    pilot = new_paybatch.api.create(priced_pilot(), throughput=planted_curve())
    early = visitor(paybatch=new_paybatch)
    early.sign_in()
    early.visit("review", pilot=pilot.id)
    expect(early.page.locator(".pb-banner")).to_contain_text("Extend")
    card = early.page.locator(".st-key-card-convergence")
    expect(card).to_contain_text("Nothing was measured yet.")
    expect(card.get_by_role("radio")).to_have_count(0)
