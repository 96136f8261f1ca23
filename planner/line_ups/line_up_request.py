"""What somebody wants to see side by side, and along which axes."""

from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_most, check_name, check_unique
from planner.money import require_currency
from planner.refusal import require

Along = Literal["epoch", "step", "sample", "second", "money", "energy"]
"""What the x axis counts."""

TARGET, LEARNING_RATE, BATCH_SIZE = "target", "learning_rate", "batch_size"
"""What may be shown beside the name of any metric that was evaluated."""

MOST_PILOTS = 50
"""Pilots that one line-up may name."""

MOST_RUNS = 500
"""Runs that one line-up may be drawn from."""

MOST_STORED_RUNS = 5_000
"""Runs that its pilots may have made, a sweep and everything else that is not drawn included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotChoice:
    """One pilot, and what of it is shown.

    Attributes:
        pilot_id: A stored pilot.
        schedules: Names of its schedules, in no order; empty for all of them.
        run_ids: Runs to be shown instead of those that the pilot's review counts.
    """

    pilot_id: str
    schedules: tuple[str, ...] = ()
    run_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.pilot_id, "pilot_id")
        check_unique(self.schedules, "schedules[{}]", "chosen_twice")
        check_at_most(len(self.run_ids), MOST_RUNS, "run_ids")
        check_unique(self.run_ids, "run_ids[{}]", "chosen_twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineChoice:
    """The schedule that all others are held against."""

    pilot_id: str
    schedule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUpRequest:
    """Asks for pilots side by side; nothing is stored.

    Attributes:
        pilots: In the order in which they are shown.
        baseline: Shown first; None: the baseline of the first pilot that shows its own.
        along: What the x axis counts.
        shown: What the y axis shows: ``target`` for the metric that ends each pilot's race,
            ``learning_rate`` or ``batch_size`` as planned, or the name of an evaluated metric.
        currency: Of all money; None: that of the first pilot.
    """

    pilots: tuple[PilotChoice, ...]
    baseline: BaselineChoice | None = None
    along: Along = "epoch"
    shown: str = TARGET
    currency: str | None = None

    def __post_init__(self) -> None:
        require(bool(self.pilots), "pilots", "empty")
        check_at_most(len(self.pilots), MOST_PILOTS, "pilots")
        named = [choice.pilot_id for choice in self.pilots]
        check_unique(named, "pilots[{}].pilot_id", "chosen_twice")
        check_name(self.shown, "shown")
        if self.currency is not None:
            require_currency(self.currency, "currency")
