"""Whatever a review can say is said by its page."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import expect

from planner.states import PilotState
from tests.browser.browsing import picture
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch
from tests.support.planted_pilots import ADOPT, CENSORED, EXTEND, LOST, NEVER, REFUSE, Story

PICTURES = Path(__file__).parents[2] / "out" / "browser" / "verdicts"

SAID: Mapping[Story, tuple[str, ...]] = {
    ADOPT: ("Adopt “growing batch”: it pays back", "2.2 months"),
    EXTEND: ("Extend the pilot",),
    REFUSE: ("Do not adopt “growing batch”",),
    NEVER: ("Do not adopt “growing batch”", "never"),
    CENSORED: ("reached",),
    LOST: ("not reached",),
}


@pytest.fixture(scope="module")
def told(paybatch: Paybatch, adopted: PilotState) -> Mapping[Story, PilotState]:
    """Every story, finished."""
    others = [story for story in SAID if story != ADOPT]
    planted = {story: paybatch.plant(story.pilot(), story.plant()) for story in others}
    return {ADOPT: adopted, **planted}


@pytest.mark.parametrize("story", SAID, ids=lambda story: story.name)
def test_a_verdict_is_read_first_and_its_numbers_below(
    story: Story, told: Mapping[Story, PilotState], signed_in: NewVisitor
):
    visitor = signed_in()
    visitor.visit("review", pilot=told[story].id)
    main = visitor.page.get_by_test_id("stMain")
    expect(main.locator(f".pb-{story.verdict}")).to_be_visible()
    for words in SAID[story]:
        expect(main).to_contain_text(words)
    picture(visitor.page, PICTURES / f"{story.name}.png")
