"""What happens to a run whose loss leaves the healthy range: it stops, or goes back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from planner.bounds import (
    check_at_least,
    check_at_most,
    check_name,
    check_not_negative,
    check_positive,
)
from planner.refusal import require
from planner.schedules.schedule import MOST_STEPS, Schedule

DivergencePolicy = Literal["stop", "roll_back", "fall_back"]

RATE_KEPT = 0.5
"""Share of the learning rate that one rollback leaves [ours, science section 8]."""

MOST_ROLLBACKS = 2
"""Rollbacks of one run; at the divergence after them it has diverged [ours, science section 8]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """What happens to a run whose loss average leaves the healthy range.

    Attributes:
        policy: ``stop`` ends it as diverged. ``roll_back`` goes back to the start of the stage
            with an empty momentum buffer and half the rate, at most twice. ``fall_back`` goes back
            there once and on with the baseline schedule; the baseline itself stops.
    """

    policy: DivergencePolicy = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """One return of a run to the start of a stage; its momentum buffer is empty from there.

    Attributes:
        at_step: Steps done when the loss average left the healthy range.
        to_step: Steps done at the start of the stage; what was measured after it is superseded.
        rate_factor: What all rollbacks so far leave of the run's learning rate from there on.
        follows: Schedule that the run goes on with from there; None for its own.
    """

    at_step: int
    to_step: int
    rate_factor: float = 1.0
    follows: str | None = None

    def __post_init__(self) -> None:
        check_at_least(self.to_step, 0, "to_step")
        check_at_least(self.at_step, self.to_step, "at_step")
        check_at_most(self.at_step, MOST_STEPS, "at_step")
        check_positive(self.rate_factor, "rate_factor")
        require(self.rate_factor <= 1, "rate_factor", "above_maximum", maximum=1)
        if self.follows is not None:
            check_name(self.follows, "follows")
            require(self.rate_factor == 1, "rate_factor", "fall_back_at_full_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class FallBack:
    """What a run goes on with after it fell back.

    Attributes:
        schedule: The pilot's baseline.
        rate_multiplier: The baseline's own, as the selection froze it; before that 1, which is
            the schedule as the team runs it today. Never that of the run that diverged.
    """

    schedule: Schedule
    rate_multiplier: float

    def __post_init__(self) -> None:
        check_positive(self.rate_multiplier, "rate_multiplier")


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """A trainer says that it went back; what it reports from here on is of the next attempt.

    Attributes:
        rollback: Where it left the healthy range, and how it goes on.
        wall_clock_s: Seconds since the first step of the attempt that ends here.
    """

    rollback: Rollback
    wall_clock_s: float

    def __post_init__(self) -> None:
        check_not_negative(self.wall_clock_s, "wall_clock_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAttempt:
    """The API's answer: the attempt that goes on under the same claim.

    Attributes:
        attempt: Its number, one above the attempt that ended.
        attempt_token: Allows writes for this attempt only.
    """

    attempt: int
    attempt_token: str = field(repr=False)


def way_back(
    policy: DivergencePolicy,
    earlier: Sequence[Rollback],
    *,
    at_step: int,
    to_step: int,
    baseline: str | None,
) -> Rollback | None:
    """Where a run goes whose loss average left the healthy range; None: it has diverged.

    Args:
        policy: Of its pilot.
        earlier: Its rollbacks so far.
        at_step: Steps done when the average left the healthy range.
        to_step: Steps done at the start of that stage.
        baseline: Name of the schedule to fall back on; None for a run of the baseline itself.
    """
    if policy == "roll_back" and len(earlier) < MOST_ROLLBACKS:
        left = RATE_KEPT ** (len(earlier) + 1)
        return Rollback(at_step=at_step, to_step=to_step, rate_factor=left)
    if policy == "fall_back" and baseline is not None and not earlier:
        return Rollback(at_step=at_step, to_step=to_step, follows=baseline)
    return None
