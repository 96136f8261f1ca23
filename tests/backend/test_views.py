"""Views under a name: everybody opens the same one, and only some may remove it."""

import httpx
import pytest
from sqlalchemy import select

from backend.services.views import MOST_VIEWS
from backend.tables import AuditRow, ViewRow
from backend.wire.codec import decode
from planner.exchange.views import View
from tests.support.installation import Api, problem

QUERY = {"pilots": "a,b", "along": "money", "schedules": '{"a":["成長 <b>"]}'}


def save(
    api: Api, name: str = "Ours", *, key: str = "first", token: str | None = None, **query: str
) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {token or api.credentials.admin_token}",
        "Idempotency-Key": key,
    }
    body = {"name": name, "query": query or QUERY}
    return api.http.post("/api/views", json=body, headers=headers)


def saved(api: Api, **how: str) -> View:
    return decode(View, save(api, **how).raise_for_status().json())


def remove(api: Api, view_id: str, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or api.credentials.admin_token}"}
    return api.http.delete(f"/api/views/{view_id}", headers=headers)


def listed(api: Api) -> list[str]:
    found = decode(tuple[View, ...], api.get("/api/views").raise_for_status().json())
    return [view.name for view in found]


def a_planner(api: Api, name: str) -> str:
    made = api.post("/api/tokens", {"name": name, "scope": "planner"}).raise_for_status()
    token: str = made.json()["token"]
    return token


def test_a_view_comes_back_as_it_was_saved(api: Api) -> None:
    view = saved(api, name=" Ours ")
    assert (view.name, view.owner, view.query) == ("Ours", "owner", QUERY)
    assert view.saved_at == api.clock.at
    assert decode(View, api.get(f"/api/views/{view.id}").json()) == view


def test_everybody_sees_every_view_last_saved_first(api: Api) -> None:
    for number, token in enumerate((None, a_planner(api, "other"))):
        api.clock.pass_s(1)
        save(api, f"View {number}", key=str(number), token=token).raise_for_status()
    assert listed(api) == ["View 1", "View 0"]


def test_a_repeated_request_keeps_one_view(api: Api) -> None:
    assert saved(api) == saved(api)
    assert listed(api) == ["Ours"]
    assert problem(save(api, "Other")) == (422, "idempotency_key_reused", None)


def test_a_view_is_removed_by_its_owner_or_an_admin(api: Api) -> None:
    other = a_planner(api, "other")
    view = saved(api)
    assert problem(remove(api, view.id, other)) == (409, "view_of_other", None)
    theirs = saved(api, key="second", token=other)
    assert remove(api, theirs.id).status_code == 200
    assert remove(api, view.id).status_code == 200
    assert listed(api) == []
    assert problem(remove(api, view.id)) == (404, "view_not_found", None)
    assert problem(api.get(f"/api/views/{view.id}")) == (404, "view_not_found", None)


def test_saving_and_removing_are_in_the_audit_trail(api: Api) -> None:
    view = saved(api)
    remove(api, view.id)
    with api.installation.database.read() as session:
        chosen = select(AuditRow).where(AuditRow.subject_id == view.id).order_by(AuditRow.number)
        rows = session.scalars(chosen).all()
    assert [(row.action, row.principal) for row in rows] == [
        ("view.save", "owner"),
        ("view.remove", "owner"),
    ]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"query": QUERY}, "name", "missing"),
        ({"name": " ", "query": QUERY}, "name", "empty"),
        ({"name": "x" * 201, "query": QUERY}, "name", "too_long"),
        ({"name": "a", "query": {}}, "query", "empty"),
        ({"name": "a", "query": {"pilots": 3}}, "query.pilots", "wrong_type"),
        ({"name": "a", "query": {"pilots": "x" * 70_000}}, "query", "view_too_large"),
        ({"name": "a", "query": {f"p{n}": "" for n in range(17)}}, "query", "too_many_items"),
    ],
)
def test_a_wrong_view_is_refused_at_its_field(
    shared_api: Api, body: dict[str, object], field: str, code: str
) -> None:
    answer = shared_api.post("/api/views", body, **{"Idempotency-Key": "wrong"})
    assert problem(answer) == (422, code, field)


def test_nobody_can_fill_the_disk_with_views(api: Api) -> None:
    with api.installation.database.write() as session, session.begin():
        session.add_all(
            ViewRow(id=str(n), name="", owner="", query={}, saved_at=api.clock.at)
            for n in range(MOST_VIEWS)
        )
    assert problem(save(api)) == (409, "too_many_views", None)
