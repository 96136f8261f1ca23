"""Attempts trained together: each is what it is alone, and leaves when it is its own time."""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import Execution
from planner.exchange.work import AttemptStart, CheckpointRecord, ClaimedRun, Finish
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import Schedule
from tests.worker.builders import (
    GROWING,
    Watched,
    a_claimed_run,
    attempt,
    attempts,
    checkpoints_in,
    place_for,
    points,
    trained,
)
from worker.control import Control
from worker.data.places import DataPlaces
from worker.spool import Report, Stopped
from worker.training import checkpoint
from worker.workloads.digits_mlp import DigitsMlp

MEMBERS = ((11, 1.0), (12, 1.0), (11, 0.5))
"""Seeds and rate multipliers: two seeds, and a rate of its own for one of them."""

EPOCHS = 2


def constant(batch_size: int) -> Schedule:
    return Schedule(
        name=f"constant {batch_size}",
        learning_rate=LearningRate(initial=0.01, decay="cosine"),
        batch_size=BatchSize(initial=batch_size),
    )


def some_runs(**changes: Any) -> list[ClaimedRun]:
    return [
        a_claimed_run(
            **{"run_id": f"run-{number}", "seed": seed, "rate_multiplier": rate, **changes}
        )
        for number, (seed, rate) in enumerate(MEMBERS)
    ]


def newest(scratch: Path, reports: list[Report]) -> dict[str, torch.Tensor]:
    saved = checkpoints_in(scratch, reports)[0]
    return checkpoint.load(saved.folder, sha256=saved.sha256, size_bytes=saved.size_bytes)[0]


def assert_alike(tmp_path: Path, runs: Sequence[ClaimedRun], execution: Execution) -> None:
    """Weights, momentum, losses and metrics of a bundle's members are those of runs alone."""
    together = attempts(runs, tmp_path / "together", execution=execution)
    for number, (run, reports) in enumerate(zip(runs, together, strict=True)):
        alone = attempt(run, tmp_path / f"alone-{number}")
        ours = newest(tmp_path / "together" / str(number), reports)
        theirs = newest(tmp_path / f"alone-{number}", alone)
        assert ours.keys() == theirs.keys()
        for name in ("parameters", "momentum"):
            apart = torch.linalg.vector_norm(ours[name] - theirs[name])
            assert apart <= 1e-6 * torch.linalg.vector_norm(theirs[name]), name
        same_points(reports, alone)


def same_points(ours: list[Report], theirs: list[Report], *, rel: float = 1e-5) -> None:
    for group in ("train", "evaluation"):
        mine, others = points(ours, group), points(theirs, group)
        assert list(mine) == list(others)
        for step, values in others.items():
            assert mine[step] == pytest.approx(values, rel=rel), (group, step)


SHAPES = {
    "batch 8, the last of an epoch holds 6": {"schedule": constant(8)},
    "batch 100, the last of an epoch holds 78": {"schedule": constant(100)},
    "a growing batch": {"schedule": GROWING},
    "micro-batches": {
        "schedule": constant(100),
        "micro_batch_plan": MicroBatchPlan(largest_micro_batch_size=33),
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_members_are_what_they_are_alone(shape: str, tmp_path: Path) -> None:
    assert_alike(tmp_path, some_runs(epochs=EPOCHS, **SHAPES[shape]), "batched")


@pytest.mark.parametrize("form", ["normalised", "nesterov"])
def test_in_every_momentum_form(form: MomentumForm, tmp_path: Path) -> None:
    runs = some_runs(epochs=EPOCHS, schedule=constant(64), momentum_form=form)
    assert_alike(tmp_path, runs, "batched")


def test_mapped_members_are_what_they_are_alone(tmp_path: Path) -> None:
    assert_alike(tmp_path, some_runs(epochs=EPOCHS, schedule=constant(100)), "mapped")


def test_a_bundle_is_resumed_and_so_is_a_member_alone(tmp_path: Path) -> None:
    runs = some_runs()
    whole = attempts(runs, tmp_path / "whole", execution="batched")
    first = attempts(runs, tmp_path / "first", execution="batched", stop_at=20)
    saved = [
        checkpoints_in(tmp_path / "first" / str(number), reports)
        for number, reports in enumerate(first)
    ]
    again = [dataclasses.replace(run, attempt=2) for run in runs]
    second = attempts(again, tmp_path / "second", execution="batched", checkpoints=saved)
    for before, after, undisturbed in zip(first, second, whole, strict=True):
        assert isinstance(before[-1], Stopped)
        assert before[-1].step == 20
        assert after[0] == AttemptStart(from_step=20, bundle_size=3)
        for group in ("train", "evaluation"):
            assert points(before, group) | points(after, group) == points(undisturbed, group)
    alone = attempt(again[1], tmp_path / "alone", checkpoints=saved[1])
    assert alone[0] == AttemptStart(from_step=20, bundle_size=1)
    same_points(alone, second[1])


def test_members_that_stand_at_different_steps_take_turns(tmp_path: Path) -> None:
    runs = some_runs()
    whole = attempts(runs, tmp_path / "whole", execution="batched")
    saved = checkpoints_in(tmp_path / "whole" / "2", whole[2])[1:]
    later = attempts(runs, tmp_path / "later", execution="batched", checkpoints=[(), (), saved])
    assert [reports[0] for reports in later] == [
        AttemptStart(from_step=0, bundle_size=2),
        AttemptStart(from_step=0, bundle_size=2),
        AttemptStart(from_step=26, bundle_size=1),
    ]
    for now, before in zip(later[:2], whole[:2], strict=True):
        same_points(now, before)
    assert all(outcome_of(reports) == "succeeded" for reports in later)


def outcome_of(reports: list[Report]) -> str:
    end = reports[-1]
    assert isinstance(end, Finish)
    return end.outcome


def test_a_member_that_is_asked_to_stop_leaves_alone(tmp_path: Path) -> None:
    def cancel_the_second(step: int) -> None:
        if step == 20:
            control = Control(tmp_path / "bundle" / "1" / "control")
            control.ask_to_stop()
            control.close()

    runs = some_runs()
    first, second, third = attempts(
        runs, tmp_path / "bundle", execution="batched", after_step=cancel_the_second
    )
    record, stopped = second[-2:]
    assert isinstance(record, CheckpointRecord)
    assert isinstance(stopped, Stopped)
    assert record.step == stopped.step == 20
    undisturbed = attempts(runs, tmp_path / "whole", execution="batched")
    for reports, whole in ((first, undisturbed[0]), (third, undisturbed[2])):
        assert outcome_of(reports) == "succeeded"
        same_points(reports, whole)


def test_a_fenced_member_leaves_without_a_word_and_the_others_go_on(tmp_path: Path) -> None:
    def fence_the_first(step: int) -> None:
        if step == 20:
            control = Control(tmp_path / "bundle" / "0" / "control")
            control.fence()
            control.close()

    runs = some_runs()
    first, second, third = attempts(
        runs, tmp_path / "bundle", execution="batched", after_step=fence_the_first
    )
    assert max(points(first, "train")) <= 20
    assert not any(isinstance(report, Finish | Stopped) for report in first)
    assert outcome_of(second) == outcome_of(third) == "succeeded"
    same_points(second, attempt(runs[1], tmp_path / "alone"))


def test_all_members_leave_a_checkpoint_of_one_step_when_the_trainer_is_asked(
    tmp_path: Path,
) -> None:
    for reports in attempts(some_runs(), tmp_path / "b", execution="batched", stop_at=19):
        record, stopped = reports[-2:]
        assert isinstance(record, CheckpointRecord)
        assert isinstance(stopped, Stopped)
        assert record.step == stopped.step == 19


def test_a_member_that_diverges_ends_and_the_others_go_on(tmp_path: Path) -> None:
    runs = some_runs(schedule=constant(8))
    runs[1] = dataclasses.replace(runs[1], rate_multiplier=150.0)
    first, second, third = attempts(runs, tmp_path / "bundle", execution="batched")
    assert (outcome_of(first), outcome_of(second), outcome_of(third)) == (
        "succeeded",
        "diverged",
        "succeeded",
    )
    end = second[-1]
    assert isinstance(end, Finish)
    assert list(points(second, "train")) == list(range(1, end.step + 1))
    without = attempts([runs[0], runs[2]], tmp_path / "without", execution="batched")
    same_points(first, without[0])
    same_points(third, without[1])


def test_a_member_whose_loss_is_not_finite_ends_and_the_others_go_on(tmp_path: Path) -> None:
    runs = some_runs()
    runs[0] = dataclasses.replace(runs[0], rate_multiplier=1e30)
    outcomes = [outcome_of(some) for some in attempts(runs, tmp_path / "b", execution="batched")]
    assert outcomes == ["diverged", "succeeded", "succeeded"]


def test_a_member_with_an_error_of_its_own_fails_alone(tmp_path: Path) -> None:
    def lose_the_place_of_the_third(step: int) -> None:
        if step == 10:
            (tmp_path / "bundle" / "2" / "checkpoints").write_text("in the way")

    runs = some_runs()
    reports = attempts(
        runs, tmp_path / "bundle", execution="batched", after_step=lose_the_place_of_the_third
    )
    assert [outcome_of(some) for some in reports] == ["succeeded", "succeeded", "failed"]


def test_runs_with_other_steps_are_no_bundle_and_all_are_trained(tmp_path: Path) -> None:
    runs = [a_claimed_run(schedule=constant(64)), a_claimed_run(schedule=constant(128), seed=12)]
    runs += [a_claimed_run(schedule=constant(64), seed=13)]
    together = attempts(runs, tmp_path / "bundle", execution="batched")
    for number, (run, reports) in enumerate(zip(runs, together, strict=True)):
        same_points(reports, attempt(run, tmp_path / f"alone-{number}"))


class Dropping(DigitsMlp):
    """A model with chance in it."""

    def network(self) -> torch.nn.Module:
        return torch.nn.Sequential(super().network(), torch.nn.Dropout(0.1))


@pytest.mark.parametrize("execution", ["batched", "mapped"])
def test_a_model_with_chance_is_trained_one_run_after_the_other(
    execution: Execution, tmp_path: Path
) -> None:
    runs = some_runs()
    together = attempts(runs, tmp_path / "t", execution=execution, workload=Dropping())
    for number, (run, reports) in enumerate(zip(runs, together, strict=True)):
        alone = attempt(run, tmp_path / f"alone-{number}", workload=Dropping())
        assert reports[0] == AttemptStart(from_step=0, bundle_size=1)
        assert points(reports, "train") == points(alone, "train")
        assert points(reports, "evaluation") == points(alone, "evaluation")


def test_the_members_clocks_add_up_to_the_bundles_time(tmp_path: Path) -> None:
    moments = []

    def stop_the_second(step: int) -> None:
        moments.append(time.monotonic())
        if step == 20:
            contexts[1].ask_to_stop()

    contexts = []
    for number, run in enumerate(some_runs()):
        place_for(tmp_path / str(number))
        contexts.append(Watched(run, scratch=tmp_path / str(number)))
    began = time.monotonic()
    trained(
        contexts,
        DataPlaces(cache_dir=tmp_path / "cache"),
        execution="batched",
        after_step=stop_the_second,
    )
    ended = time.monotonic()
    first, second, third = [context.clock.seconds() for context in contexts]
    assert first == pytest.approx(third)
    assert 0 < second < first
    assert moments[-1] - moments[0] <= first + second + third <= ended - began
