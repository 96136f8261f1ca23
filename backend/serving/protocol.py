"""What bounds one connection: a client that dawdles, or says too much, is cut off.

A connection costs memory and a file of the process until it ends. Nothing here needs a thread.
"""

from asyncio import AbstractEventLoop, TimerHandle
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

REQUEST_WITHIN_S = 30.0
"""From a connection's beginning, or a request's first byte, to the request's last byte."""

READ_WITHIN_S = 30.0
"""How long a client may leave an answer unread."""

KEEP_ALIVE_S = 15
"""How long a connection may be idle between two requests."""

LARGEST_HEAD_BYTES = 64 * 2**10
"""Of request line and headers together."""

CONNECTIONS = 900
"""At once; below the 1,024 files that a process may have open by default."""

BACKLOG = 512
"""Connections that wait to be taken."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP as the server speaks it, with an end to its patience."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._to_come = _Patience(self, REQUEST_WITHIN_S)
        self._to_read = _Patience(self, READ_WITHIN_S)
        self._head_bytes = 0
        self._in_head = True

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401  # as asyncio passes it
        """A client has come; it has to say something."""
        super().connection_made(transport)
        self._to_come.begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone, or was cut off."""
        self._to_come.end()
        self._to_read.end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes in bytes, unless a head grows without an end."""
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > LARGEST_HEAD_BYTES:
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._to_come.begin()

    def on_headers_complete(self) -> None:
        """Its head is there; the bytes behind it are of its body."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is there whole; what comes next is the head of another."""
        self._to_come.end()
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read as fast as it is answered."""
        super().pause_writing()
        self._to_read.begin()

    def resume_writing(self) -> None:
        """It has read what there was."""
        self._to_read.end()
        super().resume_writing()


class _Patience:
    """Cuts a connection off that does not do in time what it should."""

    def __init__(self, protocol: PatientProtocol, within_s: float) -> None:
        self._protocol = protocol
        self._within_s = within_s
        self._timer: TimerHandle | None = None

    def begin(self) -> None:
        """The time runs from now, unless it runs already."""
        if self._timer is None:
            self._timer = self._protocol.loop.call_later(self._within_s, self._cut_off)

    def end(self) -> None:
        """It was done."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _cut_off(self) -> None:
        self._timer = None
        self._protocol.transport.abort()
