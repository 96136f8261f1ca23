"""Measured throughput curves in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.repositories.probed import chosen
from backend.tables import ThroughputRow


def find(session: Session, number: int) -> ThroughputRow | None:
    """One curve, or None."""
    return session.get(ThroughputRow, number)


def trusted(session: Session, *, workload: str, dtype: str) -> Sequence[ThroughputRow]:
    """A workload's curves in one number format that nobody retired, newest first."""
    found = chosen(ThroughputRow, workload, None).where(
        ThroughputRow.dtype == dtype, ThroughputRow.retired_at.is_(None)
    )
    return session.scalars(found).all()


def of_workload(session: Session, workload: str) -> Sequence[ThroughputRow]:
    """All curves of a workload: those that nobody retired first, newest first."""
    found = select(ThroughputRow).where(ThroughputRow.workload == workload)
    return session.scalars(
        found.order_by(ThroughputRow.retired_at.is_not(None), ThroughputRow.number.desc())
    ).all()


def newest_of_device(session: Session, device: str) -> ThroughputRow | None:
    """The curve that was measured last on such a device and that nobody retired; None if none."""
    found = chosen(ThroughputRow, None, device).where(ThroughputRow.retired_at.is_(None))
    return session.scalars(found.limit(1)).one_or_none()


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
