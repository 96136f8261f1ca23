"""Notifications in the database, and how far each person has read them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import NotificationReaderRow, NotificationRow, PilotRow


def told(session: Session, occurrence: str) -> bool:
    """Whether something was told already."""
    chosen = select(NotificationRow.number).where(NotificationRow.occurrence == occurrence)
    return session.scalar(chosen) is not None


def add(session: Session, row: NotificationRow) -> None:
    """Stores a notification; it has its number afterwards."""
    session.add(row)
    session.flush()


def page(
    session: Session, *, offset: int, limit: int
) -> tuple[Sequence[tuple[NotificationRow, PilotRow]], int]:
    """Newest notifications first, each with its pilot, and how many there are in all."""
    total = session.scalar(select(func.count()).select_from(NotificationRow)) or 0
    chosen = select(NotificationRow, PilotRow).join(PilotRow)
    ordered = chosen.order_by(NotificationRow.number.desc()).offset(offset).limit(limit)
    return [(row, pilot) for row, pilot in session.execute(ordered)], total


def find(session: Session, number: int) -> tuple[NotificationRow, PilotRow] | None:
    """One notification with its pilot, or None."""
    chosen = select(NotificationRow, PilotRow).join(PilotRow)
    found = session.execute(chosen.where(NotificationRow.number == number)).one_or_none()
    return None if found is None else (found[0], found[1])


def read_up_to(session: Session, name: str) -> int:
    """Number up to which somebody has read; 0 before the first time."""
    row = session.get(NotificationReaderRow, name)
    return 0 if row is None else row.read_up_to


def keep_read_up_to(session: Session, name: str, number: int) -> None:
    """Notes how far somebody has read."""
    session.merge(NotificationReaderRow(name=name, read_up_to=number))
    session.flush()


def newest(session: Session) -> int:
    """Number of the last notification; 0 before the first."""
    return session.scalar(select(func.max(NotificationRow.number))) or 0


def newer_than(session: Session, number: int) -> int:
    """How many were told after a number."""
    chosen = select(func.count()).where(NotificationRow.number > number)
    return session.scalar(chosen) or 0
