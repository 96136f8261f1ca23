"""How tests look at a page: signed in or not, in a language and a theme, once it is drawn."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Error, Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.programs import Paybatch

Theme = Literal["light", "dark"]

PATIENCE_MS = 20_000
WIDE = {"width": 1440, "height": 1020}
LOCALES = {"en": "en-US", "ja": "ja-JP"}

DRAWN = """() => {
    const error = document.querySelector('[data-testid="stException"]');
    if (error !== null) throw new Error(error.textContent);
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    return app !== null
        && app.dataset.testScriptState === 'notRunning'
        && document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') === null
        && charts.every(chart => Math.abs(chart.clientWidth
            - (chart.querySelector('.main-svg')?.clientWidth ?? -9)) <= 2)
        && document.querySelector('[data-testid="stMain"] h1, [data-testid="stMain"] h2') !== null
        && document.getAnimations().every(moving => !(moving instanceof CSSTransition)
            || moving.playState === 'finished')
        && document.fonts.status === 'loaded';
}"""
"""The script has ended, every chart has its place's width, and the page has said what it is."""


FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Two frames later whatever the page was told is drawn."""


@dataclass
class Visitor:
    """One browser of its own; what its pages throw is kept."""

    paybatch: Paybatch
    context: BrowserContext
    language: str
    page: Page = field(init=False)
    errors: list[str] = field(default_factory=list)
    answers: int = 0

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    def sign_in(self) -> None:
        """Follows the link of `paybatch open`, and stops where it leads to."""
        link = self.paybatch.sign_in_link()
        answer = self.context.request.get(link, max_redirects=0)
        assert answer.status == HTTPStatus.SEE_OTHER, answer.status

    def visit(self, path: str, **query: str) -> None:
        """Opens a page by its link, in this visitor's language."""
        words = "&".join(
            f"{name}={value}" for name, value in {**query, "lang": self.language}.items()
        )
        self.page.goto(f"{self.paybatch.page.url}/{path}?{words}")
        self.wait_until_drawn()

    def wait_until_drawn(self) -> None:
        """Waits until nothing is left to be drawn; a page that broke says what its log says."""
        try:
            drawn(self.page)
        except Error as error:
            error.add_note(self.paybatch.page.log[-4000:])
            raise

    @contextmanager
    def answer(self) -> Iterator[None]:
        """Waits until the page has answered to what is done within."""
        before = self.answers
        yield
        until = time.monotonic() + PATIENCE_MS / 1000
        while self.answers == before:
            assert time.monotonic() < until, "the page did not answer"
            self.page.evaluate(FRAMES)
        self.page.evaluate(FRAMES)
        self.wait_until_drawn()

    def _hear(self, frame: str | bytes) -> None:
        """Counts how often the page's script came to its end, as its server tells the browser."""
        if isinstance(frame, bytes) and ForwardMsg.FromString(frame).HasField("script_finished"):
            self.answers += 1

    def enter(self, label: str, value: str) -> None:
        """Types into a field and leaves it, as people do."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(value)
        with self.answer():
            field.press("Tab")

    def press(self, name: str) -> None:
        """Presses a button."""
        with self.answer():
            self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label: str, option: str) -> None:
        """Takes one of a list; a list that opens while the page scrolls closes at once."""
        field = self.page.get_by_role("combobox", name=label)
        field.scroll_into_view_if_needed()
        self.page.evaluate(FRAMES)
        field.click()
        with self.answer():
            self.page.get_by_role("option", name=option, exact=True).click()

    def open(self, name: str) -> None:
        """Follows a link of the navigation."""
        with self.answer():
            self.page.get_by_role("link", name=name, exact=True).click()

    def resize(self, width: int) -> None:
        """Makes the window as wide as that."""
        self.page.set_viewport_size({"width": width, "height": WIDE["height"]})
        self.page.evaluate(FRAMES)
        drawn(self.page)

    def reload(self) -> None:
        self.page.reload()
        self.wait_until_drawn()


def a_visitor(
    browser: Browser,
    paybatch: Paybatch,
    *,
    language: str = "en",
    theme: Theme = "light",
) -> Visitor:
    """Somebody who has not signed in yet."""
    context = browser.new_context(
        viewport=WIDE,  # type: ignore[arg-type]
        locale=LOCALES[language],
        color_scheme=theme,
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    return Visitor(paybatch=paybatch, context=context, language=language)


def drawn(page: Page) -> None:
    """Waits until nothing is left to be drawn."""
    page.wait_for_function(DRAWN, timeout=PATIENCE_MS)


def picture(page: Page, path: Path) -> None:
    """What the page shows, from its top to its bottom."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
