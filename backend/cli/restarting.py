"""How long a program that ended by itself is left alone before it is started again."""

import time
from collections.abc import Callable

FIRST_S = 1.0
LONGEST_S = 30.0

LIVED_S = 60.0
"""A program that ran for so long has nothing to do with how the one before it ended."""


class Pauses:
    """Twice as long each time, up to a limit; short again after a life that was long enough."""

    def __init__(self, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = monotonic_s
        self._next_s = FIRST_S
        self._began_s = monotonic_s()

    def began(self) -> None:
        """The program was started."""
        self._began_s = self._now_s()

    def take(self) -> float:
        """Seconds to wait, now that it has ended."""
        if self._now_s() - self._began_s >= LIVED_S:
            self._next_s = FIRST_S
        pause_s = self._next_s
        self._next_s = min(2 * pause_s, LONGEST_S)
        return pause_s
