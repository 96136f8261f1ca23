"""Who may only look is offered nothing that the API would refuse, and reads why."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from planner.exchange.states import PilotState
from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.places import Place
from tests.browser.programs import Paybatch
from tests.support.gated_pilots import priced_pilot

BUTTON = "[data-testid=stButton] button:visible"
BUTTONS = f"[data-testid=stMain] {BUTTON}"
MENUS = "[data-testid=stMain] [data-testid=stPopover] button:visible"

KEYS = """buttons => buttons.map(
    button => [...button.closest('[class*="st-key-"]').classList].find(c => c.startsWith('st-key-'))
)"""

OF_THE_FINISHED = (
    Place(""),
    Place("plan", {"step": "3"}),
    Place("decide"),
    Place("compare"),
    Place("reports"),
    Place("throughput"),
    Place("prices", {"row": "h100-sxm-runpod-secure"}),
    Place("prices", {"part": "enter"}),
    Place("prices", {"part": "terms"}),
    Place("settings"),
)
NEEDS = {
    "en": "Your role may look at everything. This needs the role: Planner.",
    "ja": "現在の役割ではすべて閲覧できます。この操作には「計画者」の役割が必要です。",
}


@pytest.fixture
def waiting(paybatch: Paybatch) -> Iterator[PilotState]:
    """A pilot with a cap that nobody works on."""
    pilot = paybatch.api.create(priced_pilot(caps={"pilot_device_h": 1.0}), throughput=None)
    yield pilot
    paybatch.api.post(f"/api/pilots/{pilot.id}:cancel", {"reason": "the test is over"})


def viewer_of(paybatch: Paybatch, visitor: NewVisitor, **how: str) -> Visitor:
    """Somebody whose browser holds the credential of a viewer."""
    viewer: Visitor = visitor(**how)
    token = paybatch.api.post("/api/tokens", {"name": "guest", "scope": "viewer"})["token"]
    viewer.context.add_cookies(
        [{"name": "paybatch_session", "value": token, "domain": "127.0.0.1", "path": "/"}]
    )
    return viewer


def press_all(viewer: Visitor, place: Place, pilot: PilotState) -> int:
    """Presses every button of a page that can be pressed, each on the page as it was."""
    viewer.visit(place.path, pilot=pilot.id, **place.query)
    keys = viewer.page.locator(f"{BUTTONS}:enabled").evaluate_all(KEYS)
    for key in keys:
        viewer.visit(place.path, pilot=pilot.id, **place.query)
        viewer.click(viewer.page.locator(f".{key} button"))
    return len(keys)


def test_whatever_a_viewer_can_press_is_taken_by_the_api(
    paybatch: Paybatch, adopted: PilotState, waiting: PilotState, visitor: NewVisitor
):
    viewer = viewer_of(paybatch, visitor)
    pressed = press_all(viewer, Place("live"), waiting)
    pressed += sum(press_all(viewer, place, adopted) for place in OF_THE_FINISHED)
    assert pressed >= 3
    refused = [line for line in paybatch.api.log.splitlines() if " status=403 " in line]
    assert [line for line in refused if " principal=guest " in line] == []


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_a_viewer_reads_on_live_and_decide_who_may_press(
    paybatch: Paybatch,
    adopted: PilotState,
    waiting: PilotState,
    visitor: NewVisitor,
    language: str,
    theme: str,
):
    viewer = viewer_of(paybatch, visitor, language=language, theme=theme)
    viewer.visit("decide", pilot=adopted.id)
    fix = viewer.page.locator(".st-key-decide-send-fix button:visible")
    expect(fix).to_be_disabled()
    viewer.visit("live", pilot=waiting.id)
    expect(viewer.page.locator(f"{MENUS}:enabled")).to_have_count(0)
    orders = viewer.page.locator(f".st-key-card-live-run {BUTTON}:disabled")
    expect(orders).to_have_count(4)  # pause, cancel, next in line, priority
    orders.first.hover(force=True)
    expect(viewer.page.get_by_text(NEEDS[language])).to_be_visible()


def test_a_viewer_plans_although_nothing_of_it_is_saved(paybatch: Paybatch, visitor: NewVisitor):
    viewer = viewer_of(paybatch, visitor)
    viewer.visit("plan", step="1")
    viewer.enter("Name of the pilot", "What if")
    told = viewer.page.locator(".pb-subtitle")
    expect(told).to_have_text("What if · not saved: your role may look at everything")
    viewer.press("Next")
    expect(told).to_contain_text("What if")
    assert "route=/api/drafts/{draft_id} status=403 " not in paybatch.api.log
