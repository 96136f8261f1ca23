"""Workers register anew again and again; what is gone costs those that are here nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from backend.tables import WorkerRow
from tests.support.installation import Api


@contextmanager
def read_registrations() -> Iterator[set[str]]:
    """Ids of those that are read from the database meanwhile."""
    seen: set[str] = set()

    def note(row: WorkerRow, _: object) -> None:
        seen.add(row.id)

    event.listen(WorkerRow, "load", note)
    try:
        yield seen
    finally:
        event.remove(WorkerRow, "load", note)


@pytest.fixture
def gone(api: Api) -> set[str]:
    """Workers that were here before the one that is here now."""
    ids = {api.worker().welcome.worker_id for _ in range(3)}
    api.clock.pass_s(3 * api.installation.settings.lease_s)
    return ids


def test_none_is_read_where_another_worker_comes(api: Api, gone: set[str]) -> None:
    here = api.worker().welcome
    with read_registrations() as seen:
        assert api.worker().welcome.name == f"{here.name} (2)"
    assert here.worker_id in seen
    assert seen.isdisjoint(gone)


def test_none_is_read_where_workloads_are_offered(api: Api, gone: set[str]) -> None:
    here = api.worker().welcome
    with read_registrations() as seen:
        workloads = api.get("/api/workloads").raise_for_status().json()
    served = {one["workload"]["name"]: one["served_by"] for one in workloads}
    assert served["digits-mlp"] == [here.name]
    assert seen.isdisjoint(gone)


def test_those_that_were_seen_since_the_api_started_are_listed_still(
    api: Api, gone: set[str]
) -> None:
    here = api.worker().welcome.worker_id
    listed = [one["id"] for one in api.get("/api/workers").raise_for_status().json()]
    assert listed[0] == here
    assert set(listed) == {here} | gone
