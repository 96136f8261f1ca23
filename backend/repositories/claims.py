"""Claims in the database: which queued runs a worker could take, and the guarded hand-over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from backend.repositories.runs import QUEUE_ORDER
from backend.tables import ClaimRow, PilotRow, RunRow, WorkerRow


def add(session: Session, claim: ClaimRow) -> int:
    """Stores a claim; its number is a token above all before it."""
    session.add(claim)
    session.flush()
    return claim.token


def pilots_waiting(session: Session, worker: WorkerRow) -> Sequence[str]:
    """Pilots with a queued run that this worker could take."""
    return session.scalars(_claimable(worker).with_only_columns(RunRow.pilot_id).distinct()).all()


def claim_next(
    session: Session,
    worker: WorkerRow,
    *,
    pilots_at_cap: Sequence[str],
    token: int,
    now: datetime,
) -> RunRow | None:
    """Hands the best queued run to a worker, or None; only one claimer can win a run."""
    best: ScalarSelect[str] = (
        _claimable(worker)
        .where(RunRow.pilot_id.not_in(pilots_at_cap))
        .with_only_columns(RunRow.id)
        .order_by(*QUEUE_ORDER)
        .limit(1)
        .scalar_subquery()
    )
    claimed = _handed_over(worker, RunRow.id == best, token=token, now=now)
    return session.scalars(claimed, execution_options={"populate_existing": True}).one_or_none()


def _handed_over(
    worker: WorkerRow, which: ColumnElement[bool], *, token: int, now: datetime
) -> ReturningUpdate[RunRow]:
    return (
        update(RunRow)
        .where(which, RunRow.status == "queued")
        .values(
            status="running",
            attempt=RunRow.attempt + 1,
            token=token,
            worker_id=worker.id,
            wish=None,
            reason="",
            detail="",
            started_at=func.coalesce(RunRow.started_at, now),
            ended_at=None,
        )
        .returning(RunRow)
    )


def _claimable(worker: WorkerRow) -> Select[RunRow]:
    """Queued runs that a worker could take."""
    return (
        select(RunRow)
        .join(PilotRow, PilotRow.id == RunRow.pilot_id)
        .where(
            RunRow.status == "queued",
            PilotRow.workload.in_(worker.workloads),
            or_(PilotRow.measured_on.is_(None), PilotRow.measured_on == worker.device_name),
            or_(RunRow.store_url.is_(None), RunRow.store_url == worker.store_url),
        )
    )
