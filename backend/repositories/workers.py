"""Workers in the database."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import WorkerRow

ELSEWHERE = "elsewhere"
"""Stands for whatever trained the runs that were imported; it can neither register nor claim."""


MOST_NAMES = 1000
"""Names that are looked at where workers are told apart by them."""

_NEWEST = (WorkerRow.registered_at.desc(), WorkerRow.id)


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


def newest_of_names(session: Session, *, here: Collection[str]) -> Sequence[WorkerRow]:
    """The newest registration of each name: those that are here, and then the newest others.

    Over the years both names and registrations become many; only so many are looked at.
    """
    place = func.row_number().over(partition_by=WorkerRow.name, order_by=_NEWEST)
    trains_here = select(WorkerRow.id, place.label("place")).where(WorkerRow.id != ELSEWHERE)
    ranked = trains_here.subquery()
    newest = (
        select(WorkerRow)
        .join(ranked, ranked.c.id == WorkerRow.id)
        .where(ranked.c.place == 1)
        .order_by(WorkerRow.id.in_(here).desc(), *_NEWEST)
        .limit(MOST_NAMES)
    )
    return session.scalars(newest).all()


def those(session: Session, ids: Collection[str]) -> Sequence[WorkerRow]:
    """Registrations by their ids, the newest first."""
    if not ids:
        return ()
    chosen = select(WorkerRow).where(WorkerRow.id.in_(ids), WorkerRow.id != ELSEWHERE)
    return session.scalars(chosen.order_by(*_NEWEST)).all()
