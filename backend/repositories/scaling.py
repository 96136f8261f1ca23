"""What was measured on several devices, in the database."""

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backend.repositories import probed
from backend.tables import PilotRow, RunRow, ScalingRow


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


def of_device(session: Session, *, workload: str, device: str) -> Sequence[ScalingRow]:
    """Measurements of a workload on devices of one kind, newest first."""
    return session.scalars(probed.chosen(ScalingRow, workload, device)).all()


def known_to(session: Session, pilot: PilotRow) -> Sequence[ScalingRow]:
    """What was measured of a pilot's workload on devices like its own: first by its own probe.

    Then what was known when the pilot was fixed, the newest first: later measurements change
    nothing of what it is composed of.
    """
    own = ScalingRow.run_id.in_(select(RunRow.id).where(RunRow.pilot_id == pilot.id))
    known = ScalingRow.measured_at <= pilot.created_at
    return session.scalars(
        select(ScalingRow)
        .where(
            ScalingRow.workload == pilot.workload,
            ScalingRow.device == pilot.measured_on,
            own | known,
        )
        .order_by(case((own, 0), else_=1), ScalingRow.number.desc())
    ).all()
