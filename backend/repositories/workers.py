"""Workers in the database."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import WorkerRow

ELSEWHERE = "elsewhere"
"""Stands for whatever trained the runs that were imported; it can neither register nor claim."""


def add(session: Session, worker: WorkerRow) -> None:
    """Stores a registration."""
    session.add(worker)
    session.flush()


def find(session: Session, worker_id: str) -> WorkerRow | None:
    """One worker, or None."""
    return session.get(WorkerRow, worker_id)


def by_token_hash(session: Session, token_hash: str) -> WorkerRow | None:
    """The worker whose token has this hash, or None."""
    return session.scalars(
        select(WorkerRow).where(WorkerRow.token_hash == token_hash)
    ).one_or_none()


def newest_first(session: Session) -> Sequence[WorkerRow]:
    """Every registration of a program that trains here; over the years they become many."""
    return session.scalars(_NEWEST_FIRST).all()


def those(session: Session, ids: Collection[str]) -> Sequence[WorkerRow]:
    """Registrations by their ids, the newest first."""
    if not ids:
        return ()
    return session.scalars(_NEWEST_FIRST.where(WorkerRow.id.in_(ids))).all()


_NEWEST_FIRST = (
    select(WorkerRow)
    .where(WorkerRow.id != ELSEWHERE)
    .order_by(WorkerRow.registered_at.desc(), WorkerRow.id)
)
