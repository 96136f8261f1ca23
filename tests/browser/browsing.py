"""How tests look at a page: signed in or not, in a language and a theme, once it is drawn."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    WebSocket,
)
from playwright.sync_api import TimeoutError as TookTooLong
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.programs import Paybatch

Theme = Literal["light", "dark"]

PATIENCE_MS = 30_000
OPENING_MS = 2_000
WIDE = {"width": 1440, "height": 1020}
LOCALES = {"en": "en-US", "ja": "ja-JP"}

UNDRAWN = """() => {
    const error = document.querySelector('[data-testid="stException"]');
    if (error !== null) throw new Error(error.textContent);
    const all = (selector) => [...document.querySelectorAll(selector)];
    const main = '[data-testid="stMain"]';
    const drawn = {
        'the script has ended':
            all('[data-testid="stApp"][data-test-script-state="notRunning"]').length === 1,
        'nothing is of an earlier run':
            all('[data-testid="stSkeleton"], [data-stale="true"]').length === 0,
        'every chart has the width of its place':
            all('[data-testid="stPlotlyChart"]').every(chart => Math.abs(chart.clientWidth
                - (chart.querySelector('.main-svg')?.clientWidth ?? -9)) <= 2),
        'the page has said what it is': all(`${main} h1, ${main} h2`).length > 0,
        'nothing moves': document.getAnimations().every(moving =>
            !(moving instanceof CSSTransition) || moving.playState === 'finished'),
        'fonts are loaded': document.fonts.status === 'loaded',
    };
    return Object.keys(drawn).filter(name => !drawn[name]);
}"""
"""What is not true yet of a page that is drawn."""

DRAWN = f"() => ({UNDRAWN})().length === 0"

FRAMES = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"
)
"""Two frames later whatever the page was told is drawn."""


@dataclass
class Talk:
    """What a browser asked of the page's script, and how far it has heard the answer.

    A run of the script that makes room for another one ends too, early: the page that
    ``st.switch_page`` leaves, or one that ``st.rerun`` draws again. A tick that the page makes
    by itself asks nothing, and a run that began before the question cannot be its answer.
    """

    asked: int = 0
    answered: int = 0
    runs: set[str] = field(default_factory=set)

    def listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._say)
        socket.on("framereceived", self._hear)

    def _say(self, frame: str | bytes) -> None:
        """Something was asked: what runs now was not started by it."""
        if not isinstance(frame, bytes):
            return
        said = BackMsg.FromString(frame)
        if said.HasField("rerun_script") and not said.rerun_script.is_auto_rerun:
            self.asked += 1
            self.runs.clear()

    def _hear(self, frame: str | bytes) -> None:
        """A run began, or one came to its end."""
        if not isinstance(frame, bytes):
            return
        heard = ForwardMsg.FromString(frame)
        run = heard.metadata.run.script_run_id
        if heard.HasField("new_session"):
            self.runs.add(run)
        elif heard.HasField("script_finished") and run in self.runs:
            early = heard.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            self.answered = self.answered if early else self.asked


@dataclass
class Visitor:
    """One browser of its own; what its pages throw is kept."""

    paybatch: Paybatch
    context: BrowserContext
    language: str
    page: Page = field(init=False)
    errors: list[str] = field(default_factory=list)
    talk: Talk = field(default_factory=Talk)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", self.talk.listen)

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
        self.go_to(f"{self.paybatch.page.url}/{path}?{words}")

    def go_to(self, address: str) -> None:
        """Opens whatever page an address leads to."""
        with self.answer():
            self.page.goto(address)

    def wait_until_drawn(self) -> None:
        """Waits until nothing is left to be drawn; a page that broke says what its log says."""
        try:
            drawn(self.page)
        except Error as error:
            error.add_note(self.paybatch.page.log[-4000:])
            raise

    @contextmanager
    def answer(self) -> Iterator[None]:
        """Waits until the page has answered to what is done within, and has drawn its answer."""
        before = self.talk.asked
        yield
        until = time.monotonic() + PATIENCE_MS / 1000
        while self.talk.asked == before or self.talk.answered != self.talk.asked:
            assert time.monotonic() < until, "the page did not answer"
            two_frames(self.page)
        two_frames(self.page)
        self.wait_until_drawn()

    def click(self, what: Locator) -> None:
        """Clicks on something that the page answers to."""
        with self.answer():
            what.click()

    def enter(self, label: str, value: str) -> None:
        """Types into a field and leaves it, as people do."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(value)
        with self.answer():
            field.press("Tab")

    def press(self, name: str) -> None:
        """Presses a button."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def switch(self, name: str) -> None:
        """Takes one of a few that stand side by side."""
        self.click(self.page.get_by_role("radio", name=name, exact=True))

    def choose(self, label: str, option: str) -> None:
        """Takes one of a list; one that closed at once, as the page moved, is opened again."""
        field = self.page.get_by_role("combobox", name=label)
        field.scroll_into_view_if_needed()
        offered = self.page.get_by_role("option", name=option, exact=True)
        until = time.monotonic() + PATIENCE_MS / 1000
        while not offered.is_visible():
            assert time.monotonic() < until, f"{label} offers no {option}"
            two_frames(self.page)
            field.click()
            with suppress(Error):
                offered.wait_for(timeout=OPENING_MS)
        self.click(offered)

    def open(self, name: str) -> None:
        """Follows a link of the navigation."""
        self.click(self.page.get_by_role("link", name=name, exact=True))

    def resize(self, width: int) -> None:
        """Makes the window as wide as that."""
        self.page.set_viewport_size({"width": width, "height": WIDE["height"]})
        two_frames(self.page)
        drawn(self.page)

    def reload(self) -> None:
        with self.answer():
            self.page.reload()


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
    """Waits until nothing is left to be drawn; where that takes too long, says what is."""
    try:
        page.wait_for_function(DRAWN, timeout=PATIENCE_MS)
    except TookTooLong as error:
        error.add_note(f"not true of {page.url}: {page.evaluate(UNDRAWN)}")
        raise


def two_frames(page: Page) -> None:
    """Lets the page draw what it was told, also while it makes room for another document."""
    page.wait_for_function(FRAMES, timeout=PATIENCE_MS)


def picture(page: Page, path: Path) -> None:
    """What the page shows, from its top to its bottom."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
