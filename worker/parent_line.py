"""A program's line to the one that started it: a socket of its own, one JSON value a line.

Settings come by it, since no other process sees them there. What libraries print to standard
output is no part of it.
"""

import json
import os
import select
import socket
from contextlib import suppress
from typing import Any


class ParentLine:
    """The started program's end; programs that it starts itself have no part in it."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._socket = socket.socket(fileno=descriptor)
        self._unread = b""

    def fileno(self) -> int:
        """Readable when something was said, or whoever started the program is gone."""
        return self._socket.fileno()

    def read(self) -> Any:  # noqa: ANN401 - JSON
        """The next message.

        Raises:
            EOFError: Whoever started the program is gone.
        """
        while b"\n" not in self._unread:
            received = self._socket.recv(65536)
            if not received:
                raise EOFError("whoever started this program is gone")
            self._unread += received
        message, _, self._unread = self._unread.partition(b"\n")
        return json.loads(message)

    def say(self, message: object) -> None:
        """Says something, unless nobody is there any more: then this program is about to end."""
        with suppress(OSError):
            self._socket.sendall(json.dumps(message).encode() + b"\n")

    def says_more(self) -> bool:
        """Whether something was said that was not read, or nobody is there any more."""
        return bool(self._unread or select.select([self._socket], [], [], 0)[0])
