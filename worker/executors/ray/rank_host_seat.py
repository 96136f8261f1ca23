"""Another node of a seat: the actor there, and the rank host that it runs.

As thin as the seat. The rank host connects to the seat's worker, holds its part of the ranks of
that worker's runs, and ends with it.
"""

from typing import Any

from worker.executors.ray.placed import Placed, given_gpus
from worker.executors.ray.seat_process import RANK_HOST_PROGRAM, SeatProcess


class RankHostSeat(Placed):
    """In the same group as its seat, which tells it where the worker waits."""

    def open(self, order: dict[str, Any]) -> bool:
        """Starts the rank host that an order describes; False if there is one already.

        The order holds the secret that lets it in, as the argument of a call.

        Raises:
            RuntimeError: The actor is about to leave.
        """
        return self.keep(
            lambda: SeatProcess(RANK_HOST_PROGRAM, _placed(order)), hear=lambda _: None
        )


def _placed(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the devices that Ray gave."""
    if order["device"] == "cpu":
        return order
    return order | {"device": f"cuda:{','.join(given_gpus())}"}
