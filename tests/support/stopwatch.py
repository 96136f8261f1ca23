"""How long something takes that was promised in time, on a computer that others use as well."""

import os
import threading
import time

_LOOK_EVERY_S = 0.05


class Stopwatch:
    """Runs from its beginning to its end, and counts for how long this process stood still.

    That may be a computer that is stopped, or a moment in which others have all of it: the load of
    the last minute says nothing of either.
    """

    def __init__(self) -> None:
        self._began = self._looked_at = time.monotonic()
        self._stood_still_s = 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="stopwatch", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Stopwatch":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Counts no more."""
        self._ended.set()
        self._thread.join()

    @property
    def took_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    def allowed_s(self, promised_s: float) -> float:
        """What a promise of so many seconds is here and now."""
        self._look()
        return promised_s * crowding() + self._stood_still_s

    def _keep_looking(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        with self._lock:
            now = time.monotonic()
            late_s = now - self._looked_at - _LOOK_EVERY_S
            if late_s > _LOOK_EVERY_S:
                self._stood_still_s += late_s
            self._looked_at = now


def crowding() -> float:
    """How many programs of this computer share one of its cores; at least 1."""
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))
