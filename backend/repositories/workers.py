"""Workers and what they measured, in the database."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import ThroughputRow, WorkerRow


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
    """Every registration."""
    return session.scalars(
        select(WorkerRow).order_by(WorkerRow.registered_at.desc(), WorkerRow.id)
    ).all()


def save_throughput(session: Session, row: ThroughputRow) -> None:
    """Stores a curve; a run's second one replaces its first."""
    if row.run_id is not None:
        known = session.scalars(
            select(ThroughputRow).where(ThroughputRow.run_id == row.run_id)
        ).one_or_none()
        if known is not None:
            known.curve, known.device, known.measured_at = row.curve, row.device, row.measured_at
            return
    session.add(row)
    session.flush()


def throughput_curves(
    session: Session, *, workload: str | None, device: str | None
) -> Sequence[ThroughputRow]:
    """Curves, newest first."""
    chosen = select(ThroughputRow).order_by(ThroughputRow.number.desc())
    if workload is not None:
        chosen = chosen.where(ThroughputRow.workload == workload)
    if device is not None:
        chosen = chosen.where(ThroughputRow.device == device)
    return session.scalars(chosen).all()
