"""What only commands ask of an installation: its backups, workers, credentials and old data."""

import os
from pathlib import Path

from backend.backups.folder import sync_folder
from paybatch import Paybatch
from paybatch.connection import new_key
from paybatch.series import every_point
from planner.exchange.access import SignInLinkRequest, TokenRequest, TokenState
from planner.exchange.backups import BackupState
from planner.exchange.page_states import SignInLink
from planner.exchange.retention import RetentionOrder, RetentionState
from planner.exchange.series import SeriesGroup
from planner.exchange.states import Series, WorkerState


class Client(Paybatch):
    """The client that people have in scripts, and what administrators do beside."""

    def __init__(self, url: str, token: str) -> None:
        """A command says at once that there is no answer: whoever typed it looks at it."""
        super().__init__(url, token=token, patience_s=0.0)

    def every_point(self, run_id: str, group: SeriesGroup) -> Series:
        """One group of a run's live series, as it is written into files."""
        return every_point(self.connection, run_id, group)

    def workers(self) -> tuple[WorkerState, ...]:
        """Workers that were heard of since the API started."""
        return self.connection.send(tuple[WorkerState, ...], "GET", "/api/workers")

    def revoke_worker(self, worker_id: str) -> WorkerState:
        """Shuts a worker out now."""
        return self.connection.send(WorkerState, "POST", f"/api/workers/{worker_id}:revoke")

    def make_backup(self) -> BackupState:
        """Has a backup made; a repeated call makes another one."""
        return self.connection.send(BackupState, "POST", "/api/backups", headers=new_key())

    def retention(self, order: RetentionOrder, *, applies: bool) -> RetentionState:
        """What is old and what nothing rests on, removed if that is asked for."""
        path = f"/api/retention:{'apply' if applies else 'preview'}"
        return self.connection.send(RetentionState, "POST", path, body=order)

    def save_backup(self, backup: BackupState, out: Path) -> None:
        """Writes a backup into a private file, which is there once all of it is on the disk.

        Raises:
            OSError: It cannot be written there; nothing of it stays.
        """
        draft = out.with_name(f"{out.name}.draft")
        try:
            self._save(f"/api/backups/{backup.number}/file", draft)
            draft.replace(out)
            sync_folder(out.parent)
        finally:
            draft.unlink(missing_ok=True)

    def _save(self, path: str, draft: Path) -> None:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            for part in self.connection.parts(path):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())

    def make_token(self, request: TokenRequest) -> TokenState:
        """A new credential; its secret is only in this answer."""
        return self._made(TokenState, "/api/tokens", request)

    def make_sign_in_link(self, request: SignInLinkRequest) -> SignInLink:
        """A link that signs one browser in."""
        return self._made(SignInLink, "/api/sign-in-links", request)

    def tokens(self, *, live: bool) -> tuple[TokenState, ...]:
        """Credentials without their secrets; ``live`` leaves out those that ended."""
        params = {"live": str(live).lower()}
        return self.connection.send(tuple[TokenState, ...], "GET", "/api/tokens", params=params)

    def revoke_token(self, token_id: str) -> TokenState:
        """Ends a credential now."""
        return self.connection.send(TokenState, "POST", f"/api/tokens/{token_id}:revoke")
