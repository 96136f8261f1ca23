"""A thread that looks for something every few seconds until it is stopped."""

import logging
import threading
import time
from abc import ABC, abstractmethod

LOG = logging.getLogger(__name__)

ENDS_WITHIN_S = 2.0
"""How long a look that is going on is waited for; it is cut off between two of its commits."""


class Periodic(ABC):
    """Looks, again and again, for what no request does.

    Attributes:
        stopped: Set when the look that is going on should be the last.
    """

    def __init__(self, name: str, *, every_s: float) -> None:
        self.name = name
        self.every_s = every_s
        self.stopped = threading.Event()
        self._looked_at_s = time.monotonic()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    @abstractmethod
    def look(self) -> None:
        """Does whatever there is to do now."""

    def rest(self) -> bool:
        """Waits for the next look; says whether there is none because it was stopped."""
        return self.stopped.wait(self.every_s)

    def start(self) -> None:
        """Begins; the first look comes after one period."""
        self._looked_at_s = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Ends with the look that is going on, unless that takes too long."""
        self.stopped.set()
        self._thread.join(ENDS_WITHIN_S)
        if self._thread.is_alive():
            LOG.warning("%s is still at work and is left behind", self.name)

    def still_looks(self) -> None:
        """Says in the midst of a long look that it goes on."""
        self._looked_at_s = time.monotonic()

    def looked_ago_s(self) -> float:
        """Seconds since a look last ended well or said that it goes on, or since the start."""
        return time.monotonic() - self._looked_at_s

    def _loop(self) -> None:
        while not self.rest():
            try:
                self.look()
            except Exception:  # outermost loop of the thread: the next look tries again
                LOG.exception("%s failed", self.name)
            else:
                self._looked_at_s = time.monotonic()
