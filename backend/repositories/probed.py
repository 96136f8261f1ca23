"""What probes measured, in tables of one shape: throughput curves, steps on several devices."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.tables import ScalingRow, ThroughputRow

Row = TypeVar("Row", ThroughputRow, ScalingRow)


def save(session: Session, row: Row) -> None:
    """Stores a measurement; a run's second one replaces its first."""
    kind = type(row)
    known = session.scalars(select(kind).where(kind.run_id == row.run_id)).one_or_none()
    if known is None:
        session.add(row)
    else:
        known.curve, known.device, known.measured_at = row.curve, row.device, row.measured_at
        known.dtype, known.versions = row.dtype, row.versions
    session.flush()


def page(
    session: Session,
    kind: type[Row],
    *,
    workload: str | None,
    device: str | None,
    offset: int,
    limit: int,
) -> tuple[Sequence[Row], int]:
    """Measurements of one kind, newest first, and how many there are in all."""
    found = chosen(kind, workload, device)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    return session.scalars(found.offset(offset).limit(limit)).all(), total


def chosen(kind: type[Row], workload: str | None, device: str | None) -> Select[Row]:
    """Measurements of a workload and a device, or of all of them, newest first."""
    found = select(kind).order_by(kind.number.desc())
    if workload is not None:
        found = found.where(kind.workload == workload)
    if device is not None:
        found = found.where(kind.device == device)
    return found
