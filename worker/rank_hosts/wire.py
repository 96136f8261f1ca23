"""What worker and rank host say to each other once each knows who the other is.

One JSON value a line; where it says so, so many bytes follow it. Both ends say something every
few seconds, whatever else they do: a computer that loses its power closes no connection, and its
silence is all that is ever noticed of that.
"""

import json
import logging
import os
import queue
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

MOST_BYTES = 2**20
"""Behind one line."""

_LONGEST_LINE = 2**24
_BEATS_WITHIN_SILENCE = 7
_MOST_UNREAD = 16
_LOOK_EVERY_S = 0.2
_BEAT: Mapping[str, Any] = {"beat": True}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and the bytes that followed it."""

    message: dict[str, Any]
    content: bytes = b""


class Wire:
    """One end. Two threads of its own listen and speak: nothing that its owner does holds them up.

    Args:
        connection: To the other end.
        lines: What comes over it, from where the handshake ended.
        silence_s: Time without a word after which the other end counts as gone.
    """

    def __init__(self, connection: socket.socket, lines: BinaryIO, *, silence_s: float) -> None:
        connection.settimeout(silence_s)
        self._connection = connection
        self._lines = lines
        self._beat_s = silence_s / _BEATS_WITHIN_SILENCE
        self._heard: queue.Queue[Heard] = queue.Queue(_MOST_UNREAD)
        self._unsent: queue.Queue[tuple[Mapping[str, Any], memoryview]] = queue.Queue()
        self._gone = threading.Event()
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("listens", self._listen), ("speaks", self._speak))
        ]
        for thread in self._threads:
            thread.start()

    def fileno(self) -> int:
        """Readable when something was heard, or the other end is gone."""
        return self._woken

    @property
    def is_gone(self) -> bool:
        """Whether the other end is gone, or silent, or does not speak as it should."""
        return self._gone.is_set()

    def say(self, message: Mapping[str, Any], content: bytes | memoryview = b"") -> None:
        """Says something as soon as all before it is said; at most `MOST_BYTES` of content."""
        self._unsent.put((message, memoryview(content)))

    def forget_unsent(self) -> None:
        """What has not begun to be sent is not sent any more."""
        with suppress(queue.Empty):
            while True:
                self._unsent.get_nowait()

    def heard(self) -> list[Heard]:
        """What has come since, without waiting."""
        found = []
        with suppress(BlockingIOError):
            os.read(self._woken, 4096)
        with suppress(queue.Empty):
            while True:
                found.append(self._heard.get_nowait())
        return found

    def hang_up(self) -> None:
        """The other end is gone from now on, whether or not all was said."""
        self._gone.set()
        self.say(_BEAT)  # whoever waits for something to say is to notice
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._wake_up()

    def close(self) -> None:
        """Hangs up and lets go of everything; nothing is asked of it afterwards."""
        self.hang_up()
        for thread in self._threads:
            thread.join()
        self._lines.close()
        self._connection.close()
        for descriptor in (self._woken, self._wake):
            os.close(descriptor)

    def _listen(self) -> None:
        try:
            while not self.is_gone and (line := self._lines.readline(_LONGEST_LINE)):
                self._take(json.loads(line))
        except (OSError, ValueError, RecursionError) as error:
            if not self.is_gone:
                log.warning("nothing more is heard from the other computer: %s", error)
        self.hang_up()

    def _take(self, message: Any) -> None:  # noqa: ANN401 - JSON
        """Hands a message over, once there is room for it.

        Raises:
            ValueError: It is none of ours.
        """
        if not isinstance(message, dict):
            raise ValueError("a message that is none")
        size = message.get("bytes", 0)
        if type(size) is not int or not 0 <= size <= MOST_BYTES:
            raise ValueError("more bytes than one message may have")
        content = self._lines.read(size)
        if len(content) < size:
            raise ValueError("a message that was cut off")
        if message == _BEAT:
            return
        while not self.is_gone:
            with suppress(queue.Full):
                self._heard.put(Heard(message, content), timeout=_LOOK_EVERY_S)
                self._wake_up()
                return

    def _speak(self) -> None:
        nothing = (_BEAT, memoryview(b""))
        try:
            while not self.is_gone:
                try:
                    message, content = self._unsent.get(timeout=self._beat_s)
                except queue.Empty:
                    message, content = nothing
                if content:
                    message = {**message, "bytes": len(content)}
                self._send(memoryview(json.dumps(message).encode() + b"\n"))
                self._send(content)
        except OSError as error:
            if not self.is_gone:
                log.warning("nothing more is said to the other computer: %s", error)
        self.hang_up()

    def _send(self, content: memoryview) -> None:
        """Sends all of it, however long the other end's owner reads nothing.

        Only silence says that the other end is gone, and whoever listens hears that.
        """
        while content and not self.is_gone:
            with suppress(TimeoutError):
                content = content[self._connection.send(content) :]

    def _wake_up(self) -> None:
        with suppress(BlockingIOError):
            os.write(self._wake, b"!")
