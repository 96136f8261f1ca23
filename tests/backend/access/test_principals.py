"""A credential is looked up once; whatever ends it bites at the next request."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text, update

from backend.access.principals import WORK
from backend.access.security import hash_of
from backend.tables import AttemptRow, TokenRow
from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve
from tests.support.statements import statements


def token_of(api: Api, **more: object) -> tuple[str, str]:
    """Id and secret of a new viewer's token."""
    told = api.post("/api/tokens", {"name": "guest", "scope": "viewer"} | more).json()
    return told["id"], told["token"]


def me(api: Api, token: str) -> httpx.Response:
    return api.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})


def look_ups(seen: list[str]) -> int:
    return sum("token_hash = " in statement for statement in seen)


def test_a_credential_is_looked_up_once(shared_api: Api) -> None:
    _, token = token_of(shared_api)
    with statements() as seen:
        for _ in range(3):
            assert me(shared_api, token).status_code == 200
    assert look_ups(seen) == 1


def test_an_unknown_credential_is_looked_up_each_time(shared_api: Api) -> None:
    with statements() as seen:
        for _ in range(2):
            assert me(shared_api, "pb_wrong").status_code == 401
    assert look_ups(seen) == 2 * 3  # tokens, workers, attempts


def test_revoking_bites_at_the_next_request(shared_api: Api) -> None:
    token_id, token = token_of(shared_api)
    assert me(shared_api, token).status_code == 200
    shared_api.post(f"/api/tokens/{token_id}:revoke", {}).raise_for_status()
    assert me(shared_api, token).status_code == 401


def test_a_known_credential_ends_at_its_time(api: Api) -> None:
    _, token = token_of(api, valid_days=2)
    assert me(api, token).status_code == 200
    api.clock.jump(days=2)
    assert me(api, token).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        update(TokenRow).where(TokenRow.name == "guest").values(scope="planner"),
        text("UPDATE tokens SET scope = 'planner' WHERE name = 'guest'"),
    ],
    ids=["built", "text"],
)
def test_any_change_of_a_credential_is_seen(shared_api: Api, change: Any) -> None:
    _, token = token_of(shared_api)
    assert me(shared_api, token).json()["scope"] == "viewer"
    with shared_api.installation.database.write() as session, session.begin():
        session.execute(change)
    assert me(shared_api, token).json()["scope"] == "planner"


def test_whoever_is_looked_up_during_a_change_is_not_kept(shared_api: Api) -> None:
    token_id, token = token_of(shared_api)
    with shared_api.installation.database.write() as session:
        row = session.get_one(TokenRow, token_id)
        row.scope = "planner"
        session.flush()
        assert me(shared_api, token).json()["scope"] == "viewer"  # nothing is committed yet
        session.commit()
    assert me(shared_api, token).json()["scope"] == "planner"


def test_another_credential_of_an_attempt_ends_the_one_before(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    claim = api.worker().claim()
    assert claim is not None
    token = claim.runs[0].attempt_token
    assert me(api, token).status_code == 403
    with api.installation.database.write() as session, session.begin():
        session.execute(update(AttemptRow).values(token_hash=hash_of("another")))
    assert me(api, token).status_code == 401


def test_the_work_of_runs_forgets_nobody(api: Api) -> None:
    _, token = token_of(api)
    me(api, token)
    api.create(a_pilot(), throughput=planted_curve())
    with statements() as seen:
        worker = api.worker()
        me(api, token)
        assert look_ups(seen) > 0  # a worker was registered, which is somebody new
        seen.clear()
        worker.work_until_idle()
        me(api, token)
    guest = [one for one in seen if "FROM tokens" in one]
    attempts = [one for one in seen if "attempts.token_hash = " in one]
    assert len(guest) == len(attempts) + 1  # each attempt once, the worker once, the guest never


def test_what_a_credential_means_stands_in_no_table_that_may_change_unseen(shared_api: Api) -> None:
    """Attempts apart: the credential of one is for good."""
    with statements() as seen:
        me(shared_api, "pb_wrong")
    read = {table for table in WORK for one in seen if f"FROM {table}" in one}
    assert read == {"attempts"}
