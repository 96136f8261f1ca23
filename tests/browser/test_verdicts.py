"""Whatever a review can say is said by its page."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from planner.exchange.states import PilotState
from tests.browser.browsing import Visitor, a_visitor, picture
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


@pytest.fixture(scope="module")
def reader(browser: Browser, paybatch: Paybatch) -> Iterator[Visitor]:
    visitor = a_visitor(browser, paybatch)
    visitor.sign_in()
    yield visitor
    visitor.context.close()
    assert visitor.errors == []


@pytest.mark.parametrize("story", SAID, ids=lambda story: story.name)
def test_a_verdict_is_read_first_and_its_numbers_below(
    story: Story, told: Mapping[Story, PilotState], reader: Visitor
):
    reader.visit("review", pilot=told[story].id)
    main = reader.page.get_by_test_id("stMain")
    expect(main.locator(f".pb-{story.verdict}")).to_be_visible()
    for words in SAID[story]:
        expect(main).to_contain_text(words)
    picture(reader.page, PICTURES / f"{story.name}.png")
