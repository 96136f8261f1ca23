"""What people are told without asking: a run or a pilot that ended, or waits for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from planner.bounds import check_at_least, check_at_most
from planner.exchange.states import Page

NotificationKind = Literal[
    "pilot_finished", "run_diverged", "run_failed", "cap_reached", "gate_ready"
]

GateReason = Literal["verdict", "criteria"]
"""Why a gate is ready: the review says adopt, or criteria fixed beforehand are met."""

LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing that was told.

    Attributes:
        number: Rises with time.
        pilot_id: The pilot that it is about; of a cap of the month, one whose work stopped.
        run_id: None where it concerns the whole pilot.
        facts: Numbers and keys of the sentence: of a finished pilot ``look`` and ``looks``; of a
            run ``schedule``, which is empty for a probe, ``seed``, ``rate_multiplier``, ``attempt``
            and ``step``; of a cap
            ``scope``, ``unit``, ``limit`` and ``currency`` too; of a gate ``gate``, ``why`` and
            ``schedule``.
        read: Whether whoever asks has read it.
    """

    number: int
    kind: NotificationKind
    at: datetime
    pilot_id: str
    pilot_name: str
    run_id: str | None
    facts: dict[str, str | int | float]
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Notifications, newest first.

    Attributes:
        unread: How many of all were not read by whoever asks.
        newest: Number of the last of all; 0 before the first.
    """

    notifications: Page[Notification]
    unread: int
    newest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOrder:
    """Marks as read whatever was told up to a number."""

    up_to: int

    def __post_init__(self) -> None:
        check_at_least(self.up_to, 1, "up_to")
        check_at_most(self.up_to, LARGEST_NUMBER, "up_to")
