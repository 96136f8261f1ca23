"""A file of runs that were measured elsewhere becomes a pilot like any other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.wire.codec import decode
from planner.exchange.decisions import SeedsOrder
from planner.exchange.page_states import PilotSummary
from planner.exchange.states import Page, RunOrder
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.support.app_in_memory import an_api
from tests.support.brought_files import (
    KNOWN_CSV,
    KNOWN_MAPPING,
    bring,
    create,
    imported,
    map_columns,
)
from tests.support.installation import Api
from tests.support.logged_runs import terms_of_import


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, database: dict[str, str]) -> Iterator[Api]:
    with an_api(Path(tmp_path_factory.mktemp("imports")), **database) as api:
        yield api


@pytest.fixture(scope="module")
def pilot_id(shared: Api) -> str:
    state = imported(shared, KNOWN_CSV.encode(), KNOWN_MAPPING, terms_of_import())
    assert state.refusal is None
    assert state.phase == "done"
    assert state.pilot_id is not None
    return state.pilot_id


def review(api: Api, pilot_id: str) -> Review:
    answer = api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot_id))
    return decode(Review, answer.raise_for_status().json())


def test_the_review_of_an_import_says_the_times_of_the_file(shared: Api, pilot_id: str):
    found = review(shared, pilot_id)
    times = {
        (race.schedule, race.seed): race.crossing.time_s
        for race in found.races
        if race.crossing is not None
    }
    # The loss is 0.5 at the fourth row, three intervals of 100 s and the seed after the first.
    assert times == pytest.approx(
        {("today", seed): 3 * (100 + seed) for seed in (1, 2, 3)}
        | {("growing", seed): 3 * (50 + seed) for seed in (1, 2, 3)}
    )
    assert found.imported is not None
    assert found.imported.file_name == "runs.csv"
    today = next(one for one in found.schedules if one.schedule == "today")
    assert today.training is not None
    # 306 s on average on four devices at 2 USD an hour.
    assert today.training.cost.amount == pytest.approx(306 / 3600 * 4 * 2.0)


def test_an_import_is_marked_where_pilots_are_listed(shared: Api, pilot_id: str):
    answer = shared.get("/api/pilots:summaries").raise_for_status()
    listed = {one.id: one for one in decode(Page[PilotSummary], answer.json()).items}
    assert listed[pilot_id].imported
    assert listed[pilot_id].spent_device_h == 0  # nothing was spent here
    state = shared.pilot(pilot_id)
    assert state.imported is not None
    assert state.imported.device == "Cluster A"


def test_nothing_that_was_imported_is_trained_here(shared: Api, pilot_id: str):
    key = {"Idempotency-Key": "more"}
    more = shared.post(f"/api/pilots/{pilot_id}:add-seeds", SeedsOrder(seeds=2, reason=""), **key)
    assert (more.status_code, more.json()["code"]) == (409, "pilot_imported")
    run = shared.runs(pilot_id)[0]
    for order in ("retry", "resume", "pause", "cancel"):
        answer = shared.post(f"/api/runs/{run.id}:{order}", RunOrder())
        assert (answer.status_code, answer.json()["code"]) == (409, "run_imported")
    assert shared.get("/api/workers").raise_for_status().json() == []


def test_the_same_file_twice_is_told(shared: Api, pilot_id: str):
    again = bring(shared, KNOWN_CSV.encode(), key="again")
    assert again.same_as == pilot_id


def test_what_the_terms_leave_out_is_asked_and_can_be_said_again(shared: Api):
    found = bring(shared, KNOWN_CSV.encode(), key="terms")
    read = map_columns(shared, found.id, KNOWN_MAPPING)
    assert read.read is not None
    assert [run.name for run in read.read.runs][:2] == ["today-1", "today-2"]
    wrong = create(shared, found.id, terms_of_import(candidates=("missing",)))
    assert wrong.refusal is not None
    assert (wrong.phase, wrong.refusal.field) == ("terms", "candidates[0]")
    assert wrong.pilot_id is None
    right = create(shared, found.id, terms_of_import(name="Second"), key="right")
    assert right.phase == "done"


def test_runs_that_diverged_or_never_arrived_are_kept(shared: Api):
    text = KNOWN_CSV + "".join(
        f"today-{seed},today,{seed},{10 * row},{row},0.1,100,{loss},0.5\n"
        for seed, losses in ((4, ("2.0", "nan")), (5, ("2.0", "1.5", "1.2")))
        for row, loss in enumerate(losses)
    )
    found = bring(shared, text.encode(), key="nan")
    map_columns(shared, found.id, KNOWN_MAPPING)
    state = create(shared, found.id, terms_of_import(name="With losses"))
    assert state.pilot_id is not None
    reviewed = review(shared, state.pilot_id)
    today = next(one for one in reviewed.schedules if one.schedule == "today")
    assert (today.measured.runs, today.measured.reached) == (5, 3)
    ends = {race.seed: race.status for race in reviewed.races if race.schedule == "today"}
    assert (ends[4], ends[5]) == ("diverged", "succeeded")


def test_a_file_that_is_thrown_away_is_gone(shared: Api):
    found = bring(shared, KNOWN_CSV.encode(), key="gone")
    headers = {"Authorization": f"Bearer {shared.credentials.admin_token}"}
    shared.http.delete(f"/api/imports/{found.id}", headers=headers).raise_for_status()
    assert shared.get(f"/api/imports/{found.id}").status_code == 404
    assert not (shared.installation.settings.data_dir / "imports" / found.id).exists()
