"""A run's identity, its attempts, and the life cycle that refuses wrong transitions."""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["probe", "selection", "confirmation"]
RunStatus = Literal[
    "queued", "running", "paused", "succeeded", "failed", "diverged", "capped", "cancelled"
]
RunEvent = Literal[
    "claim", "succeed", "fail", "diverge", "cap", "cancel", "pause", "resume", "raise_cap",
    "retry", "lose",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training: schedule x rate multiplier x seed, to the end of its planned epochs.

    A probe has no schedule: it measures the throughput curve that the pilot is composed with.
    """

    schedule: str | None
    rate_multiplier: float
    seed: int
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One execution of a run by one worker.

    Attributes:
        number: Counts from 1.
        from_step: Step of the checkpoint it started from; 0 for a fresh start.
        to_step: Steps done when it was last heard of, counted from the run's start.
        evaluations: Evaluations it made.
        wall_clock_s: Seconds from its first step to its last report, evaluations included;
            None where it was not observed.
    """

    number: int
    from_step: int
    to_step: int
    evaluations: int
    wall_clock_s: float | None = None
