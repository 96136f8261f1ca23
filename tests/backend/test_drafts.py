"""Unfinished plans are kept as they are, found by their link, and changed by their owner only."""

import httpx
import pytest

from backend.wire.codec import decode
from planner.exchange.page_states import Draft, DraftState
from tests.support.installation import Api, problem


def save(api: Api, draft_id: str, body: object, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or api.credentials.admin_token}"}
    return api.http.put(f"/api/drafts/{draft_id}", json=body, headers=headers)


def remove(api: Api, draft_id: str, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or api.credentials.admin_token}"}
    return api.http.delete(f"/api/drafts/{draft_id}", headers=headers)


def listed(api: Api) -> list[str]:
    states = decode(tuple[DraftState, ...], api.get("/api/drafts").raise_for_status().json())
    return [state.id for state in states]


def test_a_draft_comes_back_as_it_was_left(api: Api) -> None:
    body = {"name": "やり直し", "pilot": {"budget": {"epochs": "many"}}, "open": [1, None, 0.1]}
    assert save(api, "abc", body).status_code == 200
    draft = decode(Draft, api.get("/api/drafts/abc").raise_for_status().json())
    assert draft.body == body
    assert (draft.state.name, draft.state.owner) == ("やり直し", "owner")
    assert draft.state.saved_at == api.clock.at


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, ""),
        ({"name": "  "}, ""),
        ({"name": 3}, ""),
        ({"pilot": {"name": "inner"}}, "inner"),
        ({"pilot": "none"}, ""),
        ({"name": "x" * 300}, "x" * 200),
    ],
)
def test_a_draft_is_called_what_its_plan_is_called_so_far(
    api: Api, body: dict[str, object], name: str
) -> None:
    assert save(api, "abc", body).raise_for_status().json()["name"] == name


def test_drafts_are_listed_last_saved_first(api: Api) -> None:
    for draft_id in ("a", "b", "c", "a"):
        api.clock.pass_s(1)
        save(api, draft_id, {})
    assert listed(api) == ["a", "c", "b"]


def test_a_draft_that_was_thrown_away_is_gone(api: Api) -> None:
    save(api, "abc", {})
    assert remove(api, "abc").status_code == 200
    assert listed(api) == []
    assert problem(api.get("/api/drafts/abc")) == (404, "draft_not_found", None)
    assert problem(remove(api, "abc")) == (404, "draft_not_found", None)


def test_somebody_else_can_read_a_draft_and_cannot_change_it(api: Api) -> None:
    made = api.post("/api/tokens", {"name": "other", "scope": "planner"}).raise_for_status()
    other = made.json()["token"]
    save(api, "abc", {"name": "mine"})
    headers = {"Authorization": f"Bearer {other}"}
    assert api.http.get("/api/drafts/abc", headers=headers).json()["body"] == {"name": "mine"}
    assert problem(save(api, "abc", {}, other)) == (409, "draft_of_other", None)
    assert problem(remove(api, "abc", other)) == (409, "draft_of_other", None)
    assert api.http.get("/api/drafts", headers=headers).json() == []


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_a_draft_is_an_object(api: Api, body: object) -> None:
    assert save(api, "abc", body).status_code == 422


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"x": NaN}', "not_json"),
        ('{"x": 1e999}', "not_json"),
        ('{"name": "\\ud800"}', "not_json"),
        ('{"x": ' + "[" * 33 + "]" * 33 + "}", "draft_too_deep"),
    ],
)
def test_a_draft_that_could_not_be_given_back_is_refused(api: Api, text: str, code: str) -> None:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    headers["Content-Type"] = "application/json"
    answer = api.http.put("/api/drafts/abc", content=text, headers=headers)
    assert problem(answer) == (422, code, "")


@pytest.mark.parametrize("draft_id", ["a.b", "x" * 65, "%2e%2e", "日本"])
def test_a_draft_has_a_plain_id(api: Api, draft_id: str) -> None:
    assert problem(save(api, draft_id, {})) == (422, "draft_id_wrong", "draft_id")


def test_a_draft_has_a_bound(api: Api) -> None:
    around = len('{"x": ""}')
    assert save(api, "abc", {"x": "y" * (256 * 1024 - around)}).status_code == 200
    answer = save(api, "abc", {"x": "y" * (256 * 1024 - around + 1)})
    assert problem(answer) == (422, "draft_too_large", "")


def test_nobody_can_fill_the_disk_with_drafts(api: Api) -> None:
    for number in range(200):
        save(api, f"d{number}", {}).raise_for_status()
    assert problem(save(api, "one-more", {})) == (409, "too_many_drafts", None)
    assert save(api, "d0", {"name": "still mine"}).status_code == 200
