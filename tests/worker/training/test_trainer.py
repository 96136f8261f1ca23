import dataclasses
import logging
import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from planner.devices.batch_plan import MicroBatchPlan
from planner.exchange.series import SeriesChunk
from planner.exchange.work import AttemptStart, CheckpointRecord, Finish
from planner.schedules.batch_size import BatchSize
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule, plan_steps
from tests.support.processes import wait_until
from tests.worker.builders import (
    FOR_EVER,
    GROWING,
    GROWING_STEPS,
    a_claimed_run,
    attempt,
    checkpoints_in,
    points,
)
from worker.control import Control
from worker.spool import Report, Stopped
from worker.training import checkpoint

PARKED_S = 0.3
"""Time in which a trainer that does not wait makes steps."""


def finish_of(reports: list[Report]) -> Finish:
    (finish,) = [report for report in reports if isinstance(report, Finish)]
    return finish


def last_checkpoint(scratch: Path, reports: list[Report]) -> dict[str, torch.Tensor]:
    newest = checkpoints_in(scratch, reports)[0]
    tensors, _ = checkpoint.load(newest.folder, sha256=newest.sha256, size_bytes=newest.size_bytes)
    return tensors


def test_a_run_reports_every_step_every_evaluation_and_the_test_metrics(tmp_path: Path) -> None:
    reports = attempt(a_claimed_run(), tmp_path / "one")
    assert reports[0] == AttemptStart(from_step=0, bundle_size=1)
    train = points(reports, "train")
    table = plan_steps(GROWING, training_samples=1078, epochs=3)
    assert list(train) == list(range(1, GROWING_STEPS + 1))
    assert [point["learning_rate"] for point in train.values()] == table.learning_rate.tolist()
    assert [point["batch_size"] for point in train.values()] == [64] * 17 + [128] * 9 + [256] * 5
    evaluation = points(reports, "evaluation")
    assert list(evaluation) == evaluation_steps("1ep", table).tolist() == [0, 17, 26, 31]
    assert evaluation[0]["train_loss"] == pytest.approx(math.log(10), abs=0.1)
    finish = finish_of(reports)
    assert (finish.outcome, finish.step) == ("succeeded", GROWING_STEPS)
    assert set(finish.final_metrics) == {"test_loss", "test_accuracy"}


def test_training_learns_the_digits(tmp_path: Path) -> None:
    reports = attempt(a_claimed_run(epochs=12, rate_multiplier=2.0), tmp_path / "one")
    first, *_, last = points(reports, "evaluation").values()
    assert last["validation_loss"] < first["validation_loss"] / 2
    assert finish_of(reports).final_metrics["test_accuracy"] > 0.8


def test_a_chunk_counts_up_and_reaches_the_api_before_the_checkpoint_that_follows_it(
    tmp_path: Path,
) -> None:
    reports = attempt(a_claimed_run(), tmp_path / "one")
    chunks = [report for report in reports if isinstance(report, SeriesChunk)]
    assert [chunk.seq for chunk in chunks] == list(range(len(chunks)))
    reported = 0
    for report in reports:
        if isinstance(report, SeriesChunk) and report.group == "train":
            reported = report.steps[-1]
        if isinstance(report, CheckpointRecord):
            assert report.step <= reported


def test_a_checkpoint_is_left_at_every_stage_and_at_the_end(tmp_path: Path) -> None:
    run = a_claimed_run()
    reports = attempt(run, tmp_path / "one")
    records = [report for report in reports if isinstance(report, CheckpointRecord)]
    assert [record.step for record in records] == [17, 26, 31]
    assert records[0].path == f"{run.run_id}/a1/step-17"


STAGE_EDGES = (1, 16, 17, 18, 26, 30)
INSIDE = np.random.default_rng(5).choice(np.arange(2, 30), 4, replace=False).tolist()


@pytest.mark.parametrize("stop_at", [*STAGE_EDGES, *INSIDE])
def test_a_run_that_was_stopped_anywhere_goes_on_bit_for_bit(stop_at: int, tmp_path: Path) -> None:
    run = a_claimed_run(evaluate_every="10ba")
    whole = attempt(run, tmp_path / "whole")
    first = attempt(run, tmp_path / "first", stop_at=stop_at)
    assert isinstance(first[-1], Stopped)
    assert first[-1].step == stop_at
    second = attempt(
        dataclasses.replace(run, attempt=2),
        tmp_path / "second",
        checkpoints=checkpoints_in(tmp_path / "first", first),
    )
    assert second[0] == AttemptStart(from_step=stop_at, bundle_size=1)
    for group in ("train", "evaluation"):
        assert points(first, group) | points(second, group) == points(whole, group)
        assert not points(first, group).keys() & points(second, group).keys()
    assert finish_of(second).final_metrics == finish_of(whole).final_metrics
    undisturbed = last_checkpoint(tmp_path / "whole", whole)
    resumed = last_checkpoint(tmp_path / "second", second)
    assert undisturbed.keys() == resumed.keys()
    assert all(torch.equal(undisturbed[name], resumed[name]) for name in undisturbed)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_run_whose_momentum_changes_goes_on_bit_for_bit(precision: str, tmp_path: Path) -> None:
    momentum = Momentum(value=0.85, shape="mirrored", final=0.95)
    run = a_claimed_run(
        schedule=dataclasses.replace(GROWING, momentum=momentum), precision=precision
    )
    whole = attempt(run, tmp_path / "whole")
    first = attempt(run, tmp_path / "first", stop_at=20)
    second = attempt(
        dataclasses.replace(run, attempt=2),
        tmp_path / "second",
        checkpoints=checkpoints_in(tmp_path / "first", first),
    )
    assert second[0] == AttemptStart(from_step=20, bundle_size=1)
    undisturbed = last_checkpoint(tmp_path / "whole", whole)
    resumed = last_checkpoint(tmp_path / "second", second)
    assert all(torch.equal(undisturbed[name], resumed[name]) for name in undisturbed)


def test_a_killed_run_repeats_what_its_checkpoint_does_not_hold(tmp_path: Path) -> None:
    run = a_claimed_run()
    whole = attempt(run, tmp_path / "whole")
    at_stage = checkpoints_in(tmp_path / "whole", whole)[1:2]
    again = attempt(dataclasses.replace(run, attempt=2), tmp_path / "again", checkpoints=at_stage)
    assert again[0] == AttemptStart(from_step=26, bundle_size=1)
    live = {step: point for step, point in points(whole, "train").items() if step <= 26}
    assert live | points(again, "train") == points(whole, "train")


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path: Path) -> None:
    run = a_claimed_run()
    whole = attempt(run, tmp_path / "whole")
    newest, middle, oldest = checkpoints_in(tmp_path / "whole", whole)
    (newest.folder / checkpoint.TENSORS).write_bytes(b"")
    (middle.folder / checkpoint.STATE).unlink()
    again = attempt(
        dataclasses.replace(run, attempt=2),
        tmp_path / "again",
        checkpoints=(newest, middle, oldest),
    )
    assert again[0] == AttemptStart(from_step=17, bundle_size=1)
    assert finish_of(again).final_metrics == finish_of(whole).final_metrics


def test_a_run_without_a_whole_checkpoint_starts_afresh(tmp_path: Path) -> None:
    run = a_claimed_run()
    whole = attempt(run, tmp_path / "whole")
    gone = checkpoints_in(tmp_path / "nowhere", whole)
    again = attempt(dataclasses.replace(run, attempt=2), tmp_path / "again", checkpoints=gone)
    assert again[0] == AttemptStart(from_step=0, bundle_size=1)
    assert points(again, "train") == points(whole, "train")


def test_frequent_checkpoints_change_nothing(tmp_path: Path) -> None:
    run = a_claimed_run(evaluate_every="0.5ep")
    rare = attempt(run, tmp_path / "rare")
    frequent = attempt(run, tmp_path / "frequent", checkpoint_every_s=0.0)
    saved = [report for report in frequent if isinstance(report, CheckpointRecord)]
    assert len(saved) == GROWING_STEPS
    assert points(frequent, "train") == points(rare, "train")
    assert points(frequent, "evaluation") == points(rare, "evaluation")


def test_schedules_on_one_seed_start_from_the_same_weights_and_see_the_same_samples(
    tmp_path: Path,
) -> None:
    constant = Schedule(
        name="constant",
        role="baseline",
        learning_rate=LearningRate(initial=0.05, decay="cosine"),
        batch_size=BatchSize(initial=64),
    )
    growing = attempt(a_claimed_run(epochs=2), tmp_path / "growing")
    same = attempt(a_claimed_run(epochs=2, schedule=constant), tmp_path / "constant")
    first_epoch = range(1, 17)
    ours, theirs = points(growing, "train"), points(same, "train")
    assert ours[1]["batch_loss"] == theirs[1]["batch_loss"]
    assert points(growing, "evaluation")[0] == points(same, "evaluation")[0]
    assert [ours[step] for step in first_epoch] == [theirs[step] for step in first_epoch]


def test_a_micro_batch_plan_changes_how_a_batch_is_executed_and_not_what_it_does(
    tmp_path: Path,
) -> None:
    whole = points(attempt(a_claimed_run(), tmp_path / "whole"), "train")
    plan = MicroBatchPlan(largest_micro_batch_size=50)
    split = points(attempt(a_claimed_run(micro_batch_plan=plan), tmp_path / "split"), "train")
    for step in whole:
        assert split[step]["batch_loss"] == pytest.approx(whole[step]["batch_loss"], rel=1e-3)


def test_a_run_whose_loss_leaves_the_healthy_range_has_diverged(tmp_path: Path) -> None:
    run = a_claimed_run(
        schedule=Schedule(
            name="too fast",
            learning_rate=LearningRate(initial=1.5),
            batch_size=BatchSize(initial=8),
        )
    )
    reports = attempt(run, tmp_path / "one")
    finish = finish_of(reports)
    assert finish.outcome == "diverged"
    assert list(points(reports, "train")) == list(range(1, finish.step + 1))
    often = attempt(run, tmp_path / "often", checkpoint_every_s=0.0)
    assert finish_of(often).step == finish.step
    assert points(often, "train") == points(reports, "train")


def test_a_run_that_its_last_step_broke_ends_without_the_metrics_that_it_lost(
    tmp_path: Path,
) -> None:
    one_step = Schedule(
        name="one step",
        learning_rate=LearningRate(initial=1e30),
        batch_size=BatchSize(initial=1078),
    )
    reports = attempt(a_claimed_run(schedule=one_step, epochs=1), tmp_path / "one")
    finish = finish_of(reports)
    assert (finish.outcome, finish.step) == ("succeeded", 1)
    assert set(finish.final_metrics) == {"test_accuracy"}


def test_a_trainer_past_its_deadline_waits_with_its_state_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run = a_claimed_run()
    undisturbed = attempt(run, tmp_path / "undisturbed")
    with once_parked(tmp_path / "parked", lambda control: control.extend(FOR_EVER), caplog):
        parked = attempt(run, tmp_path / "parked", deadline=0.0)
    assert points(parked, "train") == points(undisturbed, "train")
    assert finish_of(parked).outcome == "succeeded"


def test_a_fenced_trainer_leaves_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with once_parked(tmp_path / "fenced", Control.fence, caplog):
        reports = attempt(a_claimed_run(), tmp_path / "fenced", deadline=0.0)
    assert not any(isinstance(report, Finish | Stopped) for report in reports)


@contextmanager
def once_parked(
    scratch: Path, change: Callable[[Control], None], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Changes what a trainer shares with its supervisor, when it says that it is parked."""

    def act() -> None:
        wait_until(lambda: "parked at step" in caplog.text, what="a parked trainer")
        with closing(Control(scratch / "control")) as control:
            parked_at = control.step
            threading.Event().wait(PARKED_S)
            stayed = control.step == parked_at < GROWING_STEPS
            change(control)
        assert stayed

    with caplog.at_level(logging.INFO), ThreadPoolExecutor(1) as threads:
        acted = threads.submit(act)
        yield
        acted.result()
