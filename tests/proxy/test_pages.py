"""People at the proxy, in a browser: a link, pages over their socket, a large file, a colleague."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.browsing import LOCALES, WIDE, Visitor
from tests.browser.programs import Paybatch
from tests.proxy.caddy import Door
from wording.catalogue import say
from wording.language import Language

MB = 10**6
LARGE_MB = 200
PATIENCE_MS = 60_000

Comer = Callable[..., Visitor]


@pytest.fixture
def comer(browser: Browser, behind: Paybatch) -> Iterator[Comer]:
    """Makes browsers that come to a door; no page of theirs may throw."""
    came: list[Visitor] = []

    def come(language: Language = "en") -> Visitor:
        context = browser.new_context(
            viewport=WIDE,  # type: ignore[arg-type]
            locale=LOCALES[language],
            ignore_https_errors=True,  # the certificate is the proxy's own
        )
        came.append(Visitor(paybatch=behind, context=context, language=language))
        return came[-1]

    yield come
    for one in came:
        one.context.close()
    assert [error for one in came for error in one.errors] == []


def link_of(paybatch: Paybatch) -> str:
    url: str = paybatch.api.post("/api/sign-in-links", {})["url"]
    return url


def test_a_link_opens_the_pages_which_talk_over_a_socket_of_the_same_name(
    comer: Comer, behind: Paybatch, tls: Door
):
    visitor = comer()
    sockets: list[str] = []
    visitor.page.on("websocket", lambda socket: sockets.append(socket.url))
    visitor.go_to(link_of(behind))
    assert urlsplit(visitor.page.url).netloc == urlsplit(tls.url).netloc
    visitor.open("Plan a pilot")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Plan a pilot")
    assert {urlsplit(url).scheme for url in sockets} == {"wss"}
    (cookie,) = (one for one in visitor.context.cookies() if one["name"] == "paybatch_session")
    assert (cookie["secure"], cookie["httpOnly"], cookie["domain"]) == (True, True, "localhost")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_administrator_lets_a_colleague_in_by_a_link_of_the_page(
    language: Language, comer: Comer, behind: Paybatch, tls: Door
):
    admin, colleague = comer(language), comer(language)
    admin.go_to(link_of(behind))
    admin.go_to(f"{tls.url}/settings?lang={language}")
    admin.page.get_by_text(say("page.access.title", language), exact=True).click()
    admin.enter(say("page.links.name", language), "Aiko")
    admin.press(say("page.links.make", language))
    link = admin.page.locator(".st-key-settings-access code").inner_text()
    colleague.go_to(link)
    signed_in = say("page.shell.signed_in_as", language, name="Aiko")
    expect(colleague.page.get_by_text(signed_in)).to_be_visible()
    (left,) = behind.api.get("/api/audit", subject="Aiko", page_size=1)["items"]
    assert left["action"] == "sign_in_link.make"


def test_a_large_file_is_brought_to_the_page(
    comer: Comer, behind: Paybatch, tls: Door, tmp_path: Path
):
    file = tmp_path / "large.csv"
    with file.open("wb") as written:
        written.truncate(LARGE_MB * MB)
    visitor = comer()
    visitor.go_to(link_of(behind))
    visitor.go_to(f"{tls.url}/import?lang=en")
    visitor.page.locator("input[type=file]").set_input_files(file)
    look = visitor.page.get_by_role("button", name=say("page.import.look", "en"), exact=True)
    expect(look).to_be_enabled(timeout=PATIENCE_MS)
    look.click()
    found = visitor.page.locator(".st-key-card-import-found")
    expect(found).to_contain_text("large.csv", timeout=PATIENCE_MS)
    (kept,) = behind.api.data_dir.glob("imports/*/file")
    assert kept.stat().st_size == LARGE_MB * MB
