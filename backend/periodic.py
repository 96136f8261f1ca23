"""A thread that looks for something every few seconds until it is stopped."""

import logging
import threading
from abc import ABC, abstractmethod

LOG = logging.getLogger(__name__)


class Periodic(ABC):
    """Looks, again and again, for what no request does.

    Attributes:
        stopped: Set when the look that is going on should be the last.
    """

    def __init__(self, name: str, *, every_s: float) -> None:
        self.stopped = threading.Event()
        self._every_s = every_s
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    @abstractmethod
    def look(self) -> None:
        """Does whatever there is to do now."""

    def start(self) -> None:
        """Begins; the first look comes after one period."""
        self._thread.start()

    def stop(self) -> None:
        """Ends with the look that is going on."""
        self.stopped.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self.stopped.wait(self._every_s):
            try:
                self.look()
            except Exception:  # outermost loop of the thread: the next look tries again
                LOG.exception("%s failed", self._thread.name)
