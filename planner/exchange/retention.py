"""What may be removed because it is old and nothing rests on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from planner.bounds import check_at_least, check_at_most

RetentionKind = Literal["series", "logs", "drafts", "credentials", "links", "answers", "backups"]
"""Message keys below ``retention.kind``."""

LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionOrder:
    """Asks for everything older than a number of days that nothing rests on.

    Attributes:
        clock_is_right: Somebody looked at the clock, although nothing was recorded for many days.
    """

    older_than_days: int
    clock_is_right: bool = False

    def __post_init__(self) -> None:
        check_at_least(self.older_than_days, 1, "older_than_days")
        check_at_most(self.older_than_days, LONGEST_DAYS, "older_than_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionItem:
    """One kind of what is old.

    Attributes:
        count: Rows of the database, or files.
        size_bytes: What they hold; the database uses that room again.
    """

    kind: RetentionKind
    count: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionState:
    """What is removed, or would be.

    Attributes:
        applied: Whether it was.
        before: Everything in it is older.
        left: Whether there is more to remove: the same order goes on.
    """

    applied: bool
    before: datetime
    items: tuple[RetentionItem, ...]
    left: bool
