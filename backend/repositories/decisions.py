"""Decisions, signed snapshots and production results in the database."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import DecisionRow, ProductionResultRow, SnapshotRow
from backend.tables.base import Base


def add(session: Session, *rows: Base) -> None:
    """Stores new rows, each after those that it names."""
    for row in rows:
        session.add(row)
        session.flush()


def add_results(session: Session, rows: Sequence[ProductionResultRow]) -> None:
    """Stores production results at once."""
    session.add_all(rows)
    session.flush()


def of_pilot(session: Session, pilot_id: str) -> Sequence[DecisionRow]:
    """Decisions on a pilot, oldest first."""
    chosen = select(DecisionRow).where(DecisionRow.pilot_id == pilot_id)
    return session.scalars(chosen.order_by(DecisionRow.number)).all()


def snapshot(session: Session, snapshot_id: str) -> SnapshotRow | None:
    """A signed snapshot, or None."""
    return session.get(SnapshotRow, snapshot_id)


def snapshot_hashes(session: Session, pilot_id: str) -> dict[str, str]:
    """Hash of every snapshot of a pilot, by its id."""
    chosen = select(SnapshotRow.id, SnapshotRow.sha256).where(SnapshotRow.pilot_id == pilot_id)
    return dict(session.execute(chosen).all())


def result(session: Session, result_id: str) -> ProductionResultRow | None:
    """A production result, or None."""
    return session.get(ProductionResultRow, result_id)


def results(session: Session, pilot_id: str) -> Sequence[ProductionResultRow]:
    """Production results of a pilot that count, oldest first."""
    chosen = select(ProductionResultRow).where(
        ProductionResultRow.pilot_id == pilot_id, ProductionResultRow.withdrawn_at.is_(None)
    )
    ordered = chosen.order_by(ProductionResultRow.day, ProductionResultRow.entered_at)
    return session.scalars(ordered).all()
