"""What a worker and the API say to each other: registration, claim, beat, series, outcome."""

import re
from dataclasses import dataclass, field
from typing import Literal

from planner.bounds import (
    check_at_least,
    check_at_most,
    check_not_negative,
)
from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.device_count import check_device_count
from planner.devices.throughput import Execution, Precision
from planner.exchange.registration import Device as Device
from planner.exchange.registration import RefusedWorkload as RefusedWorkload
from planner.exchange.registration import WorkerRegistration as WorkerRegistration
from planner.exchange.registration import WorkerWelcome as WorkerWelcome
from planner.exchange.series import SeriesAck as SeriesAck
from planner.exchange.series import SeriesChunk as SeriesChunk
from planner.exchange.series import SeriesGroup as SeriesGroup
from planner.exchange.series import check_step
from planner.measurements.measurement import check_metrics
from planner.pilots.divergence import FallBack, Rollback
from planner.pilots.meters import Meters
from planner.pilots.pilot import Divergence, Target
from planner.pilots.run import Purpose
from planner.refusal import require
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import Schedule

BeatCommand = Literal["continue", "cancel", "pause", "cap", "fenced"]
Outcome = Literal[
    "succeeded", "failed", "diverged", "cancelled", "paused", "capped", "released", "lost"
]

LONGEST_DETAIL = 20_000
"""Characters of a traceback that are kept: its end."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHECKPOINT_PATH = re.compile(r"[A-Za-z0-9_-]+/a[0-9]+/step-[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRequest:
    """A worker asks for work.

    Attributes:
        maximum_runs: It may get so many runs as one bundle.
        fewest_devices: It wants no run of fewer devices, which it would leave idle.
    """

    maximum_runs: int = 1
    fewest_devices: int = 1

    def __post_init__(self) -> None:
        check_at_least(self.maximum_runs, 1, "maximum_runs")
        check_device_count(self.fewest_devices, "fewest_devices")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRecord:
    """A saved state that a later attempt may start from.

    Attributes:
        step: Steps done.
        path: Below the store's root: ``<run>/a<attempt>/step-N``.
        sha256: Of the checkpoint's tensor file, hexadecimal.
        size_bytes: Of the whole folder.
    """

    step: int
    path: str
    sha256: str
    size_bytes: int

    def __post_init__(self) -> None:
        check_step(self.step, "step")
        require(_CHECKPOINT_PATH.fullmatch(self.path) is not None, "path", "checkpoint_path_wrong")
        require(_SHA256.fullmatch(self.sha256) is not None, "sha256", "sha256_wrong")
        check_at_least(self.size_bytes, 0, "size_bytes")
        check_at_most(self.size_bytes, 2**60, "size_bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRun:
    """One member of a claim, complete enough to be trained without asking again.

    Attributes:
        schedule: None for a probe.
        checkpoints: Newest first; the first that verifies is where the attempt starts.
        attempt_token: Allows writes for this attempt only.
        rollbacks: What earlier attempts went back for, in order; it stays as they left it.
        fall_back: What the run goes on with if it diverges; None unless the pilot says so.
        device_count: Devices that train it together in this attempt.
        until_step: Steps after which the attempt ends, for the run goes on with another number of
            devices; None where it may go to the end.
    """

    run_id: str
    attempt: int
    attempt_token: str = field(repr=False)
    purpose: Purpose
    workload: str
    schedule: Schedule | None
    rate_multiplier: float
    seed: int
    epochs: int
    evaluate_every: str
    momentum_form: MomentumForm
    micro_batch_plan: MicroBatchPlan | None
    target: Target
    divergence: Divergence
    checkpoints: tuple[CheckpointRecord, ...]
    precision: Precision = "float32"
    rollbacks: tuple[Rollback, ...] = ()
    fall_back: FallBack | None = None
    meters: Meters = Meters()
    device_count: int = 1
    until_step: int | None = None

    def __post_init__(self) -> None:
        check_device_count(self.device_count)
        if self.until_step is not None:
            check_step(self.until_step, "until_step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A bundle under one lease.

    Attributes:
        token: Rises at each claim and fences the supervisor's beats.
        runs: At least one; several have the same workload, schedule and epochs.
        execution: How several are trained.
    """

    token: int
    runs: tuple[ClaimedRun, ...]
    execution: Execution = "sequential"

    def __post_init__(self) -> None:
        require(bool(self.runs), "runs", "runs_missing")
        alone = len(self.runs) == 1 or all(run.device_count == 1 for run in self.runs)
        require(alone, "runs", "several_devices_not_bundled")

    @property
    def device_count(self) -> int:
        """Devices that the claim is for."""
        return self.runs[0].device_count


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBeat:
    """One run's sign of life; ``step`` is where its trainer stands."""

    run_id: str
    attempt: int
    token: int
    step: int

    def __post_init__(self) -> None:
        check_step(self.step, "step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A supervisor's sign of life for all the runs it holds; it may hold none.

    Attributes:
        leaving: Whether it is its last: the worker goes, and is counted no more.
        disk_full: Whether the worker's disk is full, so that it claims nothing.
        store_away: Whether its store of checkpoints does not answer, so that it claims nothing.
    """

    runs: tuple[RunBeat, ...]
    leaving: bool = False
    disk_full: bool = False
    store_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCommand:
    """What the API wants of one run; ``fenced`` means that the attempt is no longer its own."""

    run_id: str
    command: BeatCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatReply:
    """One command for every run in the beat."""

    runs: tuple[RunCommand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStart:
    """A trainer says where it really starts, before its first series.

    Attributes:
        from_step: Step of the checkpoint that verified; 0 for a fresh start. Points of earlier
            attempts after it are superseded.
        bundle_size: Runs that take their steps together, this one included; 1 where those of one
            claim are trained one after the other. None where no step is taken together.
    """

    from_step: int
    bundle_size: int | None = None

    def __post_init__(self) -> None:
        check_step(self.from_step, "from_step")
        if self.bundle_size is not None:
            check_at_least(self.bundle_size, 1, "bundle_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How an attempt ended; the run's state follows from it.

    Attributes:
        outcome: What happened; a released run goes on elsewhere, from its newest checkpoint, and
            so does a lost one, whose trainer was killed, unless that happens too often.
        step: Steps done.
        wall_clock_s: Seconds since the attempt's first step; in a bundle, its share of them.
        final_metrics: Test metrics of a run that came to its end.
        reason: Message key, such as ``out_of_memory``; empty when nothing needs saying.
        detail: Last lines of a traceback, for the engineer.
    """

    outcome: Outcome
    step: int
    wall_clock_s: float
    final_metrics: dict[str, float]
    reason: str = ""
    detail: str = ""

    def __post_init__(self) -> None:
        check_step(self.step, "step")
        check_not_negative(self.wall_clock_s, "wall_clock_s")
        check_metrics(self.final_metrics, "final_metrics")
        require(len(self.reason) <= 100, "reason", "too_long", most=100)
        require(len(self.detail) <= LONGEST_DETAIL, "detail", "too_long", most=LONGEST_DETAIL)
