"""How the process itself is: whether it leaves, whether its threads look, whether it can store."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from backend.disk.free_room import free_bytes
from backend.disk.room import Room
from backend.wire.problems import RequestError

NOT_NOW = HTTPStatus.SERVICE_UNAVAILABLE

LATE_LOOKS = 10
"""Looks that a thread may miss before it counts as late."""

LATE_AT_LEAST_S = 30.0
"""Whatever the beat is: a busy computer is no defect."""

NEEDED = "reaper"
"""The thread without which work would stay where it is lost; others may take long over a look."""

NEEDED_BYTES = 4 * 2**20
"""Free room below which nothing is begun."""


class Watched(Protocol):
    """A thread as it is watched."""

    name: str
    every_s: float

    def looked_ago_s(self) -> float:
        """Seconds since its last look that ended well."""


@dataclass(slots=True, kw_only=True)
class Vitals:
    """Signs of life of one process; any thread may note and ask.

    Attributes:
        data_dir: Folder whose disk holds the database.
        leaving: Whether it was told to stop.
        threads: Those that look on their own; empty before the start.
        room: The reserve on that disk; None before the start.
    """

    data_dir: Path
    leaving: bool = False
    threads: Sequence[Watched] = ()
    room: Room | None = None

    def check(self) -> None:
        """Says why nothing should be sent here now.

        Raises:
            RequestError: 503 while it leaves, has no room to store, or the reaper's looks are late.
        """
        if self.leaving:
            raise RequestError(NOT_NOW, "leaving")
        if self.is_full():
            raise RequestError(NOT_NOW, "storage_full")
        if not any(one.name == NEEDED and not _is_late(one) for one in self.threads):
            raise RequestError(NOT_NOW, "looks_late")

    def is_ready(self) -> bool:
        """Whether work should be sent here now."""
        try:
            self.check()
        except RequestError:
            return False
        return True

    def is_full(self) -> bool:
        """Whether the disk of the database has no room, or had none a moment ago."""
        if self.room is not None and self.room.is_full():
            return True
        return self.free_bytes() < NEEDED_BYTES

    def free_bytes(self) -> int:
        """Room on that disk for this program."""
        return free_bytes(self.data_dir)


def _is_late(thread: Watched) -> bool:
    return thread.looked_ago_s() > max(LATE_AT_LEAST_S, LATE_LOOKS * thread.every_s)
