"""A seat: the actor that Ray places, and the worker that it runs there.

The actor only keeps a program alive and says how it does. The worker is a process of its own that
dies with the actor, so that nothing of Ray is in the process that trains or supervises.
"""

import secrets
import socket
from collections.abc import Sequence
from typing import Any

from worker.executors.ray.placed import Placed, Said, given_gpus
from worker.executors.ray.seat_process import SEAT_PROGRAM, SeatProcess

_SECRET_BYTES = 32

Handle = Any
"""Of an actor; Ray makes its methods up."""


class Seat(Placed):
    """On some node, or on the first of several."""

    def __init__(self, told_within_s: float) -> None:
        super().__init__(told_within_s)
        self._offer: dict[str, Any] | None = None
        self._hosts: Sequence[Handle] = ()

    def open(
        self, order: dict[str, Any], layout: Sequence[int] = (), hosts: Sequence[Handle] = ()
    ) -> bool:
        """Starts the worker that an order describes; False if there is one already.

        The order holds the registration token. It comes as the argument of a call, which travels
        from process to process and is kept nowhere. So does the secret of the hosts, made here.

        Args:
            order: The settings of the worker, but for what only its node knows.
            layout: Devices on each node; nothing where there is one node.
            hosts: `RankHostSeat` on each node but the first, in the order of the layout.

        Raises:
            RuntimeError: The seat is about to leave.
        """
        return self.keep(lambda: self._start(order, layout, hosts), hear=self._hear)

    def state(self) -> dict[str, Any]:
        """How its worker does, as `SeatView` has it."""
        if self._process is None:
            return {"phase": "empty", "offer": None}
        return {"phase": "working" if self._offer else "starting", "offer": self._offer}

    def retire(self) -> None:
        """Leaves as soon as the worker has no run."""
        if self._process is not None:
            self._process.retire()

    def release(self) -> None:
        """Lets the worker end what it does with a checkpoint, and leaves after it."""
        if self._process is None:
            self.leave()
        else:
            self._process.release()

    def _start(
        self, order: dict[str, Any], layout: Sequence[int], hosts: Sequence[Handle]
    ) -> SeatProcess:
        self._hosts = hosts
        for host in hosts:
            host.expect.remote(self.handle)
        order = _placed(order)
        return SeatProcess(SEAT_PROGRAM, _spread(order, layout) if hosts else order)

    def _hear(self, said: Said) -> None:
        """Notes what the worker offers, and tells its hosts where it waits for them."""
        if "offer" in said:
            self._offer = said["offer"]
        for host, order in zip(self._hosts, said.get("hosts_may_come", ()), strict=False):
            host.open.remote(order, self.handle)


def _placed(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the devices that Ray gave, and a name that says where they are."""
    given = given_gpus()
    where = f" on {socket.gethostname()}"
    if given:
        where += f" gpu{'s' * (len(given) > 1)} {','.join(given)}"
    if order["device"] != "cpu":
        order = order | {"device": f"cuda:{','.join(given)}"}
    return order | {"name": order["name"] + where}


def _spread(order: dict[str, Any], layout: Sequence[int]) -> dict[str, Any]:
    """The order with the devices of this node alone, and hosts that bring the others."""
    import ray

    own, *others = layout
    if order["device"] == "cpu":
        order = order | {"cpu_processes": own}
    return order | {
        "rank_hosts": {
            "address": ray.util.get_node_ip_address(),
            "secret": secrets.token_hex(_SECRET_BYTES),
            "devices": others,
        }
    }
