"""Whoever comes back without proof stays out: nothing is changed but the audit of the refusal."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from backend.oidc.provider import REFUSALS_WRITTEN_PER_H
from backend.tables import Base
from tests.support.app_in_memory import an_api
from tests.support.bad_id_tokens import CHANGED, SIGNED
from tests.support.installation import Api, StillClock, problem
from tests.support.sign_in_provider import CLIENT_SECRET, Claims, SignInProvider
from tests.support.team_sign_in import Browser, settings_for


def rows(api: Api) -> dict[str, int]:
    """How many rows every table has."""
    with api.installation.database.read() as session:
        connection = session.connection()
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def refused(api: Api, come_back: Callable[[], httpx.Response]) -> str:
    """Why nobody came in; the audit trail has one more row and nothing else has changed."""
    before = rows(api)
    answer = come_back()
    assert answer.status_code == 403
    assert "paybatch_session" not in answer.cookies
    assert rows(api) == before | {"audit_entries": before["audit_entries"] + 1}
    newest = api.get("/api/audit", page_size=1).json()["items"][0]
    assert (newest["principal"], newest["action"]) == ("anybody", "sign_in.refuse")
    return str(newest["after"]["reason"])


@pytest.mark.parametrize("case", CHANGED)
def test_a_token_that_says_something_else_lets_nobody_in(
    api: Api, provider: SignInProvider, case: str
) -> None:
    changes, reason = CHANGED[case]
    now = int(api.clock.at.timestamp())
    texts = {"{issuer}/": f"{provider.issuer}/"}
    times = {"{now-60}": now - 60, "{now+61}": now + 61}

    def change(claims: Claims) -> None:
        for name, value in changes.items():
            meant = texts.get(str(value), times.get(str(value), value))
            claims.pop(name) if value is None else claims.update({name: meant})

    provider.change = change
    assert refused(api, lambda: Browser(api).sign_in(provider)) == reason


@pytest.mark.parametrize("case", SIGNED)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    api: Api, provider: SignInProvider, case: str
) -> None:
    provider.sign, reason = SIGNED[case]
    assert refused(api, lambda: Browser(api).sign_in(provider)) == reason


def test_an_answer_without_a_token_lets_nobody_in(api: Api, provider: SignInProvider) -> None:
    provider.answer = lambda answer: {"access_token": answer["id_token"]}
    assert refused(api, lambda: Browser(api).sign_in(provider)) == "token_missing"


def test_a_code_that_the_provider_never_gave_lets_nobody_in(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    brought = provider.consent(browser.start()) | {"code": "made up"}
    assert refused(api, lambda: browser.come_back(**brought)) == "code_refused"


def test_a_code_of_another_try_lets_nobody_in_for_its_verifier_is_not_ours(
    api: Api, provider: SignInProvider
) -> None:
    thief, victim = Browser(api), Browser(api)
    stolen = provider.consent(victim.start())["code"]
    state = provider.consent(thief.start())["state"]
    assert refused(api, lambda: thief.come_back(code=stolen, state=state)) == "code_refused"


@pytest.mark.parametrize("spends_codes", [True, False])
def test_a_try_is_good_once_even_where_the_provider_forgets_that_codes_are(
    api: Api, provider: SignInProvider, *, spends_codes: bool
) -> None:
    provider.spends_codes = spends_codes
    browser = Browser(api)
    brought = provider.consent(browser.start())
    kept = dict(browser.cookies)
    assert browser.come_back(**brought).status_code == 303
    browser.cookies = kept
    why = refused(api, lambda: browser.come_back(**brought))
    assert why == ("code_refused" if spends_codes else "state_used")


def test_an_error_of_the_provider_lets_nobody_in(api: Api, provider: SignInProvider) -> None:
    browser = Browser(api)
    state = provider.consent(browser.start())["state"]
    come_back = {"error": "access_denied", "state": state}
    assert refused(api, lambda: browser.come_back(**come_back)) == "provider_said_no"


def test_an_answer_in_the_name_of_another_provider_lets_nobody_in(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    brought = provider.consent(browser.start()) | {"iss": "https://other.example"}
    assert refused(api, lambda: browser.come_back(**brought)) == "issuer_wrong"


def came_back_of_no_try(api: Api, provider: SignInProvider, how: str) -> httpx.Response:
    first, second = Browser(api), Browser(api)
    brought = provider.consent(first.start())
    theirs = provider.consent(second.start())
    if how == "the state of another browser":
        return first.come_back(**brought | {"state": theirs["state"]})
    if how == "the answer of another browser":
        return first.come_back(**theirs)
    if how == "no cookie":
        return Browser(api).come_back(**brought)
    if how == "a cookie of nobody's making":
        first.cookies["paybatch_oidc"] = "e30.e30.e30"
    if how == "a cookie that was altered":
        head, body, seal = first.cookies["paybatch_oidc"].split(".")
        first.cookies["paybatch_oidc"] = f"{head}.{body}x.{seal}"
    if how == "too late":
        api.clock.jump(seconds=600)
    return first.come_back(**({} if how == "nothing in its hands" else brought))


@pytest.mark.parametrize(
    "how",
    [
        "the state of another browser",
        "the answer of another browser",
        "no cookie",
        "a cookie of nobody's making",
        "a cookie that was altered",
        "too late",
        "nothing in its hands",
    ],
)
def test_a_browser_that_comes_back_from_no_try_of_its_own_changes_nothing_at_all(
    api: Api, provider: SignInProvider, how: str
) -> None:
    before = rows(api)
    answer = came_back_of_no_try(api, provider, how)
    assert (answer.status_code, "This try to sign in is over" in answer.text) == (403, True)
    assert "paybatch_session" not in answer.cookies
    assert rows(api) == before


def test_a_good_token_lets_in_what_a_bad_one_did_not(api: Api, provider: SignInProvider) -> None:
    assert Browser(api).sign_in(provider).status_code == 303


def test_whoever_is_refused_cannot_fill_the_audit_trail(
    tmp_path: Path, honest: SignInProvider, provider: SignInProvider
) -> None:
    clock = StillClock(at=honest.now())
    with an_api(tmp_path, clock, **settings_for(provider, CLIENT_SECRET)) as api:

        def be_refused() -> None:
            browser = Browser(api)
            browser.come_back(error="no", state=provider.consent(browser.start())["state"])

        known = api.installation.provider
        assert known is not None
        already = [known.is_written_down(clock.at) for _ in range(REFUSALS_WRITTEN_PER_H - 1)]
        assert all(already)
        for _ in range(3):
            be_refused()
        assert api.get("/api/audit").json()["total"] == 1
        clock.jump(hours=1)
        be_refused()
        assert api.get("/api/audit").json()["total"] == 2


@pytest.mark.parametrize("path", ["/sign-in/oidc", "/sign-in/oidc/callback"])
def test_without_a_provider_there_is_no_such_way_in(shared_api: Api, path: str) -> None:
    assert problem(shared_api.http.get(path)) == (404, "oidc_not_set_up", None)
    assert shared_api.http.get("/api/health").json()["sign_in_url"] is None
