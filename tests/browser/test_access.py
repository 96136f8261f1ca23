"""Administrators see who may come in and end it; the page offers only what a role may do."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import PATIENCE_MS
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch

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


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_an_administrator_gives_somebody_a_role(
    language: str, theme: str, new_paybatch: Paybatch, signed_in: NewVisitor
):
    title, press, said, viewer, none = WORDS[language]
    somebody(new_paybatch)
    visitor = signed_in(paybatch=new_paybatch, language=language, theme=theme)
    visitor.visit("settings")
    visitor.page.get_by_text(title, exact=True).click()  # the browser itself opens the card
    card = visitor.page.locator(".st-key-settings-access")
    person = card.locator("tbody tr").first
    expect(person).to_contain_text("Ann <b>Lee</b>")
    expect(person).to_contain_text(none)
    visitor.press(press)
    expect(card.get_by_text(said)).to_be_visible()
    expect(person).to_contain_text(viewer)
