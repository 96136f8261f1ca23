"""The list of notifications: paged, read by whoever has a name, never changed."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from backend.tables import AuditRow
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import planted_curve


def inbox(api: Api, **query: object) -> dict[str, Any]:
    answer: dict[str, Any] = api.get("/api/notifications", **query).raise_for_status().json()
    return answer


def finished(api: Api, count: int) -> list[int]:
    """Numbers of what is told of so many pilots that finish, oldest first."""
    for _ in range(count):
        api.create(a_pilot(), throughput=planted_curve(), key=uuid4().hex)
    api.worker().work_until_idle()
    newest = inbox(api, page_size=count)["notifications"]["items"]
    return [one["number"] for one in reversed(newest)]


def test_what_was_read_is_kept_by_name(shared_api: Api) -> None:
    api = shared_api
    guest = api.post("/api/tokens", {"name": "guest", "scope": "viewer"}).json()["token"]
    as_guest = {"Authorization": f"Bearer {guest}"}
    before, first, second = finished(api, 3)
    api.post("/api/notifications:read", {"up_to": before}).raise_for_status()
    assert inbox(api)["unread"] == api.get("/api/me").json()["unread"] == 2
    after = api.post("/api/notifications:read", {"up_to": first}).json()
    assert after["unread"] == api.get("/api/me").json()["unread"] == 1
    newest = inbox(api, page_size=2)["notifications"]["items"]
    assert [(one["number"], one["read"]) for one in newest] == [(second, False), (first, True)]
    total = inbox(api)["notifications"]["total"]
    assert api.http.get("/api/me", headers=as_guest).json()["unread"] == total
    api.post("/api/notifications:read", {"up_to": second}).raise_for_status()
    again = api.post("/api/notifications:read", {"up_to": first}).json()
    assert again["unread"] == 0


def test_reading_leaves_one_entry_in_the_audit_trail(shared_api: Api) -> None:
    (newest,) = finished(shared_api, 1)
    shared_api.post("/api/notifications:read", {"up_to": newest}).raise_for_status()
    with shared_api.installation.database.read() as session:
        read = select(AuditRow).where(AuditRow.action == "notifications.read")
        rows = [row for row in session.scalars(read) if row.after == {"read_up_to": newest}]
        assert [(row.principal, row.subject_id) for row in rows] == [("owner", "owner")]


def test_what_is_told_later_is_new_though_a_larger_number_was_read(shared_api: Api) -> None:
    finished(shared_api, 1)
    shared_api.post("/api/notifications:read", {"up_to": 2**31 - 1}).raise_for_status()
    assert inbox(shared_api)["unread"] == 0
    finished(shared_api, 1)
    assert inbox(shared_api)["unread"] == 1


def test_notifications_come_in_pages_newest_first(shared_api: Api) -> None:
    numbers = finished(shared_api, 3)
    page = inbox(shared_api, page=2, page_size=2)["notifications"]
    assert page["items"][0]["number"] == numbers[0]
    assert page["total"] == inbox(shared_api)["notifications"]["total"] >= 3


@pytest.mark.parametrize(
    ("body", "field"), [({"up_to": 0}, "up_to"), ({"up_to": 2**40}, "up_to"), ({}, "up_to")]
)
def test_a_wrong_mark_is_refused_at_its_field(
    shared_api: Api, body: dict[str, int], field: str
) -> None:
    status, _, at = problem(shared_api.post("/api/notifications:read", body))
    assert (status, at) == (422, field)


@pytest.mark.parametrize(
    ("query", "field"), [({"page": 0}, "page"), ({"page_size": 999}, "page_size")]
)
def test_a_wrong_page_is_refused_at_its_name(
    shared_api: Api, query: dict[str, int], field: str
) -> None:
    status, _, at = problem(shared_api.get("/api/notifications", **query))
    assert (status, at) == (422, field)


def test_what_was_told_cannot_be_changed(shared_api: Api) -> None:
    finished(shared_api, 1)
    with shared_api.installation.database.write() as session:
        with pytest.raises(DBAPIError, match="append-only"):
            session.connection().exec_driver_sql("UPDATE notifications SET kind = 'x'")
        session.rollback()
