"""Runs that are interrupted and go on elsewhere, compared with the same run undisturbed."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from planner.devices.batch_plan import MicroBatchPlan
from planner.exchange.work import AttemptStart, ClaimedRun, Finish
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule, plan_steps, stages
from tests.worker.builders import a_claimed_run, attempt, checkpoints_in, points
from worker.data.places import DataPlaces
from worker.spool import Report
from worker.training import checkpoint
from worker.workloads.contract import Splits, TrainingWorkload


class Few:
    """Another workload with few of its samples, so that a test can train it many times."""

    def __init__(self, workload: TrainingWorkload, *, training: int, others: int = 100) -> None:
        self._whole = workload
        self._sizes = {"training": training, "validation": others, "test": others}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def load(self, places: DataPlaces) -> Splits:
        return {
            name: (inputs[: self._sizes[name]], labels[: self._sizes[name]])
            for name, (inputs, labels) in self._whole.load(places).items()
        }


class Killed(BaseException):
    """The process is gone: nothing of the trainer's own handles it."""


class KilledInside(Few):
    """Dies at one of a step's micro-batches, once; the next attempt goes on with it.

    Args:
        micro_batch: Number, among all micro-batches of the run, at which it dies.
    """

    def __init__(self, workload: TrainingWorkload, *, micro_batch: int, **sizes: int) -> None:
        super().__init__(workload, **sizes)
        self._left = micro_batch

    @property
    def augmentation(self) -> Any:
        """Called for the micro-batches of training steps and for nothing else."""
        wrapped = self._whole.augmentation

        def dying(inputs: Tensor, generator: torch.Generator) -> Tensor:
            self._left -= 1
            if self._left == -1:
                raise Killed
            return inputs if wrapped is None else wrapped(inputs, generator)

        return dying


@dataclass(frozen=True)
class Whole:
    """An undisturbed run and what it came to."""

    run: ClaimedRun
    workload: TrainingWorkload
    places: DataPlaces
    reports: list[Report]
    tensors: dict[str, Tensor]

    @property
    def stage_starts(self) -> list[int]:
        table = plan_steps(
            self.run.schedule,
            training_samples=len(self.workload.load(self.places)["training"][1]),
            epochs=self.run.epochs,
        )
        return [stage.first_step for stage in stages(table)]


def growing(batch_size: int) -> Schedule:
    """Doubles its batch after each epoch."""
    return Schedule(
        name="growing batch",
        learning_rate=LearningRate(initial=0.02, decay="cosine"),
        batch_size=BatchSize(initial=batch_size, growth=2, every_epochs=1),
    )


def undisturbed(
    workload: TrainingWorkload,
    folder: Path,
    *,
    batch_size: int,
    places: DataPlaces,
    largest_micro_batch_size: int,
) -> Whole:
    """Two epochs of a growing batch in accumulated micro-batches."""
    run = a_claimed_run(
        workload=workload.name,
        schedule=growing(batch_size),
        epochs=2,
        evaluate_every="10ba",
        micro_batch_plan=MicroBatchPlan(largest_micro_batch_size=largest_micro_batch_size),
    )
    reports = attempt(run, folder / "whole", workload=workload, places=places)
    return Whole(run, workload, places, reports, newest_tensors(folder / "whole", reports))


def stopped_and_resumed(whole: Whole, folder: Path, *, stop_at: int) -> None:
    """Asks the run to leave after a step; what goes on from there ends as the whole one did."""
    common = {"workload": whole.workload, "places": whole.places}
    first = attempt(whole.run, folder / f"until-{stop_at}", stop_at=stop_at, **common)
    second = attempt(
        dataclasses.replace(whole.run, attempt=2),
        folder / f"from-{stop_at}",
        checkpoints=checkpoints_in(folder / f"until-{stop_at}", first),
        **common,
    )
    assert second[0] == AttemptStart(from_step=stop_at, bundle_size=1)
    for group in ("train", "evaluation"):
        assert points(first, group) | points(second, group) == points(whole.reports, group)
    ends_like(whole, folder / f"from-{stop_at}", second)


def ends_like(whole: Whole, scratch: Path, reports: list[Report]) -> None:
    """Weights, momentum, buffers, generators and test metrics are the same, bit for bit."""
    tensors = newest_tensors(scratch, reports)
    assert tensors.keys() == whole.tensors.keys()
    assert [name for name in tensors if not torch.equal(tensors[name], whole.tensors[name])] == []
    assert finish_of(reports).final_metrics == finish_of(whole.reports).final_metrics


def finish_of(reports: list[Report]) -> Finish:
    (finish,) = [report for report in reports if isinstance(report, Finish)]
    return finish


def newest_tensors(scratch: Path, reports: list[Report]) -> dict[str, Tensor]:
    newest = checkpoints_in(scratch, reports)[0]
    tensors, _ = checkpoint.load(newest.folder, sha256=newest.sha256, size_bytes=newest.size_bytes)
    return tensors
