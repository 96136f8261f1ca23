"""A list of 1,000 pilots with 10,000 runs is read page by page; the benchmark times it."""

import pytest

from backend.wire.codec import decode
from planner.exchange.page_states import PilotSummary
from planner.exchange.states import Page
from tests.support.installation import Api, a_pilot
from tests.support.many_pilots import multiply
from tests.support.planted_worker import planted_curve

PILOTS, RUNS = 1000, 10


@pytest.fixture
def full(api: Api) -> Api:
    seeds = {"confirmation": list(range(11, 11 + RUNS // 2))}
    pilot = api.create(a_pilot(seeds=seeds, name="Many"), throughput=planted_curve())
    api.worker().work_until_idle()
    multiply(api.installation.database, pilot.id, copies=PILOTS - 1)
    return api


def listed(api: Api, **query: object) -> Page[PilotSummary]:
    answer = api.get("/api/pilots:summaries", page_size=25, **query).raise_for_status()
    return decode(Page[PilotSummary], answer.json())


def test_a_full_list_is_paged_and_searched(full: Api) -> None:
    first = listed(full)
    assert (first.total, len(first.items)) == (PILOTS, 25)
    assert [found.name for found in first.items[:3]] == ["Many", "Many 1", "Many 2"]
    assert {found.runs_done for found in first.items} == {RUNS}
    last = listed(full, page=PILOTS // 25)
    assert last.items[-1].name == f"Many {PILOTS - 1}"
    (found,) = listed(full, search="Many 777").items
    assert full.get("/api/runs", pilot_id=found.id).json()["total"] == RUNS
    assert full.get("/api/runs").json()["total"] == PILOTS * RUNS
