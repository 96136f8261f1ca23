"""Whether a command should end: told by a first signal, told to hurry by a second."""

import signal
from threading import Event


class Leaving:
    """Plain flags, because a signal handler sets them: a lock could be held by whom it interrupts.

    It is in time for its next wait, which are short.
    """

    def __init__(self) -> None:
        self._times = 0
        self._never = Event()

    def ask(self, *_: object) -> None:
        """It is time to leave; if it was already, whatever is left is ended at once."""
        self._times += 1

    def is_set(self) -> bool:
        """Whether it is time to leave."""
        return self._times > 0

    def is_hurried(self) -> bool:
        """Whether somebody does not want to wait for that."""
        return self._times > 1

    def wait(self, seconds: float) -> bool:
        """Whether it is time to leave, now or after so long."""
        if not self.is_set():
            self._never.wait(seconds)
        return self.is_set()


def leave_on_signals() -> Leaving:
    """What SIGINT and SIGTERM set, instead of ending the program in the middle."""
    leaving = Leaving()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leaving.ask)
    return leaving
