"""The thread that makes backups by itself."""

from datetime import timedelta

from backend.threads.periodic import Periodic
from backend.unit_of_work import Installation

TRY_AGAIN_S = 600.0
"""After a backup that could not be made."""


class BackupSchedule(Periodic):
    """Makes one when the newest is old enough.

    How old is told by the time of day once, at the start; from then on by a clock that never jumps.
    """

    def __init__(self, installation: Installation, *, every_h: float) -> None:
        super().__init__("backups", every_s=installation.settings.beat_s)
        self._installation = installation
        self._every_s = 3600 * every_h
        self._due_s: float | None = None

    def look(self) -> None:
        """Makes a backup if one is due."""
        now_s = self._installation.clock.monotonic_s()
        if self._due_s is None:
            self._due_s = now_s + self._left_s()
        if now_s < self._due_s:
            return
        self._due_s = now_s + min(TRY_AGAIN_S, self._every_s)
        self._installation.backups.make("schedule")
        self._due_s = now_s + self._every_s

    def _left_s(self) -> float:
        """Seconds until the next one; a newest one that lies ahead of the clock is new."""
        notes = self._installation.backups.folder.notes()
        made = [one.state.made_at for one in notes if one.state.cause != "upgrade"]
        if not made:
            return 0.0
        age_s = (self._installation.clock.now() - made[0]) / timedelta(seconds=1)
        return self._every_s - min(max(age_s, 0.0), self._every_s)
