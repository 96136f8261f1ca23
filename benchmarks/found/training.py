"""Runs trained by the worker's own trainer, and what they reported."""

import math
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from planner.devices.throughput import Execution, Precision, ThroughputCurve
from planner.exchange.series import SeriesChunk
from planner.exchange.work import ClaimedRun, Finish
from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.divergence import RolledBack
from planner.pilots.pilot import Divergence, Pilot, Target
from planner.pilots.run import Attempt, Purpose, Run
from planner.schedules.schedule import Schedule
from worker.control import Control
from worker.data.places import DataPlaces
from worker.device import describe_device, describe_versions
from worker.probing.probe import probe
from worker.spool import Report, SpoolReader
from worker.training.run_context import RunContext
from worker.training.trainer import train
from worker.workloads.contract import TrainingWorkload

SELDOM_S = 3600.0
"""Between two checkpoints that no stage asks for."""

STOP = Divergence(policy="stop")

ANY_TARGET = Target(metric="validation_loss", value=1.0, direction="below")
"""A trainer trains to the end whatever the target is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A run and all its batch losses.

    Attributes:
        record: As the review takes it.
        losses: Mean loss of every step's batch; infinite where it was not finite.
        rollbacks: Times that it went back; only what came after the last one counts here.
    """

    record: RunRecord
    losses: NDArray[np.float64]
    rollbacks: int = 0


class Laboratory:
    """A place to train in: one thread of this process, one workload.

    Args:
        workload: What is trained.
        places: Where its data are.
        folder: For scratch files.
        device: As torch names it.
        precision: Of the arithmetic.

    Attributes:
        training_s: CPU seconds of this thread that the last training took; to read back what it
            reported is a supervisor's work, and not in it.
    """

    def __init__(
        self,
        workload: TrainingWorkload,
        places: DataPlaces,
        folder: Path,
        *,
        device: str = "cpu",
        precision: Precision = "float32",
    ) -> None:
        self.workload = workload
        self._places = places
        self._folder = folder
        self._device = device
        self._precision = precision
        self.training_s = 0.0

    def throughput(self) -> ThroughputCurve:
        """The workload's curve, measured as the worker's probe measures it."""
        device = describe_device("cpu" if self._device == "cpu" else "cuda:0")
        run = self._claimed(None, multiplier=1.0, seed=0, epochs=1, purpose="probe")
        with ExitStack() as opened:
            scratch, (context,) = self._contexts([run], opened)
            probe(
                context,
                self.workload,
                places=self._places,
                device=device,
                versions=describe_versions(),
            )
            (curve,) = [one for one in _reports(scratch / "0") if isinstance(one, ThroughputCurve)]
        return curve

    def train(
        self,
        schedule: Schedule,
        runs: Iterable[tuple[float, int]],
        *,
        epochs: int,
        purpose: Purpose,
        workload: TrainingWorkload | None = None,
        divergence: Divergence = STOP,
        execution: Execution = "batched",
    ) -> list[Trained]:
        """Trains one schedule at several multipliers and seeds, together where the model allows it.

        Args:
            schedule: Of all of them.
            runs: Rate multiplier and seed of each.
            epochs: Of each.
            purpose: What their seeds serve.
            workload: Instead of the laboratory's own.
            divergence: What happens to those that diverge; one that goes back must be alone.
            execution: How several are trained.
        """
        claimed = [
            replace(
                self._claimed(
                    schedule, multiplier=multiplier, seed=seed, epochs=epochs, purpose=purpose
                ),
                divergence=divergence,
            )
            for multiplier, seed in runs
        ]
        with ExitStack() as opened:
            scratch, contexts = self._contexts(claimed, opened)
            began_s = time.thread_time()
            train(contexts, workload or self.workload, places=self._places, execution=execution)
            self.training_s = time.thread_time() - began_s
            return [
                _trained(run, list(_reports(scratch / str(place))))
                for place, run in enumerate(claimed)
            ]

    def _contexts(
        self, runs: Sequence[ClaimedRun], opened: ExitStack
    ) -> tuple[Path, list[RunContext]]:
        scratch = Path(tempfile.mkdtemp(dir=self._folder))
        opened.callback(shutil.rmtree, scratch)
        contexts = []
        for place, run in enumerate(runs):
            own = scratch / str(place)
            own.mkdir()
            Control.create(own / "control", deadline=math.inf).close()
            context = RunContext(run, scratch=own, device=self._device, checkpoint_every_s=SELDOM_S)
            contexts.append(opened.enter_context(closing(context)))
        return scratch, contexts

    def _claimed(
        self,
        schedule: Schedule | None,
        *,
        multiplier: float,
        seed: int,
        epochs: int,
        purpose: Purpose,
    ) -> ClaimedRun:
        return ClaimedRun(
            run_id=_run_id(schedule, multiplier, seed),
            attempt=1,
            attempt_token="",
            purpose=purpose,
            workload=self.workload.name,
            schedule=schedule,
            rate_multiplier=multiplier,
            seed=seed,
            epochs=epochs,
            evaluate_every="1ep",
            momentum_form="heavy_ball",
            micro_batch_plan=None,
            target=ANY_TARGET,
            divergence=STOP,
            checkpoints=(),
            precision=self._precision,
        )


def sweep(
    laboratory: Laboratory, pilot: Pilot, multipliers: Sequence[float], seeds: Sequence[int]
) -> list[Trained]:
    """Every schedule of a pilot at every multiplier on every seed, for the selection."""
    return [
        trained
        for schedule in pilot.schedules
        for trained in laboratory.train(
            schedule,
            [(multiplier, seed) for multiplier in multipliers for seed in seeds],
            epochs=pilot.budget.epochs,
            purpose="selection",
        )
    ]


def _run_id(schedule: Schedule | None, multiplier: float, seed: int) -> str:
    """Also a part of a path, hence letters and digits only."""
    name = "probe" if schedule is None else re.sub("[^a-z]+", "-", schedule.name)
    return f"{name}-{round(1000 * multiplier)}-{seed}"


def _reports(scratch: Path) -> Iterator[Report]:
    with closing(SpoolReader(scratch / "spool")) as reader:
        while (report := reader.peek()) is not None:
            yield report
            reader.acknowledge()


def _trained(run: ClaimedRun, reports: Sequence[Report]) -> Trained:
    """A failed run is an error here: nothing of it is to be counted."""
    ends = [place for place, report in enumerate(reports) if isinstance(report, RolledBack)]
    after = reports[ends[-1] :] if ends else reports
    (finish,) = [report for report in after if isinstance(report, Finish)]
    if run.schedule is None or finish.outcome not in ("succeeded", "diverged"):
        raise RuntimeError(f"{run.run_id} {finish.outcome}: {finish.detail}")
    chunks = [report for report in after if isinstance(report, SeriesChunk)]
    measurements = tuple(
        Measurement(step=step, metrics=_of_place(chunk, place))
        for chunk in chunks
        if chunk.group == "evaluation"
        for place, step in enumerate(chunk.steps)
    )
    losses = [
        math.inf if loss is None else loss
        for chunk in chunks
        if chunk.group == "train"
        for loss in chunk.columns["batch_loss"]
    ]
    return Trained(
        record=RunRecord(
            run_id=run.run_id,
            run=Run(
                schedule=run.schedule.name,
                rate_multiplier=run.rate_multiplier,
                seed=run.seed,
                purpose=run.purpose,
            ),
            status=finish.outcome,
            attempts=(
                Attempt(number=1, from_step=0, to_step=finish.step, evaluations=len(measurements)),
            ),
            measurements=measurements,
            final_metrics=finish.final_metrics,
        ),
        losses=np.array(losses),
        rollbacks=len(ends),
    )


def _of_place(chunk: SeriesChunk, place: int) -> dict[str, float]:
    """The values of one point that were finite."""
    return {
        name: value
        for name, values in chunk.columns.items()
        if (value := values[place]) is not None
    }
