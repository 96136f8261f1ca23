"""A schedule that the log does not show is stated, and the review is of what was stated."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.wire.codec import decode
from planner.exchange.imports import ImportState
from planner.imports.terms import ImportTerms
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from planner.schedules.learning_rate import LearningRate
from tests.support.app_in_memory import an_api
from tests.support.brought_files import KNOWN_CSV, KNOWN_MAPPING, bring, create, map_columns
from tests.support.installation import Api
from tests.support.logged_runs import TRAINING_SAMPLES, constant, terms_of_import

MAPPING = replace(KNOWN_MAPPING, training_samples=TRAINING_SAMPLES)


def a_log_that_shows_no_schedule() -> bytes:
    lines = []
    for line in KNOWN_CSV.splitlines():
        cells = line.split(",")
        if cells[1] == "growing":
            cells[5] = {"0": "0.1", "10": "0.3", "20": "0.05", "30": "0.2", "40": "0.07"}[cells[3]]
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with an_api(Path(tmp_path_factory.mktemp("stated"))) as api:
        yield api


@pytest.fixture
def read(shared: Api, request: pytest.FixtureRequest) -> ImportState:
    found = bring(shared, a_log_that_shows_no_schedule(), key=request.node.name)
    return map_columns(shared, found.id, MAPPING)


def stated(**changes: object) -> ImportTerms:
    return terms_of_import(**changes)


def test_why_nothing_was_inferred_is_told_before_anything_is_stored(read: ImportState):
    assert read.read is not None
    today, growing = read.read.schedules
    assert today.inferred is not None
    assert (today.inferred.learning_rate.initial, today.not_inferred) == (0.1, None)
    assert growing.inferred is None
    assert growing.not_inferred == "no_form_fits"


def test_without_the_samples_of_an_epoch_nothing_was_looked_for(shared: Api):
    found = bring(shared, a_log_that_shows_no_schedule(), key="no samples")
    state = map_columns(shared, found.id, KNOWN_MAPPING)
    assert state.read is not None
    assert [one.not_inferred for one in state.read.schedules] == [None, None]


def test_it_is_asked_for_and_the_review_is_of_what_was_stated(shared: Api, read: ImportState):
    asked = create(shared, read.id, stated(name="asked"), key="asked")
    assert asked.refusal is not None
    assert (asked.phase, asked.refusal.code) == ("terms", "import_schedule_unknown")
    assert asked.refusal.params == {"schedule": "growing"}

    own = replace(constant("growing", 200), learning_rate=LearningRate(initial=0.2))
    done = create(shared, read.id, stated(name="said", schedules=(own,)), key="said")
    assert (done.phase, done.refusal) == ("done", None)
    assert done.pilot_id is not None
    (candidate,) = shared.pilot(done.pilot_id).pilot.candidates
    assert candidate.learning_rate == own.learning_rate
    answer = shared.post("/api/reviews:compute", ReviewRequest(pilot_id=done.pilot_id))
    review = decode(Review, answer.raise_for_status().json())
    growing = next(one for one in review.schedules if one.schedule == "growing")
    # 40 steps of 200 samples at a rate of 0.2 each, in 8 epochs of 1,000.
    assert growing.work.samples == 8 * TRAINING_SAMPLES
    assert growing.work.summed_rate == pytest.approx(40 * 0.2)


def test_what_contradicts_the_logged_batches_is_refused_and_can_be_said_again(
    shared: Api, read: ImportState
):
    wrong = create(
        shared, read.id, stated(name="wrong", schedules=(constant("growing", 250),)), key="wrong"
    )
    assert wrong.refusal is not None
    assert (wrong.phase, wrong.pilot_id) == ("terms", None)
    assert (wrong.refusal.field, wrong.refusal.code) == (
        "schedules[0].batch_size",
        "import_schedule_contradicts",
    )
    assert wrong.refusal.params["logged"] == "200"
    assert wrong.refusal.params["stated"] == "250"
    right = create(
        shared, read.id, stated(name="right", schedules=(constant("growing", 200),)), key="right"
    )
    assert right.phase == "done"


def test_of_several_schedules_that_fit_another_one_can_be_taken(shared: Api):
    """Rates that fall by a straight line, an epoch a row, are those of a table of stages, too."""
    falling = "\n".join(
        line.replace(",0.1,100,", f",{0.1 * (1 - int(line.split(',')[3]) / 50)!r},100,")
        if line.startswith("today-")
        else line
        for line in KNOWN_CSV.splitlines()
    )
    found = bring(shared, falling.encode(), key="several")
    state = map_columns(shared, found.id, MAPPING)
    assert state.read is not None
    today = state.read.schedules[0]
    assert today.inferred is not None
    assert today.inferred.learning_rate.decay == "linear"
    stages = next(one for one in today.also if one.learning_rate.decay == "stages")
    taken = create(shared, found.id, stated(name="stages", schedules=(stages,)), key="take")
    assert (taken.phase, taken.refusal) == ("done", None)
    assert taken.pilot_id is not None
    baseline = shared.pilot(taken.pilot_id).pilot.baseline
    assert baseline.learning_rate == stages.learning_rate
