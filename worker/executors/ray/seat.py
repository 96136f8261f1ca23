"""A seat: the actor that Ray places, and the worker that it runs there.

The actor only keeps a program alive and says how it does. The worker is a process of its own that
dies with the actor, so that nothing of Ray is in the process that trains or supervises.
"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import worker
from worker.secrecy import hide_from_plug_ins

PROGRAM = "worker.executors.ray.seat_program"

_ENDED_WITHIN_S = 10.0

log = logging.getLogger(__name__)


class Seat:
    """Made by Ray on some node; its constructor is given nothing, since Ray writes that down."""

    def __init__(self) -> None:
        hide_from_plug_ins()
        self._program: subprocess.Popen[str] | None = None
        self._offer: dict[str, Any] | None = None
        self._actor = _own_handle()

    def open(self, order: dict[str, Any]) -> bool:
        """Starts the worker that an order describes; False if there is one already.

        The order holds the registration token. It comes as the argument of a call, which travels
        from process to process and is kept nowhere.
        """
        if self._program is not None:
            return False
        self._program = subprocess.Popen(  # noqa: S603 - our own program and a whole number
            [sys.executable, "-m", PROGRAM, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
            start_new_session=True,
        )
        assert self._program.stdin is not None  # noqa: S101 - a pipe was asked for
        with self._program.stdin as told:
            json.dump(_placed(order), told)
        threading.Thread(target=self._watch, args=(self._program,), daemon=True).start()
        return True

    def state(self) -> dict[str, Any]:
        """How its worker does, as `SeatView` has it."""
        if self._program is None:
            return {"phase": "empty", "offer": None}
        return {"phase": "working" if self._offer else "starting", "offer": self._offer}

    def release(self) -> None:
        """Lets the worker end what it does with a checkpoint, and leaves after it."""
        if self._program is None:
            _leave(self._actor)
        else:
            self._program.send_signal(signal.SIGTERM)

    def _watch(self, program: "subprocess.Popen[str]") -> None:
        """Notes what the worker offers, and leaves with it, however it ends."""
        assert program.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in program.stdout:
            self._offer = json.loads(line)
        log.info("the worker of this seat ended with %d", program.wait())
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


def _environment() -> dict[str, str]:
    """That of the actor; our own packages are found where they were found here."""
    root = str(Path(worker.__file__).parents[1])
    others = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": root if others is None else f"{root}{os.pathsep}{others}"}


def _placed(order: dict[str, Any]) -> dict[str, Any]:
    """The order with the device that Ray gave, and a name that says where it is."""
    import ray

    given = [str(one) for one in ray.get_runtime_context().get_accelerator_ids().get("GPU", ())]
    where = f" on {socket.gethostname()}" + "".join(f" gpu {one}" for one in given)
    if order["device"] != "cpu":
        order = order | {"device": f"cuda:{given[0]}"}
    return order | {"name": order["name"] + where}
