"""Many days of which nothing was recorded: Paybatch did not run, or its clock jumped.

Both look alike afterwards, and what was there before looks old at once. Nothing is removed by its
age until somebody has looked at the clock.
"""

from datetime import date, timedelta
from itertools import pairwise

from backend.repositories import activity
from backend.unit_of_work import UnitOfWork
from planner.exchange.retention import RetentionOrder
from planner.refusal import Refusal

LEAST_DAYS = 2
"""Nobody works on a Sunday."""

SHARE_OF_AGE = 10
"""A silence of less than a tenth of the age makes nothing look much older than it is."""


def refuse_long(work: UnitOfWork, order: RetentionOrder) -> None:
    """Refuses an order when what it finds old may be new.

    Raises:
        Refusal: No record is from many days, and nobody said that the clock is right.
    """
    found = None if order.clock_is_right else _longest(work, order)
    if found is not None and _days(found) > max(LEAST_DAYS, order.older_than_days // SHARE_OF_AGE):
        since, until = found
        raise Refusal(
            "clock_is_right",
            "clock_in_doubt",
            since=since.isoformat(),
            until=until.isoformat(),
            days=_days(found),
        )


def _longest(work: UnitOfWork, order: RetentionOrder) -> tuple[date, date] | None:
    """The two days around the longest silence that can make something look old.

    It begins with the last record that is as old as what would be removed, or on the day on which
    somebody last said that the clock was right; it ends today.
    """
    today = work.now.date()
    oldest = today - timedelta(days=order.older_than_days)
    days = set(activity.days(work.session))
    backups = {note.state.made_at.date() for note in work.installation.backups.folder.notes()}
    days.update(day for day in backups if day > oldest)  # older ones may go meanwhile
    checked = activity.clock_checked_on(work.session)
    begins = max((day for day in days if day <= oldest), default=oldest)
    if checked is not None and checked <= today:
        begins = max(begins, checked)
    known = sorted({today, *(day for day in days if begins <= day <= today)})
    return max(pairwise(known), key=_days, default=None)


def _days(silence: tuple[date, date]) -> int:
    since, until = silence
    return (until - since).days
