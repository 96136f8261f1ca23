"""Another node of a seat: the actor there, and the rank host that it runs.

As thin as the seat. The rank host connects to the seat's worker, holds its part of the ranks of
that worker's runs, and ends with it.
"""

import threading
import time
from typing import Any

from worker.executors.ray.placed import Placed, given_gpus
from worker.executors.ray.seat_process import RANK_HOST_PROGRAM, SeatProcess

_CLEARED_UP_WITHIN_S = 30.0
"""A worker without its rank hosts says what became of its run, and then its seat leaves."""

_LOOK_EVERY_S = 1.0
_ANSWERS_WITHIN_S = 5.0


class RankHostSeat(Placed):
    """In the same group as its seat, which tells it where the worker waits."""

    def __init__(self, told_within_s: float) -> None:
        super().__init__(told_within_s)
        self._seat: Any = None

    def expect(self, seat: Any) -> None:  # noqa: ANN401 - Ray's handle
        """Waits for what its seat will tell it, while the seat is there."""
        self._seat = seat
        self._forgotten.cancel()
        threading.Thread(target=self._leave_without_seat, daemon=True).start()

    def open(self, order: dict[str, Any], seat: Any) -> bool:  # noqa: ANN401 - Ray's handle
        """Starts the rank host that an order describes; False if there is one already.

        The order holds the secret that lets it in, as the argument of a call.

        Raises:
            RuntimeError: The actor is about to leave.
        """
        self._seat = seat
        return self.keep(
            lambda: SeatProcess(RANK_HOST_PROGRAM, _placed(order)), hear=lambda _: None
        )

    def leave(self) -> None:
        """Ends the whole group, unless its seat does; one that is gone is not waited for."""
        pause = threading.Event()
        until = time.monotonic() + _CLEARED_UP_WITHIN_S
        while time.monotonic() < until and self._seat_answers():
            pause.wait(_LOOK_EVERY_S)
        super().leave()

    def _leave_without_seat(self) -> None:
        """Until it has a program: whoever has one leaves with that."""
        pause = threading.Event()
        while self._process is None:
            if not self._seat_answers():
                super().leave()
                return
            pause.wait(_LOOK_EVERY_S)

    def _seat_answers(self) -> bool:
        import ray

        if self._seat is None:
            return False
        try:
            ray.get(self._seat.state.remote(), timeout=_ANSWERS_WITHIN_S)
        except (ray.exceptions.RayError, TimeoutError):
            return False
        return True


def _placed(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the devices that Ray gave."""
    if order["device"] == "cpu":
        return order
    return order | {"device": f"cuda:{','.join(given_gpus())}"}
