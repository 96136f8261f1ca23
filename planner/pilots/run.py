"""A run's identity, its attempts, and the life cycle that refuses wrong transitions."""

from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least, check_not_negative, check_positive, check_seed
from planner.devices.device_count import check_device_count
from planner.refusal import Refusal, require

Purpose = Literal["probe", "selection", "confirmation"]
RunStatus = Literal[
    "queued", "running", "paused", "succeeded", "failed", "diverged", "capped", "cancelled"
]
RunEvent = Literal[
    "claim",
    "succeed",
    "fail",
    "diverge",
    "cap",
    "cancel",
    "pause",
    "resume",
    "raise_cap",
    "retry",
    "lose",
    "release",
]

AttemptCause = Literal["claim", "rollback", "fall_back"]

ENDED: frozenset[RunStatus] = frozenset({"succeeded", "failed", "diverged", "capped", "cancelled"})
"""Statuses of a run that no worker holds or will take until somebody asks for it."""

FINAL: frozenset[RunStatus] = frozenset({"succeeded", "cancelled"})
"""Statuses that no event leaves."""

PHASE_ENDING: frozenset[RunStatus] = frozenset({"succeeded", "diverged", "capped", "cancelled"})
"""A pilot's phase ends when all its runs have one of these; failed and paused runs block it."""

TRANSITIONS: dict[tuple[RunStatus, RunEvent], RunStatus] = {
    ("queued", "claim"): "running",
    ("queued", "cancel"): "cancelled",
    ("queued", "pause"): "paused",
    ("running", "succeed"): "succeeded",
    ("running", "fail"): "failed",
    ("running", "diverge"): "diverged",
    ("running", "cap"): "capped",
    ("running", "cancel"): "cancelled",
    ("running", "pause"): "paused",
    ("running", "lose"): "queued",
    ("running", "release"): "queued",
    ("paused", "resume"): "queued",
    ("paused", "cancel"): "cancelled",
    ("capped", "raise_cap"): "queued",
    ("capped", "cancel"): "cancelled",
    ("failed", "retry"): "queued",
    ("failed", "cancel"): "cancelled",
    ("diverged", "retry"): "queued",
}
"""The whole life cycle; whatever is not here is refused."""


def transition(status: RunStatus, event: RunEvent) -> RunStatus:
    """The status after ``event``, or a Refusal when a run in ``status`` cannot have it."""
    after = TRANSITIONS.get((status, event))
    if after is None:
        raise Refusal("status", "transition_refused", status=status, event=event)
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training: schedule x rate multiplier x seed, to the end of its planned epochs.

    A probe has no schedule: it measures the throughput curve that the pilot is composed with.
    """

    schedule: str | None
    rate_multiplier: float
    seed: int
    purpose: Purpose

    def __post_init__(self) -> None:
        if self.purpose == "probe":
            require(self.schedule is None, "schedule", "probe_with_schedule")
        else:
            require(bool(self.schedule), "schedule", "schedule_missing")
        check_positive(self.rate_multiplier, "rate_multiplier")
        check_seed(self.seed, "seed")


PROBE = Run(schedule=None, rate_multiplier=1.0, seed=0, purpose="probe")
"""The run that measures a pilot's throughput curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One execution of a run by one worker.

    Attributes:
        number: Counts from 1.
        from_step: Step of the checkpoint it started from; 0 for a fresh start.
        to_step: Steps done when it was last heard of, counted from the run's start.
        evaluations: Evaluations it made.
        wall_clock_s: Seconds from its first step to its last report, evaluations included;
            None where it was not observed. In a bundle, this run's share of them.
        bundle_size: Runs that were trained together, this one included; only a run of its own
            has a wall clock that says how fast it was.
        cause: Why it began: a worker claimed the run, or a divergence sent it back.
        rate_factor: What rollbacks left of the learning rate.
        follows: Schedule that it went on with; None for the run's own.
        meters_s: Seconds of its wall clock that went into reading meters: the device was held,
            but neither trained nor evaluated, so no composed time has them.
        energy_j: What a meter of the device read while this run had it, at the same mean power
            from its last reading to the end; in a bundle, this run's share. None where no meter
            told.
        device_count: Devices that trained it together, all held for its wall clock.
    """

    number: int
    from_step: int
    to_step: int
    evaluations: int
    wall_clock_s: float | None = None
    bundle_size: int = 1
    cause: AttemptCause = "claim"
    rate_factor: float = 1.0
    follows: str | None = None
    meters_s: float = 0.0
    energy_j: float | None = None
    device_count: int = 1

    def __post_init__(self) -> None:
        check_at_least(self.number, 1, "number")
        check_device_count(self.device_count)
        check_at_least(self.bundle_size, 1, "bundle_size")
        check_positive(self.rate_factor, "rate_factor")
        check_at_least(self.from_step, 0, "from_step")
        check_at_least(self.to_step, self.from_step, "to_step")
        check_at_least(self.evaluations, 0, "evaluations")
        if self.wall_clock_s is not None:
            check_not_negative(self.wall_clock_s, "wall_clock_s")
        check_not_negative(self.meters_s, "meters_s")
        if self.energy_j is not None:
            check_not_negative(self.energy_j, "energy_j")
