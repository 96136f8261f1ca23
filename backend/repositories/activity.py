"""Days of which the database has a record."""

from datetime import date

from sqlalchemy import String, cast, func, select, union
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, AuditRow


def days(session: Session) -> tuple[date, ...]:
    """Days of UTC on which people changed something or workers began to train."""
    columns = (AuditRow.at, AttemptRow.claimed_at)
    found = union(*(select(func.substr(cast(column, String), 1, 10)) for column in columns))
    return tuple(date.fromisoformat(day) for (day,) in session.execute(found))


def clock_checked_on(session: Session) -> date | None:
    """The last day on which somebody said that the clock was right; None if nobody did."""
    said = AuditRow.after["clock_is_right"].as_boolean()
    newest = select(func.max(AuditRow.at)).where(AuditRow.action == "retention.apply", said)
    at = session.scalar(newest)
    return None if at is None else at.date()
