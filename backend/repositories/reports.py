"""Reports and their files in the database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import ReportFileRow, ReportRow


def add(session: Session, row: ReportRow, content: bytes) -> None:
    """Stores a report; a file that is kept already is not stored again."""
    if session.get(ReportFileRow, row.sha256) is None:
        session.add(ReportFileRow(sha256=row.sha256, content=content))
        session.flush()
    session.add(row)
    session.flush()


def alike(session: Session, told: Mapping[str, str]) -> ReportRow | None:
    """The newest report with these values in its columns, or None."""
    chosen = select(ReportRow).filter_by(**told)
    return session.scalars(chosen.order_by(ReportRow.number.desc()).limit(1)).first()


def find(session: Session, number: int) -> ReportRow | None:
    """A report, or None."""
    return session.get(ReportRow, number)


def content(session: Session, sha256: str) -> bytes:
    """The bytes of a file that a report names."""
    return session.scalars(
        select(ReportFileRow.content).where(ReportFileRow.sha256 == sha256)
    ).one()


def of_pilot(session: Session, pilot_id: str, *, offset: int, limit: int) -> Sequence[ReportRow]:
    """Reports of a pilot, newest first."""
    chosen = select(ReportRow).where(ReportRow.pilot_id == pilot_id)
    return session.scalars(
        chosen.order_by(ReportRow.number.desc()).offset(offset).limit(limit)
    ).all()


def count(session: Session, pilot_id: str) -> int:
    """How many reports a pilot has."""
    chosen = select(func.count()).select_from(ReportRow).where(ReportRow.pilot_id == pilot_id)
    return session.scalar(chosen) or 0
