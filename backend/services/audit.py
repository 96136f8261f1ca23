"""The audit trail: who changed what, before and after."""

from collections.abc import Mapping

from backend.repositories import tokens
from backend.tables import AuditRow
from backend.unit_of_work import UnitOfWork


def record(
    work: UnitOfWork,
    action: str,
    subject_id: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
) -> None:
    """Adds one entry in the same transaction as the change."""
    tokens.record(
        work.session,
        AuditRow(
            at=work.now,
            principal=work.principal.name,
            action=action,
            subject_id=subject_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        ),
    )
