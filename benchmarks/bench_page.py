"""What our pages add to Streamlit: a changed assumption, and the first view of every page.

The other side is a bare Streamlit page with as many widgets, charts and tables as ours (counted
in the browser) and no API, planner or words behind it. Both take turns in one browser, on one
computer; times are the browser's own. Aims: changed assumption to new numbers and first view at
most 1.5 times the bare page, the change adding at most 100 ms.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.browsing import Visitor, a_visitor, drawn
from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.places import PLACES
from tests.browser.programs import a_paybatch
from tests.contract.programs import free_port, wait_until
from tests.support.planted_pilots import ADOPT

CHANGES = 9
VIEWS = 3
WARM_UP = 1
BARE = Path(__file__).with_name("bare_page.py")

WIDGETS = {
    "numbers": '[data-testid="stNumberInput"]',
    "selects": '[data-testid="stSelectbox"]',
    "choices": '[data-testid="stButtonGroup"]',
    "buttons": '[data-testid="stButton"], [data-testid="stDownloadButton"]',
    "charts": '[data-testid="stPlotlyChart"]',
    "tables": '[data-testid="stDataFrame"]',
}
LINES = '[data-testid="stPlotlyChart"] .scatterlayer .trace'

CHANGE = """([label, value, result]) => new Promise(done => {
    const field = [...document.querySelectorAll('input')]
        .find(input => input.getAttribute('aria-label') === label);
    const shown = () => document.querySelector(result).textContent;
    const before = shown();
    let began = 0;
    field.addEventListener('keydown', () => { began = performance.now(); }, {once: true});
    new MutationObserver((_, observer) => {
        if (began && shown() !== before) {
            observer.disconnect();
            requestAnimationFrame(() => done(performance.now() - began));
        }
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
})"""
"""Milliseconds from the key that ends the typing to the frame with the new number."""


@contextmanager
def a_bare_page() -> Iterator[str]:
    """Serves the bare page; yields its address."""
    port = free_port()
    options = {"port": str(port), "address": "127.0.0.1", "headless": "true"}
    command = [sys.executable, "-m", "streamlit", "run", str(BARE)]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    command += ["--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until(lambda: _answers(f"{url}/_stcore/health"), what="the bare page")
            yield url
        finally:
            process.terminate()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def counted(page: Page) -> str:
    """How many widgets of each kind a page has, as the bare page wants to be told."""
    counts = {name: page.locator(found).count() for name, found in WIDGETS.items()}
    lines = -(-page.locator(LINES).count() // max(1, counts["charts"]))
    return "&".join(f"{name}={count}" for name, count in {**counts, "lines": lines}.items())


def change_ms(page: Page, label: str, value: str, result: str) -> float:
    """Time that one changed number takes to show in another."""
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    waiting = page.evaluate_handle(f"args => ({{done: ({CHANGE})(args)}})", [label, value, result])
    field.press("Enter")
    taken = page.evaluate("waiting => waiting.done", waiting)
    drawn(page)
    return float(taken)


def view_ms(context: BrowserContext, url: str) -> float:
    """Time until nothing is left to be drawn after a link was opened in a tab of its own."""
    page = context.new_page()
    page.goto(url, wait_until="commit")
    drawn(page)
    taken = float(page.evaluate("performance.now()"))
    page.close()
    return taken


def compare(
    what: str, ours: Callable[[int], float], bare: Callable[[int], float], turns: int
) -> None:
    """Lets both take turns and prints medians, ratio and difference."""
    taken = [(ours(turn), bare(turn)) for turn in range(WARM_UP + turns)][WARM_UP:]
    our_ms, bare_ms = (median(side) for side in zip(*taken, strict=True))
    print(
        f"{what}: ours {our_ms:.0f} ms, bare {bare_ms:.0f} ms, ratio {our_ms / bare_ms:.2f} "
        f"(aim <= 1.5), added {our_ms - bare_ms:.0f} ms, {turns} turns",
        flush=True,
    )


def compare_all(visitor: Visitor, other: Visitor, bare_url: str, pilot_id: str) -> None:
    """One line for a changed assumption and one for each page."""
    visitor.visit("review", pilot=pilot_id)
    other.page.goto(f"{bare_url}/?{counted(visitor.page)}")
    drawn(other.page)
    price = "Price of a device-hour (USD)"
    compare(
        "changed assumption to new numbers (aim: added <= 100 ms)",
        lambda turn: change_ms(visitor.page, price, f"{4 + turn}", ".pb-card-value"),
        lambda turn: change_ms(other.page, "Price", f"{4 + turn}", '[data-testid="stMetricValue"]'),
        CHANGES,
    )
    for place in PLACES:
        visitor.visit(place.path, pilot=pilot_id, **place.query)
        ours, bare = visitor.page.url, f"{bare_url}/?{counted(visitor.page)}"
        compare(
            f"first view of {place}",
            partial(seen_ms, visitor.context, ours),
            partial(seen_ms, other.context, bare),
            VIEWS,
        )


def seen_ms(context: BrowserContext, url: str, _: int) -> float:
    """One view of one page, whatever the turn."""
    return view_ms(context, url)


def main() -> None:
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
        a_paybatch(Path(folder)) as paybatch,
        a_bare_page() as bare_url,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        pilot = paybatch.plant(ADOPT.pilot(), ADOPT.plant())
        visitor = a_visitor(browser, paybatch)
        visitor.sign_in()
        other = a_visitor(browser, paybatch)
        compare_all(visitor, other, bare_url, pilot.id)
        browser.close()


if __name__ == "__main__":
    main()
