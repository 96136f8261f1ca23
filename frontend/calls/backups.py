"""What the page of settings asks the API about backups."""

from uuid import uuid4

from frontend.calls.api import Api
from planner.exchange.backups import Backups, BackupState


def backups(api: Api) -> Backups:
    """What there is to put back, newest first."""
    return api.get(Backups, "/api/backups")


def make(api: Api) -> BackupState:
    """Has a backup made; a repeated call makes another one."""
    headers = {"Idempotency-Key": str(uuid4())}
    return api.post(BackupState, "/api/backups", headers=headers)


def content(api: Api, number: int) -> bytes:
    """The file of a backup, as it was made."""
    return api.post(bytes, f"/api/backups/{number}/file", method="GET")
