"""A thread that rests until somebody changes the table whose rows it works for."""

import threading
from typing import Any

from backend.database.watching import ANY_TABLE


class Ordered:
    """Wakes one thread up after each transaction that changed a table; at first it is awake.

    It is a `backend.database.watching.Watcher` of that table.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._changing = False
        self._awake = threading.Event()
        self._awake.set()

    def wait(self, patience_s: float) -> None:
        """Returns when something was ordered, or after so long."""
        self._awake.wait(patience_s)
        self._awake.clear()

    def wake(self) -> None:
        """Ends the wait."""
        self._awake.set()

    def before_change(self, table: str, parameters: Any, context: Any) -> None:  # noqa: ANN401, ARG002
        """What is ordered counts once its transaction is over."""
        self._changing |= table in (self._table, ANY_TABLE)

    def after_transaction(self) -> None:
        """Something was ordered, or nothing."""
        if self._changing:
            self._changing = False
            self.wake()

    def after_absence(self) -> None:
        """Another API may have written, whose order is looked for."""
        self.wake()
