"""A team signs in with its provider: who is let in, as what, and for how long."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from backend.uses import UsesWriter
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, StillClock, problem
from tests.support.sign_in_provider import CLIENT_SECRET, SignInProvider, a_sign_in_provider
from tests.support.team_sign_in import Browser, settings_for

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def clock() -> StillClock:
    return StillClock()


@pytest.fixture(scope="module")
def honest(clock: StillClock) -> Iterator[SignInProvider]:
    with a_sign_in_provider(lambda: clock.at) as provider:
        yield provider


@pytest.fixture
def provider(honest: SignInProvider) -> Iterator[SignInProvider]:
    """One that vouches for somebody new."""
    number = next(NUMBERS)
    honest.claims = {"sub": f"ann-{number}", "name": f"Ann {number}", "groups": ["ml-team"]}
    yield honest
    honest.change, honest.down = lambda _: None, False


@pytest.fixture(scope="module")
def api(
    tmp_path_factory: pytest.TempPathFactory, clock: StillClock, honest: SignInProvider
) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("team")
    with an_api(folder, clock, **settings_for(honest, CLIENT_SECRET)) as api:
        yield api


def person(api: Api, provider: SignInProvider) -> dict[str, object]:
    """Whom the provider vouched for, as administrators see them."""
    listed = api.get("/api/people", page_size=200).json()["items"]
    (found,) = [one for one in listed if one["subject"] == provider.claims["sub"]]
    return dict(found)


def sessions(api: Api, provider: SignInProvider) -> list[dict[str, str]]:
    """Browsers of that person, newest first."""
    mine = person(api, provider)["id"]
    listed = api.get("/api/tokens", kind="session").json()
    return [one for one in listed if one["person_id"] == mine]


def put_role(api: Api, provider: SignInProvider, role: str) -> None:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    path = f"/api/people/{person(api, provider)['id']}/role"
    api.http.put(path, json={"role": role}, headers=headers).raise_for_status()


def test_the_way_to_the_provider_carries_state_nonce_and_challenge_and_no_secret(
    api: Api, provider: SignInProvider
) -> None:
    url = Browser(api).start()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{provider.issuer}/authorize?")
    ours = {"state", "nonce", "code_challenge"}
    assert [len(asked.pop(name)) for name in sorted(ours)] == [43, 43, 43]
    assert asked == {
        "client_id": "paybatch",
        "code_challenge_method": "S256",
        "redirect_uri": "http://127.0.0.1:8200/sign-in/oidc/callback",
        "response_type": "code",
        "scope": "openid profile email",
    }


def test_somebody_whom_the_provider_vouches_for_comes_in_with_the_role_of_their_group(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    answer = browser.sign_in(provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:8201/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    me = browser.call("GET", "/api/me").json()
    assert (me["name"], me["scope"]) == (provider.claims["name"], "planner")


def test_the_session_cookie_is_the_one_of_a_link_and_lasts_a_working_day(
    api: Api, provider: SignInProvider
) -> None:
    browser = Browser(api)
    cookies = browser.sign_in(provider).headers.get_list("set-cookie")
    (session,) = [cookie for cookie in cookies if cookie.startswith("paybatch_session=")]
    _, *attributes = [part.strip().lower() for part in session.split(";")]
    assert sorted(attributes) == ["httponly", "max-age=43200", "path=/", "samesite=lax"]
    api.clock.jump(hours=12, seconds=-1)
    assert browser.call("GET", "/api/me").status_code == 200
    api.clock.jump(seconds=1)
    assert browser.call("GET", "/api/me").status_code == 401


def test_people_are_known_by_issuer_and_subject_whatever_they_are_called(
    api: Api, provider: SignInProvider
) -> None:
    known_as = provider.claims["name"]
    Browser(api).sign_in(provider)
    provider.claims |= {"name": "Ann Smith", "email": "smith@example.com"}
    browser = Browser(api)
    browser.sign_in(provider)
    found = person(api, provider)
    assert (found["name"], found["email"]) == ("Ann Smith", "smith@example.com")
    assert (found["known_as"], found["sessions"]) == (known_as, 2)
    assert browser.call("GET", "/api/me").json()["name"] == known_as


@pytest.mark.parametrize("wanted", ["{same}", "{SAME}", "  {same} ", "owner", "Reaper"])
def test_nobody_takes_a_name_of_the_audit_trail_that_is_somebody_else_s(
    api: Api, provider: SignInProvider, wanted: str
) -> None:
    Browser(api).sign_in(provider)
    same = provider.claims["name"]
    name = wanted.replace("{same}", same).replace("{SAME}", same.upper())
    provider.claims |= {"sub": f"another {same}", "name": name}
    browser = Browser(api)
    browser.sign_in(provider)
    assert browser.call("GET", "/api/me").json()["name"] == f"{name.strip()} (2)"


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


def test_addresses_and_keys_are_asked_for_once_and_keys_again_when_they_changed(
    api: Api, provider: SignInProvider
) -> None:
    api.clock.pass_s(3600)
    provider.asked.clear()
    for _ in range(3):
        assert Browser(api).sign_in(provider).status_code == 303
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/keys") == 1
    provider.new_key()
    assert Browser(api).sign_in(provider).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_keys_of_rsa_are_believed_too(api: Api, provider: SignInProvider) -> None:
    kept = provider.key, provider.algorithm
    provider.key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
    provider.algorithm = "RS256"
    assert Browser(api).sign_in(provider).status_code == 303
    provider.key, provider.algorithm = kept


def test_a_minute_between_two_clocks_is_forgiven(api: Api, provider: SignInProvider) -> None:
    provider.change = lambda claims: claims.update(iat=claims["iat"] + 59, exp=claims["iat"] - 59)
    assert Browser(api).sign_in(provider).status_code == 303


def test_a_provider_that_is_away_is_said_and_comes_back(api: Api, provider: SignInProvider) -> None:
    api.clock.pass_s(3600)
    provider.down = True
    answer = Browser(api).get("/sign-in/oidc")
    assert (answer.status_code, "does not answer" in answer.text) == (403, True)
    provider.down = False
    assert Browser(api).sign_in(provider).status_code == 303


def test_nothing_of_code_token_or_secret_is_stored(api: Api, provider: SignInProvider) -> None:
    browser = Browser(api)
    brought = provider.consent(browser.start())
    browser.come_back(**brought)
    secrets = [*brought.values(), *browser.cookies.values(), CLIENT_SECRET]
    folder = api.installation.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("paybatch.sqlite*"))
    assert provider.claims["sub"].encode() in stored
    assert [secret for secret in secrets if secret.encode() in stored] == []


def test_health_tells_the_page_where_a_team_signs_in(api: Api) -> None:
    told = api.http.get("/api/health").json()
    assert told["sign_in_url"] == "http://127.0.0.1:8200/sign-in/oidc"


def test_the_last_use_of_a_credential_is_written_once_an_hour(
    api: Api, provider: SignInProvider
) -> None:
    writer = UsesWriter(api.installation.uses, api.installation.database)
    browser = Browser(api)
    browser.sign_in(provider)

    def last_used() -> object:
        (session,) = sessions(api, provider)
        return session["last_used_at"]

    api.clock.at = datetime(2026, 12, 1, tzinfo=UTC)
    assert last_used() is None
    browser.call("GET", "/api/me")
    writer.look()
    assert last_used() == "2026-12-01T00:00:00Z"
    api.clock.jump(minutes=59)
    browser.call("GET", "/api/me")
    writer.look()
    assert last_used() == "2026-12-01T00:00:00Z"
    api.clock.jump(minutes=1)
    browser.call("GET", "/api/me")
    writer.look()
    assert last_used() == "2026-12-01T01:00:00Z"
