"""``make screenshots``: the pictures of README and guide, from a real pilot on this computer."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from backend.cli.files import read
from planner.exchange.states import PilotState
from planner.pilots.pilot import Pilot
from tests.browser.browsing import Theme, Visitor, a_visitor, drawn
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.places import Place
from tests.browser.programs import Paybatch, a_paybatch
from tests.contract.programs import wait_until
from tests.support.planted_pilots import EXAMPLE

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = {
    "pilots": Place(""),
    "plan": Place("plan", {"step": "2"}),
    "review": Place("review"),
    "throughput": Place("throughput"),
}
TAKES_AT_MOST_S = 600.0


def main() -> None:
    """Takes every picture; the live page while the pilot runs, the others after it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
        a_paybatch(Path(folder)) as paybatch,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        paybatch.start_worker()
        pilot = paybatch.api.create(read(Pilot, EXAMPLE), throughput=None)
        take_live(browser, paybatch, pilot)
        wait_until(
            lambda: paybatch.api.pilot(pilot.id).phase == "done",
            what="the end of the example pilot",
            patience_s=TAKES_AT_MOST_S,
        )
        for language, theme in (("en", "light"), ("ja", "dark")):
            take_the_rest(browser, paybatch, pilot, language=language, theme=theme)
        browser.close()


def take_live(browser: Browser, paybatch: Paybatch, pilot: PilotState) -> None:
    """The live page while the second half of the selection trains."""
    wait_until(
        lambda: paybatch.api.pilot(pilot.id).run_counts.get("succeeded", 0) > 12,
        what="a dozen runs",
        patience_s=TAKES_AT_MOST_S,
    )
    visitor = signed_in(browser, paybatch, language="en", theme="light")
    visitor.visit("live", pilot=pilot.id)
    take(visitor, "live")


def take_the_rest(
    browser: Browser, paybatch: Paybatch, pilot: PilotState, *, language: str, theme: Theme
) -> None:
    """The pages of a finished pilot; the English ones have plain names."""
    visitor = signed_in(browser, paybatch, language=language, theme=theme)
    suffix = "" if language == "en" else f"-{language}"
    for name, place in SHOWN.items():
        visitor.visit(place.path, pilot=pilot.id, **place.query)
        take(visitor, f"{name}{suffix}")
    visitor.context.close()


def signed_in(browser: Browser, paybatch: Paybatch, *, language: str, theme: Theme) -> Visitor:
    """A browser of its own."""
    visitor = a_visitor(browser, paybatch, language=language, theme=theme)
    visitor.sign_in()
    return visitor


def take(visitor: Visitor, name: str) -> None:
    """The first screen of a page, as somebody sees it who opens it."""
    drawn(visitor.page)
    path = PICTURES / f"{name}.png"
    visitor.page.screenshot(path=path)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
