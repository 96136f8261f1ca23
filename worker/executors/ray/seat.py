"""A seat: the actor that Ray places, and the worker that it runs there.

The actor only keeps a program alive and says how it does. The worker is a process of its own that
dies with the actor, so that nothing of Ray is in the process that trains or supervises.
"""

import logging
import os
import socket
import threading
from typing import Any

from worker.executors.ray.seat_process import SeatProcess
from worker.secrecy import hide_from_plug_ins

_ENDED_WITHIN_S = 10.0

log = logging.getLogger(__name__)


class Seat:
    """Made by Ray on some node; its constructor is given no secret, since Ray writes that down."""

    def __init__(self, told_within_s: float) -> None:
        """Leaves by itself if nobody says within so many seconds what it is to do.

        Whoever made it may have died in between, and it holds devices.
        """
        hide_from_plug_ins()
        self._process: SeatProcess | None = None
        self._offer: dict[str, Any] | None = None
        self._actor = _own_handle()
        self._is_over = False
        self._deciding = threading.Lock()
        self._forgotten = threading.Timer(told_within_s, self._leave_unless_told)
        self._forgotten.daemon = True
        self._forgotten.start()

    def open(self, order: dict[str, Any]) -> bool:
        """Starts the worker that an order describes; False if there is one already.

        The order holds the registration token. It comes as the argument of a call, which travels
        from process to process and is kept nowhere.

        Raises:
            RuntimeError: The seat is about to leave.
        """
        with self._deciding:
            if self._is_over:
                raise RuntimeError("nobody told it what to do in time: it leaves")
            if self._process is not None:
                return False
            self._forgotten.cancel()
            self._process = SeatProcess(_placed(order))
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
        return True

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
            _leave(self._actor)
        else:
            self._process.release()

    def _leave_unless_told(self) -> None:
        with self._deciding:
            self._is_over = self._process is None
        if self._is_over:
            log.warning("nobody told this seat what to do: it leaves")
            _leave(self._actor)

    def _watch(self, process: SeatProcess) -> None:
        """Notes what the worker offers, and leaves with it, however it ends."""
        for offer in process.offers():
            self._offer = offer
        log.info("the worker of this seat ended with %d", process.wait())
        _leave(self._actor)


def _own_handle() -> Any:  # noqa: ANN401 - Ray makes it up
    import ray

    return ray.get_runtime_context().current_actor


def _leave(actor: Any) -> None:  # noqa: ANN401 - Ray's handle
    """The actor ends itself as Ray has it, and its resources are free."""
    import ray

    try:
        ray.kill(actor)
    finally:
        # Without a cluster nobody ends it, and it is not to stay.
        threading.Timer(_ENDED_WITHIN_S, os._exit, (0,)).start()


def _placed(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the devices that Ray gave, and a name that says where they are."""
    import ray

    given = [str(one) for one in ray.get_runtime_context().get_accelerator_ids().get("GPU", ())]
    where = f" on {socket.gethostname()}"
    if given:
        where += f" gpu{'s' * (len(given) > 1)} {','.join(given)}"
    if order["device"] != "cpu":
        order = order | {"device": f"cuda:{','.join(given)}"}
    return order | {"name": order["name"] + where}
