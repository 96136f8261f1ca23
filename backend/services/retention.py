"""Retention: what is old and what nothing rests on is told first, and removed on order.

Runs, attempts, evaluations, meters, decisions, snapshots, reports, notifications and the audit
trail stay: a review of any pilot can be computed again, and what was signed is never touched.
"""

from datetime import datetime, timedelta

from backend.backups.folder import BackupFolder
from backend.repositories import retention
from backend.services import audit
from backend.unit_of_work import UnitOfWork
from planner.exchange.backups import BackupState
from planner.exchange.retention import RetentionItem, RetentionOrder, RetentionState


def preview(work: UnitOfWork, order: RetentionOrder) -> RetentionState:
    """What an order would remove."""
    return _state(work, order, applied=False)


def apply(work: UnitOfWork, order: RetentionOrder) -> RetentionState:
    """Removes what is old; the audit trail says how much."""
    state = _state(work, order, applied=True)
    for found in retention.old(state.before).values():
        retention.remove(work.session, found)
    folder = work.installation.backups.folder
    for backup in old_backups(folder, state.before):
        folder.remove(backup)
    counts = {item.kind: item.count for item in state.items}
    after = {"older_than_days": order.older_than_days, "removed": counts}
    audit.record(work, "retention.apply", "retention", None, after)
    return state


def old_backups(folder: BackupFolder, before: datetime) -> tuple[BackupState, ...]:
    """Backups that are old; never the newest, nor the one before the last upgrade."""
    states = [note.state for note in folder.notes()]
    return tuple(one for one in states[1:] if one.cause != "upgrade" and one.made_at < before)


def _state(work: UnitOfWork, order: RetentionOrder, *, applied: bool) -> RetentionState:
    before = work.now - timedelta(days=order.older_than_days)
    items = []
    for kind, found in retention.old(before).items():
        count, size_bytes = retention.measure(work.session, found)
        items.append(RetentionItem(kind=kind, count=count, size_bytes=size_bytes))
    backups = old_backups(work.installation.backups.folder, before)
    total = sum(one.size_bytes for one in backups)
    items.append(RetentionItem(kind="backups", count=len(backups), size_bytes=total))
    return RetentionState(applied=applied, before=before, items=tuple(items))
