"""What a page loads and runs is within its own policy: the browser has nothing to refuse."""

import pytest

from planner.exchange.states import PilotState
from tests.browser.conftest import NewVisitor
from tests.browser.places import PLACES
from tests.browser.sights import open_place

LISTEN = """
window.__refused = [];
document.addEventListener('securitypolicyviolation', event => {
    window.__refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""

CHARTED = [place for place in PLACES if place.path in ("", "plan", "live", "review", "prices")]
"""One page of each kind of content: tables, fields, charts that move, charts, uploads."""


@pytest.mark.parametrize("place", CHARTED, ids=str)
def test_the_browser_refuses_nothing_that_a_page_does(
    signed_in: NewVisitor, adopted: PilotState, place
):
    visitor = signed_in()
    visitor.page.add_init_script(LISTEN)
    open_place(visitor, place, adopted.id)
    assert visitor.page.evaluate("window.__refused") == []


def test_a_page_cannot_be_framed_by_another(signed_in: NewVisitor):
    visitor = signed_in()
    answer = visitor.context.request.get(visitor.paybatch.page.url)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
