"""How tests look at a page: signed in or not, in a language and a theme, once it is drawn."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.programs import Paybatch

Theme = Literal["light", "dark"]

PATIENCE_MS = 20_000
WIDE = {"width": 1440, "height": 1020}
LOCALES = {"en": "en-US", "ja": "ja-JP"}

DRAWN = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    return app !== null
        && app.dataset.testScriptState === 'notRunning'
        && document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') === null
        && charts.every(chart => chart.querySelector('.main-svg') !== null)
        && document.querySelector('[data-testid="stMain"] h1, [data-testid="stMain"] h2') !== null
        && document.fonts.status === 'loaded';
}"""
"""The script has ended, every chart is there, and the page has said what it is."""


@dataclass
class Visitor:
    """One browser of its own; what its pages throw is kept."""

    paybatch: Paybatch
    context: BrowserContext
    language: str
    page: Page = field(init=False)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self) -> None:
        """Follows the link of `paybatch open`."""
        self.page.goto(self.paybatch.sign_in_link())
        drawn(self.page)

    def visit(self, path: str, **query: str) -> None:
        """Opens a page by its link, in this visitor's language."""
        words = "&".join(
            f"{name}={value}" for name, value in {**query, "lang": self.language}.items()
        )
        self.page.goto(f"{self.paybatch.page.url}/{path}?{words}")
        drawn(self.page)

    def reload(self) -> None:
        self.page.reload()
        drawn(self.page)


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
