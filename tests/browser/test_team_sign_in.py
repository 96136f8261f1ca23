"""People sign in with the provider of their team; without a role they are told whom to ask."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Theme
from tests.browser.conftest import NewVisitor
from tests.browser.programs import Paybatch, a_paybatch
from tests.support.processes import free_port
from tests.support.sign_in_provider import CLIENT_SECRET, SignInProvider, a_sign_in_provider
from tests.support.team_sign_in import settings_for
from wording.catalogue import say
from wording.language import Language


@pytest.fixture
def provider() -> Iterator[SignInProvider]:
    with a_sign_in_provider(lambda: datetime.now(UTC)) as provider:
        provider.claims = {"sub": "ann-1", "name": "Ann Lee", "groups": ["guests"]}
        yield provider


@pytest.fixture
def team(provider: SignInProvider, tmp_path: Path) -> Iterator[Paybatch]:
    port = free_port()
    callback = f"http://127.0.0.1:{port}/sign-in/oidc/callback"
    told = settings_for(provider, CLIENT_SECRET, oidc_redirect_url=callback)
    settings = {name: str(value) for name, value in told.items()}
    with a_paybatch(tmp_path, port=port, **settings) as paybatch:
        yield paybatch


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_who_has_no_role_is_told_whom_to_ask_and_is_in_once_they_have_one(
    language: Language, theme: Theme, team: Paybatch, visitor: NewVisitor
):
    guest = visitor(paybatch=team, language=language, theme=theme)
    page = guest.page
    guest.visit("")
    page.get_by_role("link", name=say("page.signed_out.team_button", language)).click()
    expect(page.get_by_text(say("sign_in.team_role_missing", language))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)

    (person,) = team.api.get("/api/people")["items"]
    assert (person["known_as"], person["role"]) == ("Ann Lee", None)
    team.api.post(f"/api/people/{person['id']}/role", {"role": "viewer"}, method="PUT")
    page.get_by_role("link", name=say("sign_in.again", language)).click()
    expect(
        page.get_by_text(say("page.shell.signed_in_as", language, name="Ann Lee"))
    ).to_be_visible()
    assert len(guest.context.pages) == 1
