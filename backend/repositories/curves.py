"""Measured throughput curves in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from backend.tables import ThroughputRow


def save(session: Session, row: ThroughputRow) -> None:
    """Stores a curve; a run's second one replaces its first."""
    known = session.scalars(
        select(ThroughputRow).where(ThroughputRow.run_id == row.run_id)
    ).one_or_none()
    if known is not None:
        known.curve, known.device, known.measured_at = row.curve, row.device, row.measured_at
        known.dtype, known.versions = row.dtype, row.versions
        return
    session.add(row)
    session.flush()


def find(session: Session, number: int) -> ThroughputRow | None:
    """One curve, or None."""
    return session.get(ThroughputRow, number)


def trusted(session: Session, *, workload: str, dtype: str) -> Sequence[ThroughputRow]:
    """A workload's curves in one number format that nobody retired, newest first."""
    chosen = _chosen(workload, None).where(
        ThroughputRow.dtype == dtype, ThroughputRow.retired_at.is_(None)
    )
    return session.scalars(chosen).all()


def of_workload(session: Session, workload: str) -> Sequence[ThroughputRow]:
    """All curves of a workload: those that nobody retired first, newest first."""
    chosen = select(ThroughputRow).where(ThroughputRow.workload == workload)
    return session.scalars(
        chosen.order_by(ThroughputRow.retired_at.is_not(None), ThroughputRow.number.desc())
    ).all()


def newest_of_device(session: Session, device: str) -> ThroughputRow | None:
    """The curve that was measured last on such a device and that nobody retired; None if none."""
    chosen = _chosen(None, device).where(ThroughputRow.retired_at.is_(None))
    return session.scalars(chosen.limit(1)).one_or_none()


def page(
    session: Session, *, workload: str | None, device: str | None, offset: int, limit: int
) -> tuple[Sequence[ThroughputRow], int]:
    """Curves, newest first, and how many there are in all."""
    chosen = _chosen(workload, device)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return session.scalars(chosen.offset(offset).limit(limit)).all(), total


def retire(session: Session, *, workload: str, device: str, up_to: int, at: datetime) -> list[int]:
    """Retires a device's curves of a workload up to a number; those that were not yet."""
    retired = (
        update(ThroughputRow)
        .where(
            ThroughputRow.workload == workload,
            ThroughputRow.device == device,
            ThroughputRow.number <= up_to,
            ThroughputRow.retired_at.is_(None),
        )
        .values(retired_at=at)
        .returning(ThroughputRow.number)
    )
    return sorted(session.scalars(retired, execution_options={"synchronize_session": "fetch"}))


def retire_all(session: Session, *, workload: str, at: datetime) -> None:
    """Retires every curve of a workload."""
    known = (ThroughputRow.workload == workload, ThroughputRow.retired_at.is_(None))
    session.execute(update(ThroughputRow).where(*known).values(retired_at=at))


def _chosen(workload: str | None, device: str | None) -> Select[ThroughputRow]:
    chosen = select(ThroughputRow).order_by(ThroughputRow.number.desc())
    if workload is not None:
        chosen = chosen.where(ThroughputRow.workload == workload)
    if device is not None:
        chosen = chosen.where(ThroughputRow.device == device)
    return chosen
