"""A browser signs in with a link that works once, and out again."""

from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from backend.access.security import hash_of
from backend.wire.codec import decode
from planner.exchange.page_states import Example, Me, SignInLink
from planner.exchange.states import PilotRequest
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, StillClock, problem

PAGE = "http://127.0.0.1:8201/"


def link(api: Api) -> SignInLink:
    return decode(SignInLink, api.post("/api/sign-in-links", {}).raise_for_status().json())


def follow(api: Api, url: str, **headers: str) -> httpx.Response:
    api.http.cookies.clear()
    return api.http.get(url, headers=headers, follow_redirects=False)


def session_of(answer: httpx.Response) -> str:
    token = answer.cookies["paybatch_session"]
    assert isinstance(token, str)
    return token


def me(api: Api, token: str) -> httpx.Response:
    return api.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})


def test_a_link_signs_a_browser_in_as_its_owner_and_leads_to_the_page(api: Api) -> None:
    answer = follow(api, link(api).url)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    told = me(api, session_of(answer)).raise_for_status().json()
    assert decode(Me, told) == Me(name="owner", scope="admin")


def test_a_link_can_be_for_somebody_else_who_is_known_by_name_and_does_no_more_than_their_role(
    api: Api,
) -> None:
    made = api.post("/api/sign-in-links", {"name": "Aiko", "role": "planner"})
    token = session_of(follow(api, made.json()["url"]))
    told = decode(Me, me(api, token).raise_for_status().json())
    assert (told.name, told.scope) == ("Aiko", "planner")
    headers = {"Authorization": f"Bearer {token}"}
    draft = {"pilot": {"name": "hers"}}
    assert api.http.put("/api/drafts/hers", json=draft, headers=headers).status_code == 200
    for body in (None, {}, {"name": "Aiko", "role": "admin"}):
        more = api.http.post("/api/sign-in-links", json=body, headers=headers)
        assert problem(more) == (403, "not_allowed", None)
    (saved,) = api.get("/api/audit", principal="Aiko").json()["items"]
    assert (saved["action"], saved["principal"]) == ("draft.save", "Aiko")
    (link_made,) = api.get("/api/audit", subject="Aiko").json()["items"]
    told = {"scope": "planner", "valid_minutes": 10}
    assert (link_made["principal"], link_made["after"]) == ("owner", told)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"role": "viewer"}, "missing", "name"),
        ({"name": "Aiko"}, "missing", "role"),
        ({"name": " ", "role": "viewer"}, "empty", "name"),
        ({"name": "Owner", "role": "viewer"}, "name_of_another", "name"),
        ({"name": "Aiko", "role": "registration"}, None, "role"),
        ({"valid_minutes": 0}, "below_minimum", "valid_minutes"),
        ({"valid_minutes": 24 * 60 + 1}, "above_maximum", "valid_minutes"),
    ],
)
def test_a_link_for_somebody_says_who_they_are_and_what_they_may(
    api: Api, body: dict[str, object], code: str | None, field: str
) -> None:
    status, refused, where = problem(api.post("/api/sign-in-links", body))
    assert (status, where) == (422, field)
    assert code in (None, refused)


def test_a_link_has_the_address_under_which_the_api_was_asked_for_it(api: Api) -> None:
    body = {"name": "Aiko", "role": "viewer"}
    made = api.post("/api/sign-in-links", body, Host="localhost:8300").raise_for_status().json()
    assert made["url"].startswith("http://localhost:8300/sign-in?code=")


def test_where_the_public_address_is_known_every_link_leads_there(
    tmp_path: Path, clock: StillClock
) -> None:
    origin = "https://paybatch.example.com"
    with an_api(tmp_path, clock, origin=origin) as api:
        assert link(api).url.startswith(f"{origin}/sign-in?code=")
        assert api.get("/api/access").json()["origin"] == origin


def test_whoever_makes_links_is_told_that_no_public_address_is_known(api: Api) -> None:
    assert api.get("/api/access").json()["origin"] is None


def test_a_request_without_a_body_still_makes_a_link_for_whoever_asks(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    made = api.http.post("/api/sign-in-links", headers=headers).raise_for_status()
    told = me(api, session_of(follow(api, made.json()["url"]))).json()
    assert decode(Me, told) == Me(name="owner", scope="admin")


def test_the_cookie_is_for_this_host_only_and_out_of_reach_of_scripts(api: Api) -> None:
    cookie = follow(api, link(api).url).headers["set-cookie"]
    _, *attributes = [part.strip().lower() for part in cookie.split(";")]
    assert sorted(attributes) == ["httponly", "max-age=2592000", "path=/", "samesite=lax"]


def test_over_tls_the_cookie_comes_back_over_tls_only(api: Api) -> None:
    answer = follow(api, link(api).url.replace("http://", "https://"))
    assert answer.headers["location"].startswith("https://")
    assert answer.headers["set-cookie"].lower().endswith("; secure")


def test_the_answer_leaves_no_trace_of_the_code(api: Api) -> None:
    answer = follow(api, link(api).url)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "code" not in answer.headers["location"]


def test_a_link_works_once(api: Api) -> None:
    url = link(api).url
    assert follow(api, url).status_code == 303
    again = follow(api, url)
    assert again.status_code == HTTPStatus.FORBIDDEN
    assert "set-cookie" not in again.headers


def test_a_browser_that_follows_its_own_link_again_is_let_in_without_a_new_session(
    api: Api,
) -> None:
    url = link(api).url
    token = session_of(follow(api, url))
    again = follow(api, url, Cookie=f"paybatch_session={token}")
    assert (again.status_code, again.headers["location"]) == (303, PAGE)
    assert "set-cookie" not in again.headers


def test_a_workers_credential_as_a_cookie_opens_nothing(api: Api) -> None:
    cookie = f"paybatch_session={api.credentials.registration_token}"
    assert follow(api, "/sign-in?code=x", Cookie=cookie).status_code == HTTPStatus.FORBIDDEN


def test_a_link_is_good_for_ten_minutes(api: Api) -> None:
    early, late = link(api), link(api)
    assert early.expires_in_s == 600
    api.clock.jump(seconds=599)
    assert follow(api, early.url).status_code == 303
    api.clock.jump(seconds=1)
    assert follow(api, late.url).status_code == HTTPStatus.FORBIDDEN


def test_a_link_is_good_for_as_long_as_was_said(api: Api) -> None:
    body = {"name": "Aiko", "role": "viewer", "valid_minutes": 24 * 60}
    early, late = (api.post("/api/sign-in-links", body).json() for _ in range(2))
    assert early["expires_in_s"] == 86_400
    api.clock.jump(seconds=86_399)
    assert follow(api, early["url"]).status_code == 303
    api.clock.jump(seconds=1)
    assert follow(api, late["url"]).status_code == HTTPStatus.FORBIDDEN


def test_a_session_is_good_for_thirty_days(api: Api) -> None:
    token = session_of(follow(api, link(api).url))
    api.clock.jump(days=30, seconds=-1)
    assert me(api, token).status_code == 200
    api.clock.jump(seconds=1)
    assert problem(me(api, token)) == (401, "credential_unknown", None)


@pytest.mark.parametrize("query", ["", "?code=", "?code=wrong", "?code=" + "x" * 5000])
def test_a_code_that_nobody_made_is_answered_with_how_to_get_one(api: Api, query: str) -> None:
    answer = follow(api, f"/sign-in{query}")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "paybatch open" in answer.text
    assert "wrong" not in answer.text


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("ja,en;q=0.8", "ja", "サインインできません"),
        ("en-GB,ja;q=0.5", "en", "no longer signs you in"),
        ("fr", "en", "no longer signs you in"),
    ],
)
def test_the_refusal_is_in_the_readers_language(
    api: Api, accepted: str, language: str, words: str
) -> None:
    answer = follow(api, "/sign-in?code=x", **{"Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert words in answer.text


def test_signing_out_ends_this_session_and_no_other(api: Api) -> None:
    first, second = (session_of(follow(api, link(api).url)) for _ in range(2))
    headers = {"Authorization": f"Bearer {first}"}
    assert api.http.post("/api/sign-out", headers=headers).status_code == 200
    assert me(api, first).status_code == HTTPStatus.UNAUTHORIZED
    assert me(api, second).status_code == 200


def test_the_owners_own_token_cannot_be_signed_out(api: Api) -> None:
    assert problem(api.post("/api/sign-out", {})) == (409, "not_a_session", None)
    assert api.get("/api/me").status_code == 200


def test_a_session_alone_is_no_credential_as_a_cookie(api: Api) -> None:
    token = session_of(follow(api, link(api).url))
    answer = api.http.get("/api/pilots", headers={"Cookie": f"paybatch_session={token}"})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.file
def test_neither_code_nor_session_is_stored(api: Api) -> None:
    url = link(api).url
    (code,) = parse_qs(urlsplit(url).query)["code"]
    token = session_of(follow(api, url))
    folder = api.installation.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("paybatch.sqlite*"))
    assert hash_of(code).encode() in stored
    assert code.encode() not in stored
    assert token.encode() not in stored


def test_an_example_can_be_started_as_it_is(api: Api) -> None:
    (example,) = decode(tuple[Example, ...], api.get("/api/examples").raise_for_status().json())
    body = PilotRequest(pilot=example.pilot)
    answer = api.post("/api/pilots", body, **{"Idempotency-Key": "example"})
    assert (answer.status_code, answer.json()["phase"]) == (201, "probing")
