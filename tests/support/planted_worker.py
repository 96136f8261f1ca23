"""A worker that trains nothing: its series come from a function, so the truth is known.

It speaks to the real API over HTTP as any worker does: it registers, claims, posts throughput or
series, and finishes.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

import httpx
import numpy as np

from backend.wire.codec import decode, encode
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import BundleSpeed, ThroughputCurve, ThroughputPoint
from planner.exchange.run_log import LogChunk
from planner.exchange.states import RunState
from planner.exchange.work import (
    AttemptStart,
    Beat,
    BeatReply,
    CheckpointRecord,
    Claim,
    ClaimedRun,
    Device,
    Finish,
    RunBeat,
    SeriesChunk,
    WorkerRegistration,
    WorkerWelcome,
)
from planner.pilots.divergence import NextAttempt, Rollback, RolledBack
from planner.pilots.executed import executed_table
from planner.pilots.workload import BUILT_IN, Workload
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.schedule import Schedule, StepTable, plan_steps

Metrics = Mapping[str, float]
Plant = Callable[[Schedule, float, int], Callable[[float], Metrics]]
"""(schedule, rate multiplier, seed) -> (share of the samples seen, 0 to 1) -> metrics."""

DEVICE = Device(kind="cpu", name="planted device", memory_bytes=2**30)

CHUNK_POINTS = 256


def planted_curve(
    *,
    overhead_s: float = 1e-3,
    samples_per_s: float = 1e5,
    workload: str = "digits-mlp",
    bundles: tuple[BundleSpeed, ...] = (),
) -> ThroughputCurve:
    """A curve that is exactly ``t0 + b / r`` at the batch sizes 8, 16 ... 1024."""
    return ThroughputCurve(
        workload=workload,
        device=DEVICE.name,
        dtype="float32",
        versions="planted 1",
        points=tuple(
            ThroughputPoint(
                batch_size=2**power,
                step_time_s=overhead_s + 2**power / samples_per_s,
                spread_fraction=0.0,
                steps=20,
            )
            for power in range(3, 11)
        ),
        evaluation_s=0.01,
        bundles=bundles,
    )


def falling_loss(half_life: float) -> Callable[[float], Metrics]:
    """A validation loss that starts at ln 10 and halves every ``half_life`` of the samples."""

    def metrics(share: float) -> Metrics:
        loss = math.log(10) * 0.5 ** (share / half_life)
        return {
            "train_loss": loss,
            "validation_loss": loss,
            "validation_accuracy": 1 - loss / math.log(10) * 0.9,
            "full_gradient_norm": loss,
        }

    return metrics


class PlantedWorker:
    """One supervisor and trainer in the test's own thread."""

    def __init__(
        self,
        http: httpx.Client,
        registration_token: str,
        plant: Plant,
        *,
        name: str = "planted",
        curve: ThroughputCurve | None = None,
        scaling: ScalingCurve | None = None,
        device: Device = DEVICE,
        store_url: str = "file:///planted",
        workloads: tuple[str, ...] = ("digits-mlp",),
        versions: str = "planted 1",
        plug_ins: tuple[Workload, ...] = (),
        device_count: int = 1,
    ) -> None:
        self.http = http
        self.plant = plant
        self.curve = curve or planted_curve()
        self.scaling = scaling
        registration = WorkerRegistration(
            name=name,
            device=device,
            workloads=workloads,
            store_url=store_url,
            versions=versions,
            plug_ins=plug_ins,
            device_count=device_count,
        )
        self.workloads = BUILT_IN | {plug_in.name: plug_in for plug_in in plug_ins}
        answer = post(http, "/api/workers", registration, registration_token)
        self.welcome = decode(WorkerWelcome, answer.raise_for_status().json())

    def work_until_idle(self) -> list[RunState]:
        """Takes and finishes runs until none is left."""
        ended = []
        while (claim := self.claim()) is not None:
            ended += [self.train(run) for run in claim.runs]
        return ended

    def claim(self, *, maximum_runs: int = 1, fewest_devices: int = 1) -> Claim | None:
        """The next run, with others that bundle with it where more than one is asked for."""
        path = f"/api/workers/{self.welcome.worker_id}/claims"
        asked = {"maximum_runs": maximum_runs, "fewest_devices": fewest_devices}
        answer = post(self.http, path, asked, self.welcome.worker_token)
        answer.raise_for_status()
        return None if answer.status_code == HTTPStatus.NO_CONTENT else decode(Claim, answer.json())

    def beat(self, claim: Claim, *, step: int = 0) -> str:
        """A sign of life for a claim's only run; the command of the reply."""
        (command,) = self.beat_all(claim, step=step)
        return command

    def beat_all(self, claim: Claim, *, step: int = 0) -> list[str]:
        """A sign of life for every run of a claim; their commands."""
        signs = tuple(
            RunBeat(run_id=run.run_id, attempt=run.attempt, token=claim.token, step=step)
            for run in claim.runs
        )
        path = f"/api/workers/{self.welcome.worker_id}/beats"
        answer = post(self.http, path, Beat(runs=signs), self.welcome.worker_token)
        reply = decode(BeatReply, answer.raise_for_status().json())
        assert [order.run_id for order in reply.runs] == [run.run_id for run in claim.runs]
        return [order.command for order in reply.runs]

    def train(self, run: ClaimedRun) -> RunState:
        """Executes a claimed run to its planned end."""
        if run.schedule is None:
            curve = dataclasses.replace(self.curve, workload=run.workload)
            self.write(run, "throughput", curve).raise_for_status()
            if self.scaling is not None:
                self.write(run, "scaling", self.scaling).raise_for_status()
            return self.finish(run, step=0)
        self.start(run, from_step=0)
        table = table_of(run, self.workloads)
        for chunk in chunks_of(run, table, self.plant):
            self.write(run, "series", chunk).raise_for_status()
        said = ("planted: begins", f"planted: <b>{table.steps}</b> steps are done")
        self.write(run, "log", LogChunk(first_line=1, lines=said)).raise_for_status()
        return self.finish(run, step=table.steps)

    def start(self, run: ClaimedRun, *, from_step: int, bundle_size: int | None = None) -> None:
        """Says where the attempt starts, and with how many it is trained if not as claimed."""
        begun = AttemptStart(from_step=from_step, bundle_size=bundle_size)
        self.write(run, "start", begun).raise_for_status()

    def checkpoint(self, run: ClaimedRun, *, step: int) -> None:
        """Registers a checkpoint whose files nobody will open."""
        path = f"{run.run_id}/a{run.attempt}/step-{step}"
        saved = CheckpointRecord(step=step, path=path, sha256="0" * 64, size_bytes=1)
        self.write(run, "checkpoints", saved).raise_for_status()

    def roll_back(self, run: ClaimedRun, back: Rollback) -> ClaimedRun:
        """Goes back after a divergence; the run as its next attempt knows it."""
        told = RolledBack(rollback=back, wall_clock_s=1.0)
        answer = self.write(run, "rollback", told).raise_for_status()
        opened = decode(NextAttempt, answer.json())
        return dataclasses.replace(
            run,
            attempt=opened.attempt,
            attempt_token=opened.attempt_token,
            rollbacks=(*run.rollbacks, back),
        )

    def finish(
        self,
        run: ClaimedRun,
        *,
        step: int,
        outcome: str = "succeeded",
        wall_clock_s: float = 1.0,
        reason: str = "",
    ) -> RunState:
        """Ends the attempt."""
        end = Finish(
            outcome=outcome,  # type: ignore[arg-type]
            step=step,
            wall_clock_s=wall_clock_s,
            final_metrics={},
            reason=reason,
        )
        return decode(RunState, self.write(run, "finish", end).raise_for_status().json())

    def write(self, run: ClaimedRun, what: str, body: object) -> httpx.Response:
        """One fenced write of the attempt."""
        path = f"/api/runs/{run.run_id}/attempts/{run.attempt}/{what}"
        return post(self.http, path, body, run.attempt_token)


def post(http: httpx.Client, path: str, body: object, token: str, **headers: str) -> httpx.Response:
    """A JSON request with a credential."""
    sent = {"Authorization": f"Bearer {token}", **headers}
    return http.post(path, json=body if isinstance(body, dict) else encode(body), headers=sent)


def table_of(run: ClaimedRun, known: Mapping[str, Workload] = BUILT_IN) -> StepTable:
    """The steps of a claimed run, as divergences left them."""
    assert run.schedule is not None
    own = _planned(run, run.schedule, run.rate_multiplier, known)
    back = run.fall_back
    other = None if back is None else _planned(run, back.schedule, back.rate_multiplier, known)
    return executed_table(own, run.rollbacks, fall_back=other)


def _planned(
    run: ClaimedRun,
    schedule: Schedule,
    rate_multiplier: float,
    known: Mapping[str, Workload],
) -> StepTable:
    return plan_steps(
        schedule,
        training_samples=known[run.workload].training_samples,
        epochs=run.epochs,
        rate_multiplier=rate_multiplier,
    )


def chunks_of(
    run: ClaimedRun, table: StepTable, plant: Plant, *, from_step: int = 0
) -> list[SeriesChunk]:
    """The series of an attempt, as a trainer would send them: steps, then evaluations."""
    assert run.schedule is not None
    metrics_at = plant(run.schedule, run.rate_multiplier, run.seed)
    seen = np.append(table.samples, table.samples[-1] + table.items[-1]) / (
        table.training_samples * table.epochs
    )
    steps = list(range(from_step + 1, table.steps + 1))
    columns = {
        "batch_loss": [metrics_at(float(seen[step]))["train_loss"] for step in steps],
        "learning_rate": table.learning_rate[from_step:].tolist(),
        "batch_size": table.items[from_step:].astype(float).tolist(),
    }
    due = evaluation_steps(run.evaluate_every, table)
    evaluated = due[due >= from_step].tolist()
    measured = [metrics_at(float(seen[step])) for step in evaluated]
    by_name = {name: [metrics[name] for metrics in measured] for name in measured[0]}
    parts = [
        *_cut("train", steps, columns),
        *_cut("evaluation", evaluated, by_name),
    ]
    return [dataclasses.replace(part, seq=place) for place, part in enumerate(parts)]


def _cut(
    group: str, steps: Sequence[int], columns: Mapping[str, Sequence[float]]
) -> list[SeriesChunk]:
    return [
        SeriesChunk(
            seq=0,
            group=group,  # type: ignore[arg-type]
            steps=tuple(steps[start : start + CHUNK_POINTS]),
            columns={
                name: tuple(column[start : start + CHUNK_POINTS])
                for name, column in columns.items()
            },
            wall_clock_s=1.0,
        )
        for start in range(0, len(steps), CHUNK_POINTS)
    ]
