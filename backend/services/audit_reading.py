"""The audit trail, read by administrators."""

from datetime import date

from backend.repositories import audit_entries
from backend.tables import AuditRow
from backend.unit_of_work import UnitOfWork
from planner.exchange.access import AuditEntry
from planner.exchange.states import Page


def entries(
    work: UnitOfWork,
    *,
    subject: str | None,
    principal: str | None,
    day: date | None,
    page: int,
    page_size: int,
) -> Page[AuditEntry]:
    """One page of changes, newest first; ``day`` is of UTC."""
    found = audit_entries.matching(subject=subject, principal=principal, day=day)
    rows = audit_entries.newest_first(
        work.session, found, limit=page_size, offset=(page - 1) * page_size
    )
    return Page(
        items=tuple(_entry(row) for row in rows),
        page=page,
        page_size=page_size,
        total=audit_entries.count(work.session, found),
    )


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        number=row.number,
        at=row.at,
        principal=row.principal,
        action=row.action,
        subject_id=row.subject_id,
        before=row.before,
        after=row.after,
    )
