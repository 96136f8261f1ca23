"""A team signs in with its provider: who is let in, for how long, and what is kept of it."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from backend.access.uses import UsesWriter
from backend.oidc.provider import known_from
from backend.oidc.refused import SignInRefused
from tests.support.installation import Api, problem
from tests.support.sign_in_provider import CLIENT_SECRET, SignInProvider
from tests.support.team_sign_in import Browser, person, sessions


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


@pytest.mark.parametrize("wanted", ["{same}", "{SAME}", "owner", " Reaper "])
def test_no_program_takes_a_name_of_the_audit_trail_that_is_somebody_else_s(
    api: Api, provider: SignInProvider, wanted: str
) -> None:
    Browser(api).sign_in(provider)
    same = provider.claims["name"]
    name = wanted.replace("{same}", same).replace("{SAME}", same.upper())
    answer = api.post("/api/tokens", {"name": name, "scope": "planner"})
    assert problem(answer) == (422, "name_of_another", "name")


@pytest.mark.parametrize(
    ("first", "second"),
    [("Émile Roux", "Émile Roux"), ("Émile Zola", "émile zola"), ("Émile Borel", "ÉMILE BOREL")],
)
def test_names_of_every_alphabet_are_told_apart_whatever_their_case(
    api: Api, provider: SignInProvider, first: str, second: str
) -> None:
    """Drafts, keys and the audit trail know people by these names."""
    for name in (first, second):
        provider.claims |= {"sub": f"the {name} of {provider.claims['sub']}", "name": name}
        browser = Browser(api)
        assert browser.sign_in(provider).status_code == 303
    assert browser.call("GET", "/api/me").json()["name"] == f"{second} (2)"


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


def test_keys_that_nobody_here_understands_are_passed_over(
    api: Api, provider: SignInProvider
) -> None:
    provider.more_keys = [
        *({}, "no key", {"kty": ["EC"]}, {"kty": "AKP", "alg": "ML-DSA-44", "pub": "x"}),
        {"kty": "EC", "crv": "P-999", "x": "a", "y": "b", "kid": provider.key.kid},
        {"kty": "oct", "k": "c2VjcmV0", "kid": provider.key.kid},
    ]
    api.clock.pass_s(3600)
    assert Browser(api).sign_in(provider).status_code == 303


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8200/api", "http://login.example/x", "https://me:it@login.example", 7]
)
def test_a_provider_elsewhere_names_no_address_of_this_computer_or_in_clear_text(
    name: str, url: object
) -> None:
    issuer = "https://login.example"
    told = {"issuer": issuer} | dict.fromkeys(
        ("authorization_endpoint", "token_endpoint", "jwks_uri"), f"{issuer}/x"
    )
    assert known_from(told, issuer=issuer, at_s=0.0).basic
    with pytest.raises(SignInRefused, match="provider_unreachable"):
        known_from(told | {name: url}, issuer=issuer, at_s=0.0)


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


@pytest.mark.file
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
    api.clock.at = datetime(2026, 12, 1, tzinfo=UTC)
    writer = UsesWriter(api.installation.uses, api.installation.database)
    browser = Browser(api)
    browser.sign_in(provider)

    def last_used() -> object:
        (session,) = sessions(api, provider)
        return session["last_used_at"]

    writer.look()
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
