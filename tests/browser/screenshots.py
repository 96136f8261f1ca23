"""``make screenshots``: the pictures of README and guides, from a real pilot on this computer."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from backend.cli.files import read
from planner.exchange.states import PilotState
from planner.pilots.pilot import Pilot
from tests.browser.browsing import Theme, Visitor, a_visitor, drawn
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.places import Place
from tests.browser.programs import Paybatch, a_paybatch
from tests.contract.programs import wait_until
from tests.support.planted_pilots import EXAMPLE
from wording.catalogue import LANGUAGES, say
from wording.language import Language

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "pictures"
GUIDE = DOCS / "guide" / "pictures"
SHOWN = {
    "pilots": Place(""),
    "plan": Place("plan", {"step": "2"}),
    "review": Place("review"),
    "throughput": Place("throughput"),
}
IN_THE_GUIDE = {
    "plan": Place("plan", {"step": "2"}),
    "review": Place("review"),
    "decide": Place("decide"),
    "reports": Place("reports"),
    "catalogue": Place("catalogue"),
}
"""The live page is taken while the pilot runs."""

COLOURS = 128
"""Enough for flat pages and thin letters, at a third of the size."""

TAKES_AT_MOST_S = 1200.0


def main() -> None:
    """Takes every picture; the live page while the pilot runs, the others after it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    GUIDE.mkdir(parents=True, exist_ok=True)
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
        for language in LANGUAGES:
            take_the_guide(browser, paybatch, pilot, language=language)
        browser.close()


def take_live(browser: Browser, paybatch: Paybatch, pilot: PilotState) -> None:
    """The live page while the second half of the selection trains."""
    wait_until(
        lambda: paybatch.api.pilot(pilot.id).run_counts.get("succeeded", 0) > 12,
        what="a dozen runs",
        patience_s=TAKES_AT_MOST_S,
    )
    for language in LANGUAGES:
        visitor = signed_in(browser, paybatch, language=language, theme="light")
        visitor.visit("live", pilot=pilot.id)
        take(visitor, GUIDE / f"live.{language}.png")
        if language == "en":
            take(visitor, PICTURES / "live.png")
        visitor.context.close()


def take_the_rest(
    browser: Browser, paybatch: Paybatch, pilot: PilotState, *, language: str, theme: Theme
) -> None:
    """The pages of a finished pilot; the English ones have plain names."""
    visitor = signed_in(browser, paybatch, language=language, theme=theme)
    suffix = "" if language == "en" else f"-{language}"
    for name, place in SHOWN.items():
        visitor.visit(place.path, pilot=pilot.id, **place.query)
        take(visitor, PICTURES / f"{name}{suffix}.png")
    visitor.context.close()


def take_the_guide(
    browser: Browser, paybatch: Paybatch, pilot: PilotState, *, language: Language
) -> None:
    """The pages that a guide goes through, on light ground as it is printed."""
    visitor = signed_in(browser, paybatch, language=language, theme="light")
    for name, place in IN_THE_GUIDE.items():
        visitor.visit(place.path, pilot=pilot.id, **place.query)
        if name == "reports":
            visitor.press(say("page.reports.make", language))
            ready = visitor.page.get_by_text(say("page.reports.ready", language))
            expect(ready).to_be_visible()
        take(visitor, GUIDE / f"{name}.{language}.png")
    visitor.context.close()


def signed_in(browser: Browser, paybatch: Paybatch, *, language: str, theme: Theme) -> Visitor:
    """A browser of its own."""
    visitor = a_visitor(browser, paybatch, language=language, theme=theme)
    visitor.sign_in()
    return visitor


def take(visitor: Visitor, path: Path) -> None:
    """The first screen of a page, as somebody sees it who opens it."""
    drawn(visitor.page)
    shot = Image.open(io.BytesIO(visitor.page.screenshot())).convert("RGB")
    shot.quantize(COLOURS).save(path, optimize=True)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
