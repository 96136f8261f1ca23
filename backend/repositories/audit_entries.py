"""The audit trail in the database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.tables import AuditRow

Conditions = tuple[ColumnElement[bool], ...]


def matching(*, subject: str | None, principal: str | None, day: date | None) -> Conditions:
    """What entries have to be; None asks nothing. ``day`` is of UTC."""
    wanted: list[ColumnElement[bool]] = []
    if subject is not None:
        wanted.append(AuditRow.subject_id == subject)
    if principal is not None:
        wanted.append(AuditRow.principal == principal)
    if day is not None:
        begins, ends = (datetime.combine(day, at, tzinfo=UTC) for at in (time.min, time.max))
        wanted.append(AuditRow.at.between(begins, ends))
    return tuple(wanted)


def newest_first(
    session: Session, wanted: Conditions, *, limit: int, offset: int
) -> Sequence[AuditRow]:
    """One page of entries."""
    ordered = select(AuditRow).where(*wanted).order_by(AuditRow.number.desc())
    return session.scalars(ordered.limit(limit).offset(offset)).all()


def count(session: Session, wanted: Conditions) -> int:
    """How many entries match."""
    return session.scalar(select(func.count()).select_from(AuditRow).where(*wanted)) or 0
