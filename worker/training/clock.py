"""What an attempt has cost its device: its wall clock, or its share of a bundle's."""

import time


class Clock:
    """Counts a share of the seconds that pass: all of them for a run that has the device alone.

    Runs that are trained together have no wall clock of their own. Each of them counts an equal
    share, changed for all at the same moment when one of them leaves, so that the shares always
    add up to what the bundle took.
    """

    def __init__(self) -> None:
        self._counted_s = 0.0
        self._since = 0.0
        self._share = 0.0

    @property
    def share(self) -> float:
        """What counts of every second at present; 0 before the first step."""
        return self._share

    def count(self, share: float, *, now: float | None = None) -> None:
        """From now on this share of every second counts; 0 stops the clock.

        Args:
            share: Between 0 and 1.
            now: Monotonic second of the change; members of a bundle are told the same one.
        """
        now = time.monotonic() if now is None else now
        self._counted_s = self.seconds(now=now)
        self._since, self._share = now, share

    def restart(self) -> None:
        """Begins anew at nothing, for the next attempt, and counts on as before."""
        now = time.monotonic()
        self._counted_s, self._since = 0.0, now

    def seconds(self, *, now: float | None = None) -> float:
        """What has been counted until ``now``."""
        now = time.monotonic() if now is None else now
        return self._counted_s + self._share * (now - self._since)
