"""When the API was last struck, when it served somebody again, and how often since."""

import threading
import time


class Pulse:
    """Shared by all clients: counts answers to what was sent after a strike."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._struck_at = self._served_at = time.monotonic()
        self.beats = 0

    def strike(self) -> None:
        """The API is about to be disturbed."""
        with self._lock:
            self._struck_at = time.monotonic()
            self.beats = 0

    def beat(self, *, sent_at: float) -> None:
        """A request that left at this monotonic second was acknowledged."""
        with self._lock:
            if sent_at <= self._struck_at:
                return
            if not self.beats:
                self._served_at = time.monotonic()
            self.beats += 1

    @property
    def recovered_s(self) -> float:
        """Seconds from the last strike to the first acknowledgement after it, once there is one."""
        with self._lock:
            assert self.beats
            return self._served_at - self._struck_at
