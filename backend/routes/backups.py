"""Backups of the whole database, for the owner of the installation."""

from typing import Annotated

from fastapi import Depends, Path
from fastapi.responses import FileResponse

from backend.routes.dependencies import IdempotencyKey, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import backups, idempotency
from backend.unit_of_work import UnitOfWork
from planner.exchange.backups import Backups, BackupState

router = guarded(tags=["backups"])

MEDIA_TYPE = "application/vnd.sqlite3"

_FILE = {
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    "description": "The file; its hash is the entity tag.",
}


def made(work: Reading, idempotency_key: IdempotencyKey) -> BackupState:
    """The backup, before anybody waits for the one writer of the database."""
    with work.session:
        return backups.made(work, idempotency_key)


@router.post("/backups", status_code=201)
def make_backup(
    found: Annotated[BackupState, Depends(made, scope="function")],
    work: Writing,
    idempotency_key: IdempotencyKey,
) -> BackupState:
    """Makes a backup; everything acknowledged before is in it. Work goes on meanwhile."""

    def keep(work: UnitOfWork, _: None) -> BackupState:
        return backups.record(work, found)

    key = f"backup {idempotency_key}"
    return idempotency.once(work, key, None, answer=BackupState, make=keep)


@router.get("/backups")
def list_backups(work: Reading) -> Backups:
    """Every whole backup, newest first."""
    return backups.states(work)


@router.get("/backups/{number}/file", response_class=FileResponse, responses={200: _FILE})
def read_backup(number: Annotated[int, Path(ge=1, le=2**53)], work: Reading) -> FileResponse:
    """The file of a backup, as it was made."""
    state, path = backups.file_of(work, number)
    return FileResponse(
        path,
        media_type=MEDIA_TYPE,
        filename=state.file_name,
        headers={"ETag": f'"{state.sha256}"', "X-Content-Type-Options": "nosniff"},
    )
