"""The dispatcher's end of its link to Ray: asking, waiting, and noticing that nobody answers."""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from worker.codec import decode
from worker.executors.ray.settings import RaySettings
from worker.executors.ray.view import ClusterView

LINK = "worker.executors.ray.link"

CONNECTS_WITHIN_S = 90.0
ANSWERS_WITHIN_S = 60.0
"""Above what the link itself waits for; beyond it the link is taken for lost."""

_GLANCE_S = 0.2

_ENDS_WITHIN_S = 5.0


class ClusterAway(Exception):
    """Nobody answers for the cluster; what is there, and what becomes of it, nobody knows."""


class Cluster:
    """One link at a time, made when it is needed."""

    def __init__(self, settings: RaySettings, *, leaving: Callable[[], bool]) -> None:
        """``leaving`` ends a wait for an answer, which may be a long one."""
        self._settings = settings
        self._leaving = leaving
        self._link: _Link | None = None

    def look(self, prefix: str) -> ClusterView:
        """Seats, free resources and nodes."""
        return decode(ClusterView, self._ask({"do": "look", "prefix": prefix}))

    def open(self, name: str, order: Mapping[str, Any], *, layout: Sequence[int]) -> str:
        """Opens a seat, or tells the order to one that has none; why it could not, or nothing.

        ``layout`` has the devices on each of its nodes.
        """
        request = {
            "do": "open",
            "name": name,
            "order": order,
            "layout": list(layout),
            "takes": [self._settings.takes(devices) for devices in layout],
            "accelerator": self._settings.accelerator,
            "told_within_s": self._settings.told_within_s,
        }
        answer = self._ask(request)
        return "" if answer["opened"] else str(answer["why"])

    def retire(self, names: Collection[str]) -> None:
        """Asks seats to leave after their runs."""
        self._ask({"do": "retire", "names": sorted(names)})

    def release(self, names: Collection[str]) -> None:
        """Asks seats to leave after their checkpoints."""
        self._ask({"do": "release", "names": sorted(names)})

    def close(self) -> None:
        """Lets go of the cluster; seats go on."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def _ask(self, request: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        try:
            if self._link is None:
                self._link = _Link(self._settings.address, leaving=self._leaving)
                self._link.wait_until_connected()
            return self._link.ask(request)
        except ClusterAway:
            self.close()
            raise


class _Link:
    """A process that is connected to Ray, or tries to be."""

    def __init__(self, address: str, *, leaving: Callable[[], bool]) -> None:
        self._leaving = leaving
        self._unread = b""
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", LINK, str(os.getpid()), str(theirs.fileno()), address],
                pass_fds=[theirs.fileno()],
                stdout=subprocess.DEVNULL,  # what Ray tells people; our own lines go elsewhere
                start_new_session=True,
            )

    def wait_until_connected(self) -> None:
        """Returns once Ray has let it in."""
        self._receive(within_s=CONNECTS_WITHIN_S)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one question."""
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise ClusterAway("the connection is lost") from error
        return self._receive(within_s=ANSWERS_WITHIN_S)

    def close(self) -> None:
        """Ends the process, whatever it waits for."""
        self._socket.close()
        try:
            self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _receive(self, *, within_s: float) -> dict[str, Any]:
        until = time.monotonic() + within_s
        while b"\n" not in self._unread:
            if self._leaving():
                raise ClusterAway("there is no more time to wait for it")
            if time.monotonic() > until:
                raise ClusterAway(f"no answer within {within_s:g} s")
            readable, _, _ = select.select([self._socket], [], [], _GLANCE_S)
            if readable:
                received = self._socket.recv(65536)
                if not received:
                    raise ClusterAway("the connection is lost")
                self._unread += received
        line, _, self._unread = self._unread.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        if "away" in message:
            raise ClusterAway(message["away"])
        return message
