"""A thread that speaks to the store, so that no order waits for an upload."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class StoreThread:
    """Does one thing after the other, in order; a store is made for one thread.

    The main thread speaks to the store itself only while this one is not `busy`. A process that
    ends does not wait for it: what it was storing is unfinished, and believed by nobody.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._last: Future[Any] | None = None
        threading.Thread(target=self._serve, name="store", daemon=True).start()

    def do(self, call: Callable[[], Answer]) -> Future[Answer]:
        """Has something done after all before it; what it raises is the future's."""
        future: Future[Answer] = Future()

        def carry_out() -> None:
            try:
                future.set_result(call())
            except Exception as error:  # noqa: BLE001 - whoever asks for the result raises it
                future.set_exception(error)

        self._last = future
        self._calls.put(carry_out)
        return future

    @property
    def busy(self) -> bool:
        """Whether something is not done yet."""
        return self._last is not None and not self._last.done()

    def close(self, *, within_s: float) -> None:
        """Ends after what is left to do, for which nobody waits longer than that."""
        self._calls.put(None)
        if self._last is not None:
            wait((self._last,), timeout=within_s)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
