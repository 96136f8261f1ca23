"""Removing what is old, for the owner of the installation."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from backend.routes.dependencies import Reading, Writing, installation_of
from backend.routes.guarded import guarded
from backend.services import retention, silence
from planner.exchange.backups import BackupState
from planner.exchange.retention import RetentionOrder, RetentionState

router = guarded(tags=["retention"])


def discarded(request: Request) -> Iterator[list[BackupState]]:
    """Backups whose files go after the commit: what comes first ends last, and not on an error."""
    backups: list[BackupState] = []
    yield backups
    for backup in backups:
        installation_of(request).backups.folder.remove(backup)


def believed(body: RetentionOrder, work: Reading) -> RetentionOrder:
    """The order, unless the clock may be wrong; asked before anybody waits for the one writer."""
    with work.session:
        silence.refuse_long(work, body)
    return body


@router.post("/retention:preview")
def preview_retention(body: RetentionOrder, work: Reading) -> RetentionState:
    """What would be removed; nothing is."""
    return retention.preview(work, body)


@router.post("/retention:apply")
def apply_retention(
    order: Annotated[RetentionOrder, Depends(believed, scope="function")],
    backups: Annotated[list[BackupState], Depends(discarded, scope="function")],
    work: Writing,
) -> RetentionState:
    """Removes some of what is old and what no decision, snapshot or report rests on.

    While ``left`` is true there is more: the same order goes on, however the one before ended.
    """
    return retention.apply(work, order, discarded=backups)
