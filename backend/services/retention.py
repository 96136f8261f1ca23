"""Retention: what is old and what nothing rests on is told first, and removed on order.

Runs, attempts, evaluations, meters, decisions, snapshots, reports, notifications and the audit
trail stay: a review of any pilot can be computed again, and what was signed is never touched.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from backend.backups.folder import BackupFolder
from backend.repositories import retention
from backend.services import audit
from backend.unit_of_work import UnitOfWork
from planner.exchange.backups import BackupState
from planner.exchange.retention import (
    RetentionItem,
    RetentionKind,
    RetentionOrder,
    RetentionState,
)


def preview(work: UnitOfWork, order: RetentionOrder) -> RetentionState:
    """What an order would remove."""
    before = _moment(work, order)
    items = [_item(work, kind, found) for kind, found in retention.old(before).items()]
    items.append(_backups(old_backups(work.installation.backups.folder, before)))
    left = any(item.count for item in items)
    return RetentionState(applied=False, before=before, items=tuple(items), left=left)


def apply(
    work: UnitOfWork, order: RetentionOrder, *, discarded: list[BackupState]
) -> RetentionState:
    """Removes a portion of what is old, whole runs first; the audit trail says how much.

    Backups whose files are to be removed once the rest counts are added to ``discarded``.
    """
    before = _moment(work, order)
    items = list(_portion(work, before))
    discarded.extend(old_backups(work.installation.backups.folder, before))
    items.append(_backups(discarded))
    counts = {item.kind: item.count for item in items}
    after: dict[str, object] = {"older_than_days": order.older_than_days, "removed": counts}
    if order.clock_is_right:
        after["clock_is_right"] = True
    audit.record(work, "retention.apply", "retention", None, after)
    full = sum(counts.values()) - len(discarded) >= retention.ROWS_AT_ONCE
    left = full or bool(retention.next_runs(work.session, before))
    return RetentionState(applied=True, before=before, items=tuple(items), left=left)


def old_backups(folder: BackupFolder, before: datetime) -> tuple[BackupState, ...]:
    """Backups that are old; never the newest, nor the one before the last upgrade."""
    states = [note.state for note in folder.notes()]
    return tuple(one for one in states[1:] if one.cause != "upgrade" and one.made_at < before)


def _portion(work: UnitOfWork, before: datetime) -> Iterator[RetentionItem]:
    """Removes what one transaction may hold. Links go before the credentials that they name."""
    runs = retention.next_runs(work.session, before)
    rows = retention.ROWS_AT_ONCE
    for kind, found in retention.old(before).items():
        of_runs = kind in ("series", "logs")
        portion = retention.of_runs(found, runs) if of_runs else retention.some(found, rows)
        item = _item(work, kind, portion)
        retention.remove(work.session, portion)
        rows = max(rows - item.count, 0)
        yield item


def _item(work: UnitOfWork, kind: RetentionKind, found: retention.Old) -> RetentionItem:
    count, size_bytes = retention.measure(work.session, found)
    return RetentionItem(kind=kind, count=count, size_bytes=size_bytes)


def _backups(found: Sequence[BackupState]) -> RetentionItem:
    total = sum(one.size_bytes for one in found)
    return RetentionItem(kind="backups", count=len(found), size_bytes=total)


def _moment(work: UnitOfWork, order: RetentionOrder) -> datetime:
    return work.now - timedelta(days=order.older_than_days)
