"""Pauses between tries that fail, each longer than the one before."""

import time

LONGEST_S = 30.0

_DOUBLED_AT_MOST = 10


class BackOff:
    """After a failure nothing is tried for a while; each one in a row makes the while longer."""

    def __init__(self, first_s: float) -> None:
        """``first_s`` is the first pause, in seconds."""
        self._first_s = first_s
        self._failures = 0
        self._until = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the next try may be made."""
        return time.monotonic() >= self._until

    @property
    def failures(self) -> int:
        """How many tries have failed in a row."""
        return self._failures

    def fail(self) -> float:
        """Seconds until the next try."""
        doubled = min(self._failures, _DOUBLED_AT_MOST)
        pause_s = min(self._first_s * 2.0**doubled, LONGEST_S)
        self._failures += 1
        self._until = time.monotonic() + pause_s
        return pause_s

    def succeed(self) -> None:
        """The next failure is the first one again; a pause that has begun goes on."""
        self._failures = 0
