"""What happened in a pilot or to the installation, newest first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, AuditRow, RunRow


def attempts(session: Session, pilot_id: str, *, limit: int) -> Sequence[AttemptRow]:
    """Attempts of a pilot's runs, last claimed first."""
    runs = select(RunRow.id).where(RunRow.pilot_id == pilot_id)
    chosen = (
        select(AttemptRow)
        .where(AttemptRow.run_id.in_(runs))
        .order_by(AttemptRow.claimed_at.desc(), AttemptRow.token.desc())
    )
    return session.scalars(chosen.limit(limit)).all()


def changes(session: Session, pilot_id: str, *, limit: int) -> Sequence[AuditRow]:
    """What people changed about a pilot or its runs, last first."""
    runs = select(RunRow.id).where(RunRow.pilot_id == pilot_id)
    chosen = select(AuditRow).where(
        (AuditRow.subject_id == pilot_id) | AuditRow.subject_id.in_(runs)
    )
    return session.scalars(chosen.order_by(AuditRow.number.desc()).limit(limit)).all()


def of_action(session: Session, action: str, *, limit: int) -> Sequence[AuditRow]:
    """The last changes of one kind, newest first."""
    chosen = select(AuditRow).where(AuditRow.action == action)
    return session.scalars(chosen.order_by(AuditRow.number.desc()).limit(limit)).all()
