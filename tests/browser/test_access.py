"""Administrators see who may come in and end it; the page offers only what a role may do."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.browsing import PATIENCE_MS, Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch, a_paybatch
from tests.support.processes import PATIENCE_S
from wording.catalogue import say
from wording.language import Language

ISSUER = "https://id.example.com"
WORDS = {
    "en": ("Who may come in", "Set role", "The role is set.", "Viewer", "No role"),
    "ja": ("利用できる人", "役割を設定", "役割を設定しました。", "閲覧者", "役割なし"),
}


def somebody(paybatch: Paybatch) -> None:
    """A person who asked to come in and has no role, as the API would have kept them."""
    (file,) = paybatch.folder.rglob("paybatch.sqlite")
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    row = ("ann", ISSUER, "ann-1", "Ann <b>Lee</b>", "Ann", "ann@example.com", "provider", now, now)
    with closing(sqlite3.connect(file, timeout=PATIENCE_MS / 1000)) as database, database:
        database.execute(
            "INSERT INTO people (id, issuer, subject, known_as, name, email, role_from, created_at,"
            " signed_in_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )


def open_card(visitor: Visitor, title: str) -> None:
    visitor.visit("settings")
    visitor.page.get_by_text(title, exact=True).click()  # the browser itself opens the card


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_an_administrator_gives_somebody_a_role(
    language: str, theme: str, new_paybatch: Paybatch, signed_in: NewVisitor
):
    title, press, said, viewer, none = WORDS[language]
    somebody(new_paybatch)
    visitor = signed_in(paybatch=new_paybatch, language=language, theme=theme)
    open_card(visitor, title)
    card = visitor.page.locator(".st-key-settings-access")
    person = card.locator("tbody tr").first
    expect(person).to_contain_text("Ann <b>Lee</b>")
    expect(person).to_contain_text(none)
    visitor.press(press)
    expect(card.get_by_text(said)).to_be_visible()
    expect(person).to_contain_text(viewer)


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("ja", "light")])
def test_an_administrator_makes_a_link_for_somebody_else_which_is_shown_once(
    language: Language, theme: str, tmp_path: Path, signed_in: NewVisitor
):
    origin = "http://paybatch.example.com"
    with a_paybatch(tmp_path, origin=origin) as paybatch:
        visitor = signed_in(paybatch=paybatch, language=language, theme=theme)
        open_card(visitor, say("page.access.title", language))
        card = visitor.page.locator(".st-key-settings-access")
        visitor.press(say("page.links.make", language))
        expect(card).to_contain_text(say("refusal.empty", language))
        visitor.enter(say("page.links.name", language), "Aiko")
        role = say("page.access.role_planner", language)
        visitor.choose(say("page.links.role", language), role)
        visitor.choose(say("page.links.valid", language), say("page.links.valid_60", language))
        visitor.press(say("page.links.make", language))
        link = card.locator("code").inner_text()
        assert link.startswith(f"{origin}/sign-in?code=")
        card.locator("code").hover()
        copy = card.get_by_role("button", name=say("page.streamlit.copy", language))
        expect(copy).to_be_enabled()

        (made,) = paybatch.api.get("/api/audit", subject="Aiko")["items"]
        assert made["after"] == {"scope": "planner", "valid_minutes": 60}
        visitor.enter(say("page.links.name", language), "Kenji")
        expect(card.locator("code")).to_have_count(0)

        entered = httpx.get(link.replace(origin, paybatch.api.url), timeout=PATIENCE_S)
        headers = {"Authorization": f"Bearer {entered.cookies['paybatch_session']}"}
        me = httpx.get(f"{paybatch.api.url}/api/me", headers=headers, timeout=PATIENCE_S).json()
        assert (me["name"], me["scope"]) == ("Aiko", "planner")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_a_public_address_the_page_says_which_setting_it_waits_for(
    language: Language, paybatch: Paybatch, signed_in: NewVisitor
):
    visitor = signed_in(paybatch=paybatch, language=language)
    open_card(visitor, say("page.access.title", language))
    card = visitor.page.locator(".st-key-settings-access")
    expect(card).to_contain_text("PAYBATCH_ORIGIN")
    make = card.get_by_role("button", name=say("page.links.make", language))
    expect(make).to_have_count(0)
