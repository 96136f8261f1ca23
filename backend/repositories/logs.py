"""What trainers printed, in the database."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.tables import LogRow


def attempts_with_log(session: Session, run_id: str) -> list[int]:
    """Attempts of a run that printed anything, oldest first."""
    chosen = select(LogRow.attempt).where(LogRow.run_id == run_id).distinct()
    return list(session.scalars(chosen.order_by(LogRow.attempt)))


def of_attempt(session: Session, run_id: str, attempt: int) -> Sequence[LogRow]:
    """What is kept of an attempt's log, oldest first."""
    chosen = select(LogRow).where(LogRow.run_id == run_id, LogRow.attempt == attempt)
    return session.scalars(chosen.order_by(LogRow.number)).all()


def newest(session: Session, run_id: str, attempt: int) -> LogRow | None:
    """The row that is written last, or None before the first."""
    chosen = select(LogRow).where(LogRow.run_id == run_id, LogRow.attempt == attempt)
    return session.scalars(chosen.order_by(LogRow.number.desc()).limit(1)).one_or_none()


def add(session: Session, row: LogRow) -> None:
    """Stores a new row."""
    session.add(row)
    session.flush()


def keep_newest(session: Session, run_id: str, attempt: int, *, characters: int) -> None:
    """Forgets the oldest rows until the rest has at most so many characters; one row stays."""
    listed = (
        select(LogRow.number, func.length(LogRow.text))
        .where(LogRow.run_id == run_id, LogRow.attempt == attempt)
        .order_by(LogRow.number.desc())
    )
    (last, kept), *older = session.execute(listed).all()
    oldest = last
    for number, length in older:
        kept += length
        if kept > characters:
            break
        oldest = number
    session.execute(
        delete(LogRow).where(
            LogRow.run_id == run_id, LogRow.attempt == attempt, LogRow.number < oldest
        )
    )
