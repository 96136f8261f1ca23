"""Kept views in the database."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import ViewRow


def add(session: Session, row: ViewRow) -> None:
    """Stores a new view."""
    session.add(row)
    session.flush()


def find(session: Session, view_id: str) -> ViewRow | None:
    """One view, or None."""
    return session.get(ViewRow, view_id)


def count(session: Session) -> int:
    """How many are kept."""
    return session.scalar(select(func.count()).select_from(ViewRow)) or 0


def every(session: Session) -> Sequence[ViewRow]:
    """All of them, last saved first."""
    return session.scalars(select(ViewRow).order_by(ViewRow.saved_at.desc(), ViewRow.id)).all()


def remove(session: Session, row: ViewRow) -> None:
    """Throws a view away."""
    session.delete(row)
    session.flush()
