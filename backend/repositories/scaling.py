"""What was measured on several devices, in the database."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.tables import ScalingRow


def save(session: Session, row: ScalingRow) -> None:
    """Stores a measurement; a run's second one replaces its first."""
    known = session.scalars(select(ScalingRow).where(ScalingRow.run_id == row.run_id)).one_or_none()
    if known is None:
        session.add(row)
    else:
        known.curve, known.device, known.measured_at = row.curve, row.device, row.measured_at
        known.dtype, known.versions = row.dtype, row.versions
    session.flush()


def find(session: Session, number: int) -> ScalingRow | None:
    """One measurement, or None."""
    return session.get(ScalingRow, number)


def page(
    session: Session, *, workload: str | None, device: str | None, offset: int, limit: int
) -> tuple[Sequence[ScalingRow], int]:
    """Measurements, newest first, and how many there are in all."""
    chosen = _chosen(workload, device)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    return session.scalars(chosen.offset(offset).limit(limit)).all(), total


def newest(session: Session, numbers: Sequence[int]) -> set[int]:
    """Those of some numbers that are the newest of their workload, device and number format."""
    latest = (
        select(func.max(ScalingRow.number))
        .group_by(ScalingRow.workload, ScalingRow.device, ScalingRow.dtype)
        .scalar_subquery()
    )
    chosen = select(ScalingRow.number).where(
        ScalingRow.number.in_(numbers), ScalingRow.number.in_(latest)
    )
    return set(session.scalars(chosen))


def _chosen(workload: str | None, device: str | None) -> Select[ScalingRow]:
    chosen = select(ScalingRow).order_by(ScalingRow.number.desc())
    if workload is not None:
        chosen = chosen.where(ScalingRow.workload == workload)
    if device is not None:
        chosen = chosen.where(ScalingRow.device == device)
    return chosen
