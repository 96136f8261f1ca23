"""Workloads that workers brought, in the database."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import PilotRow, WorkerRow, WorkloadRow
from planner.pilots.pilot import PilotPhase


def by_name(session: Session) -> Sequence[WorkloadRow]:
    """Every workload that was ever accepted."""
    return session.scalars(select(WorkloadRow).order_by(WorkloadRow.name)).all()


def find(session: Session, name: str) -> WorkloadRow | None:
    """One of them, or None."""
    return session.get(WorkloadRow, name)


def save(session: Session, row: WorkloadRow) -> None:
    """Stores a workload in place of what was known under its name."""
    session.merge(row)
    session.flush()


def pilots_of(session: Session, name: str, *, over: frozenset[PilotPhase]) -> Sequence[PilotRow]:
    """Pilots of a workload that are not ``over`` yet."""
    chosen = select(PilotRow).where(PilotRow.workload == name, PilotRow.phase.not_in(over))
    return session.scalars(chosen).all()


def take_from_workers(session: Session, name: str) -> None:
    """No worker that registered so far trains this workload any more."""
    for worker in session.scalars(select(WorkerRow)):
        if name in worker.workloads:
            worker.workloads = [other for other in worker.workloads if other != name]
    session.flush()
