"""A log without times has no review; how much training its runs took is told all the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.wire.codec import decode
from planner.imports.mapping import ColumnMapping
from planner.reviews.effort_to_target import EffortToTarget
from planner.reviews.review_input import ReviewRequest
from tests.support.app_in_memory import an_api
from tests.support.brought_files import KNOWN_CSV, KNOWN_MAPPING, imported
from tests.support.installation import Api, a_pilot
from tests.support.logged_runs import terms_of_import

WITHOUT_TIMES = replace(KNOWN_MAPPING, elapsed=None, without_time=True)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with an_api(Path(tmp_path_factory.mktemp("untimed"))) as api:
        yield api


def pilot_of(api: Api, text: str, mapping: ColumnMapping, key: str) -> str:
    state = imported(api, text.encode(), mapping, terms_of_import(name=key), key=key)
    assert state.refusal is None
    assert state.pilot_id is not None
    return state.pilot_id


def effort(api: Api, pilot_id: str) -> EffortToTarget:
    answer = api.get(f"/api/pilots/{pilot_id}/effort-to-target")
    return decode(EffortToTarget, answer.raise_for_status().json())


def test_steps_and_samples_are_told_where_no_time_was_logged(shared: Api):
    pilot_id = pilot_of(shared, KNOWN_CSV, WITHOUT_TIMES, "untimed")
    refused = shared.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot_id))
    assert (refused.status_code, refused.json()["code"]) == (409, "import_without_time")
    found = effort(shared, pilot_id)
    assert (found.runs_without_time, len(found.runs)) == (6, 6)
    today, growing = found.schedules
    assert (today.role, today.steps_ratio) == ("baseline", None)
    assert today.median is not None
    # The loss is 0.5 at the fourth row, ten steps apart from the first.
    assert today.median.steps_to_target == pytest.approx(30)
    assert growing.steps_ratio is not None
    assert growing.steps_ratio.mid == pytest.approx(1)
    assert growing.samples_ratio is not None
    assert growing.samples_ratio.mid == pytest.approx(200 / 100)


def test_runs_of_which_only_some_have_times_say_how_many_lack_them(shared: Api):
    """One run has seconds nowhere."""
    lines = KNOWN_CSV.splitlines()
    cut = [
        ",".join([*line.split(",")[:4], "", *line.split(",")[5:]])
        if line.startswith("growing-2,")
        else line
        for line in lines
    ]
    pilot_id = pilot_of(shared, "\n".join(cut) + "\n", KNOWN_MAPPING, "partly")
    assert effort(shared, pilot_id).runs_without_time == 1
    shared.get(f"/api/pilots/{pilot_id}/records").raise_for_status()


def test_an_import_with_times_is_told_likewise(shared: Api):
    pilot_id = pilot_of(shared, KNOWN_CSV, KNOWN_MAPPING, "timed")
    assert effort(shared, pilot_id).runs_without_time == 0


def test_a_pilot_that_was_measured_here_has_its_review(shared: Api):
    pilot = shared.create(a_pilot(), key="measured")
    refused = shared.get(f"/api/pilots/{pilot.id}/effort-to-target")
    assert (refused.status_code, refused.json()["code"]) == (409, "pilot_not_imported")
    missing = shared.get("/api/pilots/nobody/effort-to-target")
    assert missing.status_code == 404
