"""Drafts in the database."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import DraftRow


def add(session: Session, row: DraftRow) -> None:
    """Stores a new draft."""
    session.add(row)
    session.flush()


def find(session: Session, draft_id: str) -> DraftRow | None:
    """One draft, or None."""
    return session.get(DraftRow, draft_id)


def count(session: Session, owner: str) -> int:
    """How many drafts somebody keeps."""
    counted = select(func.count()).select_from(DraftRow).where(DraftRow.owner == owner)
    return session.scalar(counted) or 0


def of_owner(session: Session, owner: str) -> Sequence[DraftRow]:
    """Somebody's drafts, last saved first."""
    chosen = select(DraftRow).where(DraftRow.owner == owner)
    return session.scalars(chosen.order_by(DraftRow.saved_at.desc(), DraftRow.id)).all()


def remove(session: Session, row: DraftRow) -> None:
    """Throws a draft away."""
    session.delete(row)
    session.flush()
