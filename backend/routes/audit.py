"""The audit trail, for administrators."""

from typing import Annotated

from fastapi import Query

from backend.routes.dependencies import Day, PageNumber, PageSize, Reading
from backend.routes.guarded import guarded
from backend.services import audit_reading
from planner.exchange.access import AuditEntry
from planner.exchange.states import Page

router = guarded(tags=["audit"])

Name = Annotated[str | None, Query(max_length=200)]


@router.get("/audit")
def list_entries(
    work: Reading,
    subject: Name = None,
    principal: Name = None,
    day: Day | None = None,
    page: PageNumber = 1,
    page_size: PageSize = 50,
) -> Page[AuditEntry]:
    """Who changed what, before and after, newest first."""
    return audit_reading.entries(
        work, subject=subject, principal=principal, day=day, page=page, page_size=page_size
    )
