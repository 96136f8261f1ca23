"""When a worker leaves: it was told to, or has nothing to do any more."""

import signal
from collections.abc import Callable


class Leaving:
    """Whether SIGTERM or SIGINT was received, or the worker leaves by itself.

    Plain flags, because a signal handler sets them.
    """

    def __init__(self) -> None:
        self.asked = False
        self._then: Callable[[], None] | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.ask)

    def then(self, action: Callable[[], None]) -> None:
        """Does ``action``, too, now or when the time comes."""
        self._then = action
        if self.asked:
            action()

    def ask(self, *_: object) -> None:
        """From now on the worker leaves, for whatever reason."""
        self.asked = True
        if self._then is not None:
            self._then()
