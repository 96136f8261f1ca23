"""Backups on order, and what there is to put back."""

import hashlib
from pathlib import Path

from backend.services import audit
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import not_found
from planner.exchange.backups import Backups, BackupState


def made(work: UnitOfWork, key: str) -> BackupState:
    """The backup of this principal's order ``key``, made now if it was not before.

    Raises:
        RequestError: There is no room for it.
        TimeoutError: Another one is being made.
    """
    order = hashlib.sha256(f"{work.principal.name} {key}".encode()).hexdigest()
    return work.installation.backups.make("order", order=order)


def record(work: UnitOfWork, state: BackupState) -> BackupState:
    """Writes into the audit trail that a backup was made."""
    after = {"file_name": state.file_name, "sha256": state.sha256}
    audit.record(work, "backup.make", str(state.number), None, after)
    return state


def states(work: UnitOfWork) -> Backups:
    """Every whole backup, and how often one is made."""
    notes = work.installation.backups.folder.notes()
    every_h = work.settings.backup_every_h
    return Backups(
        items=tuple(note.state for note in notes),
        every_h=every_h or None,
        kept=work.settings.backups_kept,
    )


def file_of(work: UnitOfWork, number: int) -> tuple[BackupState, Path]:
    """A backup and its file.

    Raises:
        RequestError: There is none with this number.
    """
    folder = work.installation.backups.folder
    for note in folder.notes():
        if note.state.number == number:
            return note.state, folder.file_of(note.state)
    raise not_found("backup", str(number))
