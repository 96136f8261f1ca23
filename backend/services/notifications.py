"""Notifications: stored once, in the transaction of what they tell of, and read by people.

How far somebody has read is kept by name, as drafts are: sign-in today knows a person only by the
name that a credential carries, and all browsers of one name share what they have read.
"""

from typing import cast

from backend.repositories import notifications
from backend.services import audit, outbox
from backend.tables import NotificationRow, PilotRow
from backend.unit_of_work import UnitOfWork
from planner.exchange.notifications import Inbox, Notification, NotificationKind, ReadOrder
from planner.exchange.states import Page

Fact = str | int | float


def tell(
    work: UnitOfWork,
    kind: NotificationKind,
    pilot: PilotRow,
    *,
    occurrence: str,
    run_id: str | None = None,
    facts: dict[str, Fact],
) -> None:
    """Stores a notification, unless this occurrence of its kind was told before.

    Args:
        work: The transaction of what is told.
        kind: What happened.
        pilot: The pilot that it is about.
        occurrence: What tells it from everything else of its kind that ever happens.
        run_id: The run that it is about, if any.
        facts: Numbers and keys of its sentence.
    """
    once = f"{kind} {occurrence}"
    if notifications.told(work.session, once):
        return
    row = NotificationRow(
        kind=kind,
        occurrence=once,
        pilot_id=pilot.id,
        run_id=run_id,
        at=work.now,
        facts=dict(facts),
    )
    notifications.add(work.session, row)
    outbox.put(work, row.number)


def inbox(work: UnitOfWork, *, page: int, page_size: int) -> Inbox:
    """Newest notifications first, as whoever asks sees them."""
    rows, total = notifications.page(work.session, offset=(page - 1) * page_size, limit=page_size)
    read_up_to = notifications.read_up_to(work.session, work.principal.name)
    items = tuple(told_of(row, pilot, read_up_to=read_up_to) for row, pilot in rows)
    return Inbox(
        notifications=Page(items=items, page=page, page_size=page_size, total=total),
        unread=unread(work),
        newest=notifications.newest(work.session),
    )


def mark_read(work: UnitOfWork, order: ReadOrder) -> Inbox:
    """Notes that whoever asks has read everything up to a number; it never goes back.

    What is told later is new, however large the number.
    """
    name = work.principal.name
    before = notifications.read_up_to(work.session, name)
    after = max(before, min(order.up_to, notifications.newest(work.session)))
    notifications.keep_read_up_to(work.session, name, after)
    told = ({"read_up_to": before}, {"read_up_to": after})
    audit.record(work, "notifications.read", name, *told)
    return inbox(work, page=1, page_size=1)


def unread(work: UnitOfWork) -> int:
    """How many notifications whoever asks has not read."""
    read_up_to = notifications.read_up_to(work.session, work.principal.name)
    return notifications.newer_than(work.session, read_up_to)


def told_of(row: NotificationRow, pilot: PilotRow, *, read_up_to: int) -> Notification:
    """A stored notification as the API tells it."""
    return Notification(
        number=row.number,
        kind=cast("NotificationKind", row.kind),
        at=row.at,
        pilot_id=row.pilot_id,
        pilot_name=str(pilot.pilot["name"]),
        run_id=row.run_id,
        facts=cast("dict[str, Fact]", row.facts),
        read=row.number <= read_up_to,
    )
