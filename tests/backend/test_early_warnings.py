"""Signs that a run may leave the healthy range, on the live page before it does."""

import pytest

from planner.exchange.work import ClaimedRun, SeriesChunk
from tests.support.diverging import HALF, claimed, trained_to, watched
from tests.support.installation import Api
from tests.support.planted_worker import PlantedWorker

LIMIT = {"best": 0.2, "limit": 1.2}


def told(
    worker: PlantedWorker,
    run: ClaimedRun,
    group: str,
    points: dict[int, dict[str, float]],
    *,
    seq: int,
) -> None:
    """Reports readings by step."""
    names = sorted({name for point in points.values() for name in point})
    chunk = SeriesChunk(
        seq=seq,
        group=group,  # type: ignore[arg-type]
        steps=tuple(points),
        columns={name: tuple(point.get(name) for point in points.values()) for name in names},
        wall_clock_s=1.0,
    )
    worker.write(run, "series", chunk).raise_for_status()


def test_a_loss_average_that_comes_near_the_limit_is_shown_with_its_steps(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    (run,) = claim.runs
    trained_to(worker, run, 90)
    told(
        worker,
        run,
        "watch",
        {70: {"average": 0.3, **LIMIT}, 80: {"average": 0.8, **LIMIT}},
        seq=1,
    )
    told(worker, run, "watch", {90: {"average": 1.1, **LIMIT}}, seq=2)
    (warning,) = watched(api, run.run_id)[1].warnings
    assert (warning.sign, warning.since_step, warning.step) == ("loss_average", 80, 90)
    assert warning.limit_ratio == pytest.approx((1.1 - 0.2) / (1.2 - 0.2))


def test_what_a_rollback_superseded_warns_no_more(api: Api) -> None:
    claim, worker = claimed(api, "roll_back")
    (run,) = claim.runs
    trained_to(worker, run, 90)
    told(worker, run, "watch", {90: {"average": 1.1, **LIMIT}}, seq=1)
    again = worker.roll_back(run, HALF)
    assert watched(api, run.run_id)[1].warnings == ()
    worker.start(again, from_step=68)
    told(worker, again, "watch", {75: {"average": 0.9, **LIMIT}}, seq=0)
    (warning,) = watched(api, run.run_id)[1].warnings
    assert warning.step == 75


def test_a_stage_that_begins_near_the_curvature_s_limit_is_shown(api: Api) -> None:
    """The second stage begins at step 68."""
    claim, worker = claimed(api, "roll_back")
    (run,) = claim.runs
    trained_to(worker, run, 68)
    told(worker, run, "meters", {34: {"curvature_ratio": 0.3}, 68: {"curvature_ratio": 1.3}}, seq=1)
    (warning,) = watched(api, run.run_id)[1].warnings
    assert (warning.sign, warning.stage, warning.step, warning.tone) == ("curvature", 2, 68, "bad")


@pytest.mark.parametrize(("outcome", "signs"), [("diverged", ["bad"]), ("succeeded", [])])
def test_a_run_that_diverged_keeps_its_warning_and_one_that_ended_well_needs_none(
    api: Api, outcome: str, signs: list[str]
) -> None:
    claim, worker = claimed(api, "stop")
    (run,) = claim.runs
    trained_to(worker, run, 102)
    told(worker, run, "watch", {102: {"average": 1.3, **LIMIT}}, seq=1)
    worker.finish(run, step=102, outcome=outcome)
    assert [warning.tone for warning in watched(api, run.run_id)[1].warnings] == signs
