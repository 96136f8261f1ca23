"""What the API tells pages: who asks, examples, drafts, lists and live views."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from planner.exchange.access import Role, TokenScope
from planner.exchange.states import PilotState, RunState, WorkerState
from planner.exchange.wait_reasons import WaitingQueue
from planner.measurements.early_warning import EarlyWarning
from planner.measurements.meter_summary import MeterSummary
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.caps import Caps
from planner.pilots.divergence import Rollback
from planner.pilots.pilot import Pilot, PilotPhase
from planner.reviews.verdict import Decision

EventKind = Literal[
    "pilot_created",
    "pilot_cancelled",
    "cap_raised",
    "seeds_added",
    "run_started",
    "run_succeeded",
    "run_failed",
    "run_diverged",
    "run_cancelled",
    "run_paused",
    "run_capped",
    "run_lost",
    "run_killed",
    "run_killed_for_memory",
    "run_released",
    "run_rolled_back",
    "run_fell_back",
    "cancel_asked",
    "pause_asked",
    "run_resumed",
    "run_retried",
    "run_prioritised",
    "probe_started",
    "probe_succeeded",
    "probe_failed",
    "probe_stopped",
    "probe_changed",
]
"""Message keys below ``event.``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who asks, as the API knows them.

    Attributes:
        unread: Notifications that they have not read.
        storage_full: Whether the server's disk is full, so that nothing new is begun.
        needs: Routes that they may not use, each with the role that may.
    """

    name: str
    scope: TokenScope
    unread: int = 0
    storage_full: bool = False
    needs: dict[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A link that signs one browser in, once.

    Attributes:
        url: Opens the page; it carries a secret.
        expires_in_s: Seconds from now after which it is refused.
    """

    url: str = field(repr=False)
    expires_in_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A pilot that is ready to be started.

    Attributes:
        key: Message key below ``example.`` of its description.
    """

    key: str
    pilot: Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftState:
    """A plan that somebody left unfinished, without its content.

    Attributes:
        name: What the plan is called so far; may be empty.
        owner: Who saved it; only they can change it.
    """

    id: str
    name: str
    owner: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan that somebody left unfinished.

    Attributes:
        body: Whatever the page put there; it is checked when a pilot is made of it.
    """

    state: DraftState
    body: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotSummary:
    """A pilot as one row of a list.

    Attributes:
        owner: Who started it.
        runs_done: Runs that ended for good.
        runs_planned: Runs of all phases, as if two candidates reach the confirmation.
        spent_device_h: Device-hours of all attempts so far.
        expected_device_h: Device-hours of all planned runs; None while the speed is unknown.
        payback_months: At the pilot's own assumptions; None for never and before the end.
        verdict: At the pilot's own assumptions; None before the end.
        cap_reached: Whether a cap holds its work until it is raised.
        imported: Whether its runs were measured elsewhere.
    """

    id: str
    name: str
    phase: PilotPhase
    created_at: datetime
    owner: str
    workload: str
    runs_done: int
    runs_planned: int
    spent_device_h: float
    expected_device_h: float | None
    payback_months: float | None
    verdict: Decision | None
    cap_reached: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A few points of one series, for a small picture; of a very long one, from some of it.

    Attributes:
        steps: Steps done at each point, rising.
        values: As long as ``steps``; None where not finite.
    """

    steps: tuple[int, ...] = ()
    values: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMeters:
    """What the meters of a run say.

    Attributes:
        curvature_ratio: At the readings of its own.
        mechanical_energy: In the unit of the loss.
    """

    summary: MeterSummary
    curvature_ratio: Trace
    mechanical_energy: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRollback:
    """One return of a run after a divergence, and what it costs.

    Attributes:
        repeated_s: Composed seconds of what is trained again; None while the speed is unknown.
        repeated: The same at the price that the pilot states for its device; None where none is.
    """

    rollback: Rollback
    repeated_s: float | None
    repeated: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRun:
    """A run as its card shows it.

    Attributes:
        progress_fraction: Steps done over steps planned; 0 for a probe until it ends.
        expected_start_s: Seconds from now; None unless queued where a worker will take it.
        expected_finish_s: Seconds from now; None where it cannot be told or nothing is left.
        last_loss: Training loss of the last batch; None before the first.
        last_metric: The target's metric at the last evaluation; None before the first.
        loss: Training loss of batches; empty unless the run is running or ended lately.
        evaluations: The target's metric; empty unless the run is running or ended lately.
        stage: Stage that it is in, from 1; None for a probe.
        stages: Number of stages of its schedule; None for a probe.
        batch_size: Samples per step of the stage; None for a probe.
        spent_device_h: Device-hours of all its attempts so far.
        meters: None before the first reading, and for runs that carry no curves.
        rollbacks: In order.
        superseded_loss: Of ``loss``, what later attempts superseded; rising within each attempt.
        superseded_evaluations: Likewise of ``evaluations``.
        warnings: Signs that it may leave the healthy range; none of one that ended well.
    """

    run: RunState
    progress_fraction: float
    expected_start_s: float | None
    expected_finish_s: float | None
    last_loss: float | None
    last_metric: float | None
    loss: Trace
    evaluations: Trace
    stage: int | None
    stages: int | None
    batch_size: int | None
    spent_device_h: float
    meters: LiveMeters | None = None
    rollbacks: tuple[LiveRollback, ...] = ()
    superseded_loss: Trace = Trace()
    superseded_evaluations: Trace = Trace()
    warnings: tuple[EarlyWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a pilot.

    Attributes:
        kind: Message key below ``event.``.
        run_id: None where it concerns the whole pilot.
        params: Values for the message: always ``by`` and ``reason``, for a run ``schedule``,
            ``seed``, ``rate_multiplier``, ``attempt`` and ``step`` too; where a run went back,
            ``at_step``, ``rate_factor`` and ``follows``, which may be empty.
    """

    at: datetime
    kind: EventKind
    run_id: str | None
    params: dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveView:
    """Everything that the live page shows at one moment.

    Attributes:
        runs: In the pilot's order.
        spent_device_h: Device-hours of all attempts so far.
        spent: The same at the price that the pilot states for its device; None where none is.
        cap_device_h: Device-hours after which it stops; None is no cap.
        caps: Every cap that may stop it, with what is used of it and expected.
        limits: Of the pilot and its runs, as they stand after raises.
        expected_finish_s: Seconds from now, phases to come included; None where it cannot be told.
        workers: Workers heard of since the API started.
        events: Newest first, at most 50.
        queues: What of the pilot waits, by what a worker must be like, and why.
    """

    pilot: PilotState
    runs: tuple[LiveRun, ...]
    spent_device_h: float
    spent: Money | None
    cap_device_h: float | None
    expected_finish_s: float | None
    workers: tuple[WorkerState, ...]
    events: tuple[Event, ...]
    caps: tuple[CapUse, ...] = ()
    limits: Caps = Caps()
    queues: tuple[WaitingQueue, ...] = ()
