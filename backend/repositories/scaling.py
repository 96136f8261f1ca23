"""What was measured on several devices, in the database."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import ScalingRow


def find(session: Session, number: int) -> ScalingRow | None:
    """One measurement, or None."""
    return session.get(ScalingRow, number)


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
