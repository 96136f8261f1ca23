"""The webhook and what it is sent, in the database."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.tables import DeliveryRow, NotificationRow, WebhookRow

WAITING = "waiting"


def webhook(session: Session) -> WebhookRow | None:
    """The webhook, if one was ever set."""
    return session.get(WebhookRow, 1)


def keep_webhook(session: Session, row: WebhookRow) -> None:
    """Stores it in place of the one before."""
    session.merge(row)
    session.flush()


def add(session: Session, row: DeliveryRow) -> None:
    """Stores something to be sent."""
    session.add(row)
    session.flush()


def find(session: Session, number: int) -> DeliveryRow | None:
    """One delivery, or None."""
    return session.get(DeliveryRow, number)


def waiting(session: Session) -> Sequence[int]:
    """Numbers of all that is still to be sent, oldest first."""
    chosen = select(DeliveryRow.number).where(DeliveryRow.status == WAITING)
    return session.scalars(chosen.order_by(DeliveryRow.number)).all()


def drop_waiting(session: Session, *, status: str) -> None:
    """Gives up everything that waits, without a try."""
    chosen = update(DeliveryRow).where(DeliveryRow.status == WAITING)
    session.execute(chosen.values(status=status))


def newest(session: Session, *, limit: int) -> list[tuple[DeliveryRow, str | None]]:
    """The last deliveries, newest first, each with the kind of its notification."""
    chosen = select(DeliveryRow, NotificationRow.kind).outerjoin(
        NotificationRow, NotificationRow.number == DeliveryRow.notification
    )
    ordered = chosen.order_by(DeliveryRow.number.desc()).limit(limit)
    return [(row, kind) for row, kind in session.execute(ordered)]
