"""Room held in reserve on the disk, for what must still be written when the disk is full."""

import errno
import logging
import os
import resource
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from backend.disk.free_room import free_bytes

LOG = logging.getLogger(__name__)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

FULL_FOR_S = 10.0
"""How long a refused write is believed before room is held again."""

MARGIN_BYTES = 8 * 2**20
"""Free room beside the ballast before it is laid down again, and below which it is given up."""

PROBE_BYTES = 2**16

ENDS = frozenset(
    {
        "GET /sign-in",
        "POST /api/sign-in-links",
        "POST /api/sign-out",
        "POST /api/tokens/{token_id}:revoke",
        "POST /api/workers/{worker_id}:revoke",
        "POST /api/pilots/{pilot_id}:cancel",
        "POST /api/runs/{run_id}:cancel",
        "POST /api/runs/{run_id}:pause",
        "POST /api/retention:apply",
        "POST /api/webhook:off",
        "POST /api/notifications:read",
        "DELETE /api/drafts/{draft_id}",
        "DELETE /api/views/{view_id}",
        "POST /api/workers",
        "POST /api/runs/{run_id}/attempts/{number}/start",
        "POST /api/runs/{run_id}/attempts/{number}/checkpoints",
        "POST /api/runs/{run_id}/attempts/{number}/rollback",
        "POST /api/runs/{run_id}/attempts/{number}/finish",
    }
)
"""Routes that write little, and end something or make room: they may use the reserve."""


class Room:
    """A ballast file in the data folder; while it is given up nothing new is begun.

    Without one nothing is held back: every write is tried, and refused where it does not fit.
    """

    def __init__(
        self, folder: Path, *, ballast_bytes: int, monotonic_s: Callable[[], float]
    ) -> None:
        self._ballast = folder / "ballast"
        self._size_bytes = ballast_bytes
        self._monotonic_s = monotonic_s
        self._full_at_s: float | None = None
        self._one_at_a_time = threading.Lock()
        self._held = False

    def is_short(self) -> bool:
        """Whether what is left is kept for ends of runs, cancels and retention."""
        return self._size_bytes > 0 and not self._held

    def is_full(self) -> bool:
        """Whether nothing new is begun, or a write was refused a moment ago."""
        noted = self._full_at_s
        lately = noted is not None and self._monotonic_s() - noted < FULL_FOR_S
        return lately or self.is_short()

    def takes_no_more(self) -> bool:
        """Whether the disk refuses a small file, or files may not grow at will."""
        if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
            return True
        try:
            with tempfile.TemporaryFile(dir=self._ballast.parent, buffering=0) as probe:
                return probe.write(bytes(PROBE_BYTES)) < PROBE_BYTES
        except OSError as error:
            return error.errno in NO_ROOM

    def give_up(self) -> None:
        """A write was refused: the reserve is there for the next ones."""
        with self._one_at_a_time:
            self._full_at_s = self._monotonic_s()
            if self._held:
                LOG.warning("the disk is full: the ballast is given up, nothing new is begun")
            self._held = False
            self._ballast.unlink(missing_ok=True)

    def look(self) -> None:
        """Gives the reserve up before the last byte is taken; holds it again when there is room."""
        if not self._size_bytes:
            return
        if self._held:
            if free_bytes(self._ballast.parent) < MARGIN_BYTES:
                self.give_up()
            return
        noted = self._full_at_s
        if noted is None or self._monotonic_s() - noted >= FULL_FOR_S:
            self._lay_down()

    def _lay_down(self) -> None:
        with self._one_at_a_time:
            there = self._ballast.stat().st_size if self._ballast.exists() else 0
            if there != self._size_bytes:
                if free_bytes(self._ballast.parent) + there < self._size_bytes + 2 * MARGIN_BYTES:
                    return
                if not self._written():
                    return
            self._held = True
            if self._full_at_s is not None:
                LOG.info("there is room again: the ballast is laid down, work goes on")
            self._full_at_s = None

    def _written(self) -> bool:
        """Whether the ballast is on the disk; its blocks are taken, not only its length."""
        handle = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.posix_fallocate(handle, 0, self._size_bytes)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self._ballast.unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)
        return True
