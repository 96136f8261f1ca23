"""Several ranks are one run: the same steps, whatever their number, to the last digits of sums."""

from pathlib import Path

import pytest
import torch

from planner.devices.batch_plan import MicroBatchPlan
from planner.exchange.work import AttemptStart, ClaimedRun, Finish
from tests.worker.builders import GROWING_STEPS, a_claimed_run, points
from tests.worker.training.ranked import Exact, Normalised, Shaken, Trained, trained_by
from worker.training.ranks import Ranks

TOLERANCE = 1e-10
"""Relative and absolute, of weights in double precision: sums are made in another order."""

LOSS_TOLERANCE = 1e-6
"""Losses are reported in single precision."""

ACCUMULATING = a_claimed_run(micro_batch_plan=MicroBatchPlan(largest_micro_batch_size=30))
"""A step of 64 is 3 micro-batches on one device, 2 on each of 2, and one on each of 4."""


def same(one: Trained, other: Trained) -> None:
    """They ended in the same state, and saw the same losses and metrics on the way."""
    ours, theirs = one.state(), other.state()
    for name in ("parameters", "momentum"):
        torch.testing.assert_close(ours[name], theirs[name], rtol=TOLERANCE, atol=TOLERANCE)
    assert torch.equal(ours["generator.augmentation"], theirs["generator.augmentation"])
    for group in ("train", "evaluation"):
        mine, yours = points(one.reports, group), points(other.reports, group)
        assert list(mine) == list(yours)
        for step, values in mine.items():
            assert values == pytest.approx(yours[step], rel=LOSS_TOLERANCE, abs=LOSS_TOLERANCE)


@pytest.mark.parametrize(
    ("count", "workload", "run"),
    [
        pytest.param(2, Shaken(), ACCUMULATING, id="two, accumulated and augmented"),
        pytest.param(4, Exact(), ACCUMULATING, id="four, accumulated"),
        pytest.param(2, Exact(), a_claimed_run(), id="two", marks=pytest.mark.slow),
        pytest.param(4, Exact(), a_claimed_run(), id="four", marks=pytest.mark.slow),
        pytest.param(
            4, Shaken(), ACCUMULATING, id="four, accumulated, augmented", marks=pytest.mark.slow
        ),
    ],
)
def test_several_ranks_make_the_run_that_one_makes(
    tmp_path: Path, count: int, workload: Exact, run: ClaimedRun
) -> None:
    alone = trained_by(1, run, tmp_path / "1", workload=workload)
    assert len(points(alone.reports, "train")) == GROWING_STEPS
    same(trained_by(count, run, tmp_path / "several", workload=workload), alone)


def test_three_ranks_take_uneven_shares_of_sixty_four(tmp_path: Path) -> None:
    """64 = 21 + 21 + 22; the last step of an epoch takes 54 or 12 or what is left."""
    assert [Ranks(rank=rank, count=3).share(64) for rank in range(3)] == [21, 21, 22]
    run = a_claimed_run()
    alone = trained_by(1, run, tmp_path / "1", workload=Exact())
    same(trained_by(3, run, tmp_path / "3", workload=Exact()), alone)


@pytest.mark.parametrize("items", [1, 2, 3, 64, 65, 1078])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_every_item_of_a_step_is_one_ranks_and_only_its(items: int, count: int) -> None:
    parts = [list(range(items))[Ranks(rank=rank, count=count).part(items)] for rank in range(count)]
    assert [item for part in parts for item in part] == list(range(items))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_only_the_first_rank_speaks(tmp_path: Path) -> None:
    done = trained_by(3, a_claimed_run(), tmp_path / "3", workload=Exact())
    starts = [report for report in done.reports if isinstance(report, AttemptStart)]
    ends = [report for report in done.reports if isinstance(report, Finish)]
    assert starts == [AttemptStart(from_step=0, bundle_size=1)]
    assert [end.outcome for end in ends] == ["succeeded"]
    assert set(ends[0].final_metrics) == {"test_loss", "test_accuracy"}
    said = sorted(done.scratch.glob("failure-of-rank-*"))
    assert [file.stat().st_size for file in said] == [0, 0]
    assert list(points(done.reports, "train")) == list(range(1, GROWING_STEPS + 1))


def test_a_run_goes_on_with_another_number_of_ranks(tmp_path: Path) -> None:
    """Stages begin at steps 17 and 26: one device, then two, then four, as planned."""
    run = a_claimed_run()
    alone = trained_by(1, run, tmp_path / "alone", workload=Shaken())
    reports, left = [], ()
    for attempt, (count, until) in enumerate([(1, 17), (2, 26), (4, None)], start=1):
        part = a_claimed_run(attempt=attempt, until_step=until)
        trained = trained_by(
            count, part, tmp_path / str(attempt), workload=Shaken(), checkpoints=left
        )
        reports += trained.reports
        left = trained.checkpoints
    ends = [report for report in reports if isinstance(report, Finish)]
    assert [(end.outcome, end.reason, end.step) for end in ends] == [
        ("released", "devices_change", 17),
        ("released", "devices_change", 26),
        ("succeeded", "", GROWING_STEPS),
    ]
    same(Trained(trained.scratch, reports), alone)


@pytest.mark.slow
def test_running_statistics_are_the_mean_of_all_ranks(tmp_path: Path) -> None:
    """Before it nothing is learned: its mean over equal parts is that of the whole."""
    run = a_claimed_run(epochs=1)
    alone = trained_by(1, run, tmp_path / "1", workload=Normalised())
    halves = trained_by(2, run, tmp_path / "2", workload=Normalised())
    name = "buffer.0.running_mean"
    torch.testing.assert_close(
        halves.state()[name], alone.state()[name], rtol=TOLERANCE, atol=TOLERANCE
    )
