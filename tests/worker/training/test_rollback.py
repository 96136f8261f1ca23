"""The way back of real trainings that diverge, and the same way after a kill."""

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from planner.exchange.work import AttemptStart, CheckpointRecord, ClaimedRun, Finish
from planner.pilots.divergence import RolledBack
from planner.pilots.executed import executed_table
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import plan_steps
from tests.worker.builders import (
    Watched,
    a_claimed_run,
    attempt,
    attempts,
    checkpoints_in,
    place_for,
    points,
    reports_in,
    trained,
)
from tests.worker.wild_runs import (
    CLEARLY_TOO_LARGE,
    EPOCHS,
    HOPELESS,
    STAGE,
    STEPS,
    STEPS_FALLEN,
    TODAY,
    a_wild_run,
    by_attempt,
    finish_of,
    live_points,
    rollbacks_in,
    tensors_of,
)
from worker.data.places import DataPlaces
from worker.job import LocalCheckpoint
from worker.spool import Report, Stopped


@pytest.fixture(scope="module")
def rolled_back(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Report]]:
    """A run that leaves the healthy range twice and then comes to its end."""
    scratch = tmp_path_factory.mktemp("whole") / "one"
    return scratch, attempt(a_wild_run("roll_back"), scratch)


def test_a_run_that_stops_at_a_divergence_says_at_which_step(tmp_path: Path) -> None:
    reports = attempt(a_wild_run("stop"), tmp_path / "one")
    finish = finish_of(reports)
    assert (finish.outcome, finish.reason) == ("diverged", "")
    assert STAGE < finish.step < STEPS
    assert max(points(reports, "train")) == finish.step


def test_the_loss_average_is_told_on_its_way_to_the_limit(tmp_path: Path) -> None:
    """Where steps are handed out, at the latest at the step that the detector stopped at."""
    reports = attempt(a_wild_run("stop"), tmp_path / "one")
    watch = points(reports, "watch")
    assert set(points(reports, "evaluation")) - {0} <= set(watch)
    *before, last = watch.values()
    assert max(watch) == finish_of(reports).step
    assert last["average"] > last["limit"] > last["best"]
    assert all(one["best"] <= one["average"] <= one["limit"] for one in before)


def test_a_run_goes_back_to_its_stage_with_half_the_rate_and_recovers(
    rolled_back: tuple[Path, list[Report]],
) -> None:
    _, reports = rolled_back
    first, second = rollbacks_in(reports)
    assert (first.to_step, first.rate_factor) == (STAGE, 1 / 2)
    assert (second.to_step, second.rate_factor) == (STAGE, 1 / 4)
    parts = by_attempt(reports)
    assert max(points(parts[0], "train")) == first.at_step
    for part, back in zip(parts[1:], (first, second), strict=True):
        train = points(part, "train")
        assert min(train) == STAGE + 1
        in_between = math.sqrt(0.05 * CLEARLY_TOO_LARGE)
        rate = train[STAGE + 1]["learning_rate"]
        assert rate == pytest.approx(in_between * back.rate_factor)
        assert STAGE not in points(part, "evaluation")
    finish = finish_of(reports)
    assert (finish.outcome, finish.step) == ("succeeded", STEPS)
    assert finish.final_metrics["test_accuracy"] > 0.7


def test_the_next_attempt_saves_the_stage_s_start_with_an_empty_momentum_buffer(
    rolled_back: tuple[Path, list[Report]],
) -> None:
    scratch, reports = rolled_back
    saved = checkpoints_in(scratch, list(reports))
    paths = [record.path for record in reports if isinstance(record, CheckpointRecord)]
    run_id = a_claimed_run().run_id
    names = ["a1/step-136", "a2/step-136", "a3/step-136", "a3/step-272"]
    assert paths == [f"{run_id}/{name}" for name in names]
    before, after = tensors_of(saved[-1]), tensors_of(saved[-2])
    assert torch.equal(before["parameters"], after["parameters"])
    assert before["momentum"].abs().max() > 0
    assert not after["momentum"].any()


def test_every_attempt_counts_its_chunks_and_its_seconds_anew(
    rolled_back: tuple[Path, list[Report]],
) -> None:
    _, reports = rolled_back
    for part in by_attempt(reports):
        chunks = [report for report in part if hasattr(report, "seq")]
        assert [chunk.seq for chunk in chunks] == list(range(len(chunks)))
        last = part[-1]
        assert isinstance(last, RolledBack | Finish)
        assert last.wall_clock_s >= max(chunk.wall_clock_s for chunk in chunks) > 0
        costs = [read["curvature_cost_s"] for read in points(part, "meters").values()]
        assert all(cost is not None and cost <= last.wall_clock_s for cost in costs)


def test_a_run_that_no_rate_saves_has_diverged_after_two_rollbacks(tmp_path: Path) -> None:
    reports = attempt(a_wild_run("roll_back", largest=HOPELESS), tmp_path / "one")
    assert [back.rate_factor for back in rollbacks_in(reports)] == [1 / 2, 1 / 4]
    finish = finish_of(reports)
    assert (finish.outcome, finish.reason) == ("diverged", "diverged_after_rollbacks")
    assert finish.step > STAGE


def test_a_run_whose_first_stage_diverges_goes_back_to_its_very_start(tmp_path: Path) -> None:
    run = a_wild_run("roll_back")
    wild_at_once = dataclasses.replace(
        a_wild_run("roll_back").schedule, learning_rate=LearningRate(initial=0.3)
    )
    reports = attempt(dataclasses.replace(run, schedule=wild_at_once, epochs=2), tmp_path / "one")
    (back,) = rollbacks_in(reports)
    assert (back.to_step, back.rate_factor) == (0, 1 / 2)
    calm = dataclasses.replace(run, schedule=wild_at_once, epochs=2, rate_multiplier=0.5)
    from_the_seed = attempt(calm, tmp_path / "two")
    assert points(by_attempt(reports)[1], "train") == points(from_the_seed, "train")
    assert finish_of(reports).final_metrics == finish_of(from_the_seed).final_metrics


def test_a_run_falls_back_on_the_baseline_from_the_same_sample_on(tmp_path: Path) -> None:
    run = a_wild_run("fall_back")
    reports = attempt(run, tmp_path / "one")
    (back,) = rollbacks_in(reports)
    assert (back.to_step, back.rate_factor, back.follows) == (STAGE, 1.0, "today")
    assert run.schedule is not None
    own, today = (
        plan_steps(schedule, training_samples=1078, epochs=EPOCHS)
        for schedule in (run.schedule, TODAY)
    )
    executed = executed_table(own, (back,), fall_back=today)
    train = live_points(by_attempt(reports), "train")
    assert list(train) == list(range(1, STEPS_FALLEN + 1))
    assert [point["learning_rate"] for point in train.values()] == executed.learning_rate.tolist()
    assert [point["batch_size"] for point in train.values()] == executed.batch_size.tolist()
    evaluated = live_points(by_attempt(reports), "evaluation")
    assert list(evaluated) == [0, 68, 136, *(STAGE + 45 * epoch for epoch in (1, 2, 3, 4))]
    finish = finish_of(reports)
    assert (finish.outcome, finish.step) == ("succeeded", STEPS_FALLEN)


def test_a_fall_back_that_diverges_too_has_diverged(tmp_path: Path) -> None:
    wild = dataclasses.replace(TODAY, learning_rate=LearningRate(initial=HOPELESS))
    reports = attempt(a_wild_run("fall_back", fall_back=wild), tmp_path / "one")
    assert len(rollbacks_in(reports)) == 1
    finish = finish_of(reports)
    assert (finish.outcome, finish.reason) == ("diverged", "diverged_after_fall_back")


def before_any_new_checkpoint(
    rolled_back: tuple[Path, list[Report]],
) -> tuple[ClaimedRun, tuple[LocalCheckpoint, ...], list[list[Report]]]:
    """Killed right after the first rollback: only the first attempt left checkpoints."""
    scratch, reports = rolled_back
    first = by_attempt(reports)[0]
    run = dataclasses.replace(
        a_wild_run("roll_back"), attempt=3, rollbacks=(rollbacks_in(reports)[0],)
    )
    return run, checkpoints_in(scratch, first), [first]


@pytest.mark.parametrize("kept", ["stage", "nothing"])
def test_a_kill_right_after_a_rollback_changes_no_bit(
    kept: str, rolled_back: tuple[Path, list[Report]], tmp_path: Path
) -> None:
    _, whole = rolled_back
    run, saved, before = before_any_new_checkpoint(rolled_back)
    again = attempt(run, tmp_path / "again", checkpoints=saved if kept == "stage" else ())
    assert again[0] == AttemptStart(from_step=STAGE if kept == "stage" else 0, bundle_size=1)
    assert rollbacks_in(again) == rollbacks_in(whole)[1:]
    same_as(rolled_back, [*before, *by_attempt(again)], tmp_path / "again", again)


@pytest.mark.parametrize(("number", "at_step"), [(1, 150), (1, 200), (2, 137), (2, 190), (3, 250)])
def test_a_run_stopped_before_or_after_a_rollback_goes_on_bit_for_bit(
    number: int, at_step: int, rolled_back: tuple[Path, list[Report]], tmp_path: Path
) -> None:
    """Before it, the checkpoint carries the stage's start that a later divergence needs."""
    run = a_wild_run("roll_back")
    place_for(tmp_path / "first")
    context = Watched(run, scratch=tmp_path / "first")

    def stop(step: int) -> None:
        if (context.attempt, step) == (number, at_step):
            context.ask_to_stop()

    trained([context], DataPlaces(cache_dir=tmp_path / "cache"), after_step=stop)
    first = reports_in(tmp_path / "first")
    assert isinstance(first[-1], Stopped)
    assert first[-1].step == at_step
    back = tuple(rollbacks_in(first))
    second = attempt(
        dataclasses.replace(run, attempt=number + 1, rollbacks=back),
        tmp_path / "second",
        checkpoints=checkpoints_in(tmp_path / "first", first)[:1],
    )
    assert second[0] == AttemptStart(from_step=at_step, bundle_size=1)
    assert (*back, *rollbacks_in(second)) == tuple(rollbacks_in(rolled_back[1]))
    parts = [*by_attempt(first), *by_attempt(second)]
    same_as(rolled_back, parts, tmp_path / "second", second)


def same_as(
    whole: tuple[Path, list[Report]],
    parts: Sequence[list[Report]],
    scratch: Path,
    last: list[Report],
) -> None:
    """Weights, test metrics and every live point are those of the undisturbed run."""
    for group in ("train", "evaluation"):
        assert live_points(parts, group) == live_points(by_attempt(whole[1]), group)
    assert finish_of(last).final_metrics == finish_of(whole[1]).final_metrics
    expected = tensors_of(checkpoints_in(*whole)[0])
    found = tensors_of(checkpoints_in(scratch, last)[0])
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_a_member_that_goes_back_leaves_its_bundle_and_goes_on_alone(tmp_path: Path) -> None:
    """At a tenth of the rate the other member stays healthy; it is trained to its end."""
    wild = dataclasses.replace(a_wild_run("roll_back"), run_id="wild")
    calm = dataclasses.replace(a_wild_run("roll_back"), run_id="calm", rate_multiplier=0.1)
    told = attempts([wild, calm], tmp_path / "bundle", execution="batched")
    (back,) = rollbacks_in(told[0])
    released = finish_of(told[0])
    assert (released.outcome, released.step, released.reason) == (
        "released",
        back.to_step,
        "left_bundle",
    )
    saved = checkpoints_in(tmp_path / "bundle" / "0", told[0])
    assert saved[0].folder.parent.name == "a2"
    assert not tensors_of(saved[0])["momentum"].any()
    assert rollbacks_in(told[1]) == []
    assert (finish_of(told[1]).outcome, finish_of(told[1]).step) == ("succeeded", STEPS)
    alone = attempt(
        dataclasses.replace(wild, attempt=3, rollbacks=(back,)),
        tmp_path / "alone",
        checkpoints=saved,
    )
    assert alone[0] == AttemptStart(from_step=back.to_step, bundle_size=1)
    assert finish_of(alone).step == STEPS
