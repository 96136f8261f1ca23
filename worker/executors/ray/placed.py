"""What Ray places: an actor that keeps one program alive, and leaves with it.

It holds devices, so it stays for nobody: it leaves when its program ends, however it ends, and when
nobody told it in time what to do. Where others of its group are on other nodes, they end with it.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

from worker.executors.ray.seat_process import SeatProcess
from worker.secrecy import hide_from_plug_ins

_ENDED_WITHIN_S = 10.0

Said = Mapping[str, Any]
"""What a program says to its actor, as JSON."""

log = logging.getLogger(__name__)


class Placed:
    """Made by Ray on some node; its constructor is given no secret, since Ray writes that down."""

    def __init__(self, told_within_s: float) -> None:
        """Leaves by itself if nobody says within so many seconds what it is to do.

        Whoever made it may have died in between, and it holds devices.
        """
        hide_from_plug_ins()
        self._process: SeatProcess | None = None
        self._actor, self._group = _own_handle(), _own_group()
        self._is_over = False
        self._deciding = threading.Lock()
        self._forgotten = threading.Timer(told_within_s, self._leave_unless_told)
        self._forgotten.daemon = True
        self._forgotten.start()

    def keep(self, start: Callable[[], SeatProcess], *, hear: Callable[[Said], None]) -> bool:
        """Starts its program, and hears what that says; False if there is one already.

        Raises:
            RuntimeError: The actor is about to leave.
        """
        with self._deciding:
            if self._is_over:
                raise RuntimeError("nobody told it what to do in time: it leaves")
            if self._process is not None:
                return False
            self._forgotten.cancel()
            self._process = start()
        threading.Thread(target=self._watch, args=(self._process, hear), daemon=True).start()
        return True

    @property
    def handle(self) -> Any:  # noqa: ANN401 - Ray makes it up
        """Of this actor, for others of its group."""
        return self._actor

    def leave(self) -> None:
        """Ends this actor and, where it is one of a group, all others of it."""
        _leave(self._actor, self._group)

    def _leave_unless_told(self) -> None:
        with self._deciding:
            self._is_over = self._process is None
        if self._is_over:
            log.warning("nobody told this actor what to do: it leaves")
            self.leave()

    def _watch(self, process: SeatProcess, hear: Callable[[Said], None]) -> None:
        """Hears the program, and leaves with it, however it ends."""
        try:
            for said in process.says():
                hear(said)
            log.info("the program of this actor ended with %d", process.wait())
        finally:
            self.leave()


def given_gpus() -> list[str]:
    """The GPUs of its node that Ray gave to this actor."""
    import ray

    return [str(one) for one in ray.get_runtime_context().get_accelerator_ids().get("GPU", ())]


def _own_handle() -> Any:  # noqa: ANN401 - Ray makes it up
    import ray

    return ray.get_runtime_context().current_actor


def _own_group() -> Any:  # noqa: ANN401 - Ray's handle
    """Of places on several nodes; None on one."""
    import ray

    return ray.util.get_current_placement_group()


def _leave(actor: Any, group: Any) -> None:  # noqa: ANN401 - Ray's handles
    """The actor ends itself as Ray has it, and its resources are free, on every node.

    Its group ends first: an actor that is gone can end nothing.
    """
    import ray

    try:
        if group is not None:
            ray.util.remove_placement_group(group)
        ray.kill(actor)
    finally:
        # Without a cluster nobody ends it, and it is not to stay.
        threading.Timer(_ENDED_WITHIN_S, os._exit, (0,)).start()
