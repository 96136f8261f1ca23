"""What somebody may do whom the provider vouched for, and how it ends."""

from pathlib import Path

import pytest

from tests.support.app_in_memory import an_api
from tests.support.installation import Api, StillClock, problem
from tests.support.sign_in_provider import CLIENT_SECRET, SignInProvider
from tests.support.team_sign_in import Browser, person, put_role, sessions, settings_for


def test_somebody_whom_the_provider_vouches_for_comes_in_with_the_role_of_their_group(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    answer = browser.sign_in(provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:8201/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    me = browser.call("GET", "/api/me").json()
    assert (me["name"], me["scope"]) == (provider.claims["name"], "planner")


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["ml-team", "paybatch-admins"], "admin"),
        ("ml-team", "planner"),
        (["cn=finance, ou=hq"], "viewer"),
    ],
)
def test_the_highest_role_of_all_groups_counts(
    api: Api, provider: SignInProvider, groups: object, role: str
) -> None:
    provider.claims["groups"] = groups
    browser = Browser(api)
    browser.sign_in(provider)
    assert browser.call("GET", "/api/me").json()["scope"] == role


def test_somebody_without_a_role_is_refused_and_listed_for_an_administrator_to_let_in(
    api: Api, provider: SignInProvider
) -> None:
    provider.claims["groups"] = ["everybody"]
    browser = Browser(api)
    answer = browser.sign_in(provider)
    assert (answer.status_code, "no role here yet" in answer.text) == (403, True)
    assert "paybatch_session" not in browser.cookies
    assert (person(api, provider)["role"], person(api, provider)["sessions"]) == (None, 0)
    put_role(api, provider, "viewer")
    browser.sign_in(provider)
    assert browser.call("GET", "/api/me").json()["scope"] == "viewer"


def test_a_role_that_is_changed_counts_from_the_next_request(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    browser.sign_in(provider)
    assert browser.call("GET", "/api/tokens").status_code == 403
    put_role(api, provider, "admin")
    assert browser.call("GET", "/api/tokens").status_code == 200
    put_role(api, provider, "viewer")
    assert problem(browser.call("GET", "/api/tokens")) == (403, "not_allowed", None)
    put_role(api, provider, "none")
    assert problem(browser.call("GET", "/api/me")) == (401, "credential_unknown", None)


def test_a_link_that_a_person_made_for_another_browser_is_theirs_too(
    api: Api, provider: SignInProvider
) -> None:
    provider.claims["groups"] = ["paybatch-admins"]
    browser, other = Browser(api), Browser(api)
    browser.sign_in(provider)
    other.get(browser.call("POST", "/api/sign-in-links").json()["url"])
    assert other.call("GET", "/api/tokens").status_code == 200
    put_role(api, provider, "none")
    assert other.call("GET", "/api/me").status_code == 401


def test_a_link_lets_nobody_stay_longer_than_the_provider_was_asked_for(
    api: Api, provider: SignInProvider
) -> None:
    provider.claims["groups"] = ["paybatch-admins"]
    browser, other, late = Browser(api), Browser(api), Browser(api)
    browser.sign_in(provider)
    api.clock.jump(hours=8)
    other.get(browser.call("POST", "/api/sign-in-links").json()["url"])
    api.clock.jump(hours=4, seconds=-1)
    link = other.call("POST", "/api/sign-in-links").json()["url"]
    api.clock.jump(seconds=1)
    assert other.call("GET", "/api/me").status_code == 401
    assert late.get(link).status_code == 403


def test_an_administrator_s_word_goes_before_the_provider_s_until_it_is_taken_back(
    api: Api, provider: SignInProvider
) -> None:
    Browser(api).sign_in(provider)
    put_role(api, provider, "none")
    assert Browser(api).sign_in(provider).status_code == 403
    put_role(api, provider, "provider")
    assert Browser(api).sign_in(provider).status_code == 303
    assert person(api, provider)["role"] == "planner"


def test_a_group_that_is_lost_ends_earlier_sessions_at_the_next_sign_in(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    browser.sign_in(provider)
    provider.claims["groups"] = []
    assert Browser(api).sign_in(provider).status_code == 403
    assert browser.call("GET", "/api/me").status_code == 401


def test_an_administrator_ends_all_sessions_of_a_person(api: Api, provider: SignInProvider) -> None:
    browsers = [Browser(api), Browser(api)]
    for browser in browsers:
        browser.sign_in(provider)
    ended = api.post(f"/api/people/{person(api, provider)['id']}:end-sessions", {}).json()
    assert ended["sessions"] == 0
    assert [browser.call("GET", "/api/me").status_code for browser in browsers] == [401, 401]
    assert Browser(api).sign_in(provider).status_code == 303


def test_one_session_is_revoked_like_a_token_and_another_goes_on(
    api: Api, provider: SignInProvider
) -> None:
    browsers = [Browser(api), Browser(api)]
    for browser in browsers:
        browser.sign_in(provider)
    newest, _ = sessions(api, provider)
    api.post(f"/api/tokens/{newest['id']}:revoke", {}).raise_for_status()
    statuses = [browser.call("GET", "/api/me").status_code for browser in browsers]
    assert sorted(statuses) == [200, 401]


def test_signing_out_ends_this_session(api: Api, provider: SignInProvider) -> None:
    browser = Browser(api)
    browser.sign_in(provider)
    assert browser.call("POST", "/api/sign-out").status_code == 200
    assert browser.call("GET", "/api/me").status_code == 401


def test_the_role_of_people_without_a_group_can_be_stated(
    tmp_path: Path, clock: StillClock, provider: SignInProvider
) -> None:
    how = settings_for(provider, CLIENT_SECRET, oidc_default_role="viewer")
    provider.claims["groups"] = []
    with an_api(tmp_path, clock, **how) as api:
        browser = Browser(api)
        browser.sign_in(provider)
        assert browser.call("GET", "/api/me").json()["scope"] == "viewer"


def test_a_role_may_stand_deeper_in_the_token(
    tmp_path: Path, clock: StillClock, provider: SignInProvider
) -> None:
    how = settings_for(provider, CLIENT_SECRET, oidc_role_claim="realm_access.roles")
    provider.claims["realm_access"] = {"roles": ["paybatch-admins"]}
    with an_api(tmp_path, clock, **how) as api:
        browser = Browser(api)
        browser.sign_in(provider)
        assert browser.call("GET", "/api/me").json()["scope"] == "admin"
