"""What real trackers logged of a pilot, imported through the API: its review says their times."""

import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.wire.codec import decode
from planner.imports.look import Look
from planner.imports.mapping import BatchColumn, ColumnMapping, ElapsedColumn
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.support.app_in_memory import an_api
from tests.support.brought_files import bring, create, map_columns
from tests.support.installation import Api
from tests.support.logged_runs import TARGET, terms_of_import
from tests.support.trackers import KINDS, logged_by

pytestmark = pytest.mark.trackers

LOGGING = Path(__file__).with_name("pilot_by_trackers.py")
FORMS = {"wandb": "wandb_offline"}

Told = dict[str, Any]
"""One run as its tracker was told of it."""


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with an_api(tmp_path / "api") as api:
        yield api


@pytest.fixture(scope="module", params=KINDS)
def logged(request, tmp_path_factory) -> tuple[str, Path, list[Told]]:
    """A pilot that a tracker logged: its kind, its folder, and what was logged."""
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, folder, logged_by(LOGGING, request.param, folder)


def packed(folder: Path) -> tuple[str, bytes]:
    """Name and content of what somebody would bring: the one file, or the folder in an archive."""
    (first, *more) = sorted(folder.iterdir())
    if first.is_file() and not more:
        return first.name, first.read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for path in sorted(folder.rglob("*")):
            opened.write(path, path.relative_to(folder))
    return "logs.zip", archive.getvalue()


def answered(kind: str, found: Look, told: list[Told]) -> ColumnMapping:
    """What was proposed, with what no tracker says: whose batch it is, and the metric's name here.

    TensorBoard knows neither schedules nor seeds; Weights & Biases measured the time of this test,
    so that the training's own clock stands in for it.
    """
    proposed = found.suggested
    assert proposed.learning_rate == "lr"
    assert proposed.batch_size is not None
    mapping = replace(
        proposed,
        batch_size=BatchColumn(column=proposed.batch_size.column, meaning="global"),
        metrics={"validation_loss": "val/loss"},
    )
    if kind == "tensorboard":
        schedules = {run["name"]: run["schedule"] for run in told}
        return replace(
            mapping, schedules=schedules, seeds={run["name"]: run["seed"] for run in told}
        )
    if kind == "wandb":
        return replace(mapping, elapsed=ElapsedColumn(column="trained_s", unit="seconds"))
    return mapping


def time_to_target_s(run: Told, *, since_first_row: bool) -> float:
    """Seconds to the target by the definition: the logarithm of the loss is linear between rows."""
    losses, seconds = run["losses"], run["elapsed_s"]
    high = next(place for place, loss in enumerate(losses) if loss <= TARGET.value)
    low = high - 1
    share = math.log(losses[low] / TARGET.value) / math.log(losses[low] / losses[high])
    began_s = seconds[0] if since_first_row else 0.0
    return seconds[low] + share * (seconds[high] - seconds[low]) - began_s


def test_the_review_says_the_time_to_target_of_what_was_logged(logged, api: Api):
    kind, folder, told = logged
    file_name, content = packed(folder)
    brought = bring(api, content, file_name=file_name)
    assert brought.found is not None, brought.refusal
    assert brought.found.form == FORMS.get(kind, kind)
    assert {run.name for run in brought.found.runs} == {run["name"] for run in told}

    mapped = map_columns(api, brought.id, answered(kind, brought.found, told))
    assert mapped.refusal is None
    stored = create(api, brought.id, terms_of_import(quality=None))
    assert (stored.phase, stored.refusal) == ("done", None)

    answer = api.post("/api/reviews:compute", ReviewRequest(pilot_id=stored.pilot_id))
    review = decode(Review, answer.raise_for_status().json())
    found = {
        (race.schedule, race.seed): race.crossing.time_s
        for race in review.races
        if race.crossing is not None
    }
    # TensorBoard says no start of a run, so its first row is the start; it keeps single precision.
    expected = {
        (run["schedule"], run["seed"]): time_to_target_s(run, since_first_row=kind == "tensorboard")
        for run in told
    }
    width = 1e-6 if kind == "tensorboard" else 1e-9
    assert found == pytest.approx(expected, rel=width, abs=1e-6)
    for schedule in ("today", "growing"):
        mean_s = sum(expected[schedule, seed] for seed in (1, 2)) / 2
        said = next(one for one in review.schedules if one.schedule == schedule)
        assert said.measured.mean_time_to_target_s == pytest.approx(mean_s, rel=width, abs=1e-6)
