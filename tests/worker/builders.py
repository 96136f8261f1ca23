"""Runs to train, a place to train them in, and what a trainer said there."""

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import torch

from planner.devices.throughput import Execution
from planner.exchange.series import SeriesChunk
from planner.exchange.work import CheckpointRecord, ClaimedRun
from planner.pilots.pilot import Divergence, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from worker.control import Control
from worker.data.places import DataPlaces
from worker.job import LocalCheckpoint
from worker.spool import Report, SpoolReader
from worker.training.arithmetic import as_trainers_compute
from worker.training.run_context import RunContext
from worker.training.trainer import train
from worker.workloads import WORKLOADS
from worker.workloads.contract import TrainingWorkload

AfterStep = Callable[[int], None]

FOR_EVER = float("inf")

GROWING = Schedule(
    name="growing batch",
    learning_rate=LearningRate(initial=0.05, decay="cosine"),
    batch_size=BatchSize(initial=64, growth=2, every_epochs=1, maximum=256),
)
"""Three epochs of 17 + 9 + 5 = 31 steps; stages start at steps 0, 17 and 26."""

GROWING_STEPS = 31


def a_claimed_run(**changes: Any) -> ClaimedRun:
    run = ClaimedRun(
        run_id="6f9b1f4e-1b0e-4c57-9d6a-0d3f4a3f8a11",
        attempt=1,
        attempt_token="",
        purpose="confirmation",
        workload="digits-mlp",
        schedule=GROWING,
        rate_multiplier=1.0,
        seed=11,
        epochs=3,
        evaluate_every="1ep",
        momentum_form="heavy_ball",
        micro_batch_plan=None,
        target=Target(metric="validation_loss", value=0.15, direction="below"),
        divergence=Divergence(),
        checkpoints=(),
    )
    return dataclasses.replace(run, **changes)


class Watched(RunContext):
    """Does something after every step, as a signal or another process would at that moment."""

    after_step: AfterStep | None = None

    def wants_attention(self, step: int) -> bool:
        if self.after_step is not None:
            self.after_step(step)
        return super().wants_attention(step)


def attempt(
    run: ClaimedRun,
    scratch: Path,
    *,
    stop_at: int = -1,
    deadline: float = FOR_EVER,
    workload: TrainingWorkload | None = None,
    places: DataPlaces | None = None,
    **settings: Any,
) -> list[Report]:
    """Trains one attempt in this process; everything it reported.

    ``workload`` and ``places`` are the run's own and a cache beside ``scratch`` unless given.
    """
    place_for(scratch, deadline=deadline)
    context = Watched(run, scratch=scratch, **settings)
    places = places or DataPlaces(cache_dir=scratch.parent / "cache")
    trained([context], places, workload=workload, stop_at=stop_at)
    return reports_in(scratch)


def attempts(
    runs: Sequence[ClaimedRun],
    folder: Path,
    *,
    stop_at: int = -1,
    after_step: AfterStep | None = None,
    checkpoints: Sequence[tuple[LocalCheckpoint, ...]] | None = None,
    workload: TrainingWorkload | None = None,
    execution: Execution = "sequential",
) -> list[list[Report]]:
    """Trains attempts in one trainer, each in a numbered folder; everything that each reported.

    ``stop_at`` and ``after_step`` go by the steps of the first of them.
    """
    places = [folder / str(number) for number in range(len(runs))]
    contexts = []
    for run, place, start in zip(runs, places, checkpoints or [()] * len(runs), strict=True):
        place_for(place)
        contexts.append(Watched(run, scratch=place, checkpoints=start))
    trained(
        contexts,
        DataPlaces(cache_dir=folder.parent / "cache"),
        workload=workload,
        execution=execution,
        stop_at=stop_at,
        after_step=after_step,
    )
    return [reports_in(place) for place in places]


def place_for(scratch: Path, *, deadline: float = FOR_EVER) -> None:
    """An attempt's folder, as a supervisor prepares it."""
    scratch.mkdir(parents=True)
    Control.create(scratch / "control", deadline=deadline).close()


def trained(
    contexts: Sequence[Watched],
    places: DataPlaces,
    *,
    workload: TrainingWorkload | None = None,
    execution: Execution = "sequential",
    stop_at: int = -1,
    after_step: AfterStep | None = None,
) -> None:
    """Trains attempts to their end in this process."""

    def watch(step: int) -> None:
        if after_step is not None:
            after_step(step)
        if step == stop_at:
            for context in contexts:
                context.ask_to_stop()

    contexts[0].after_step = watch
    with as_trainers_compute(), ExitStack() as files:
        for context in contexts:
            files.enter_context(closing(context))
        workload = workload or WORKLOADS[contexts[0].run.workload]
        train(contexts, workload, places=places, execution=execution)


def reports_in(scratch: Path) -> list[Report]:
    reader = SpoolReader(scratch / "spool")
    reports = []
    while (report := reader.peek()) is not None:
        reports.append(report)
        reader.acknowledge()
    reader.close()
    return reports


def points(reports: list[Report], group: str) -> dict[int, dict[str, float | None]]:
    """Values by name, by steps done; a step that is reported twice fails."""
    found: dict[int, dict[str, float | None]] = {}
    for chunk in reports:
        if isinstance(chunk, SeriesChunk) and chunk.group == group:
            for index, step in enumerate(chunk.steps):
                assert step not in found
                found[step] = {name: values[index] for name, values in chunk.columns.items()}
    return found


def checkpoints_in(scratch: Path, reports: list[Report]) -> tuple[LocalCheckpoint, ...]:
    """What a later attempt is given: the newest first."""
    records = [report for report in reports if isinstance(report, CheckpointRecord)]
    return tuple(
        LocalCheckpoint(
            step=record.step,
            folder=scratch.joinpath("checkpoints", *record.path.split("/")[1:]),
            sha256=record.sha256,
            size_bytes=record.size_bytes,
        )
        for record in reversed(records)
    )


torch.set_num_threads(1)
