"""The file that a trainer prints into, read as numbered lines while it grows."""

from collections import deque
from pathlib import Path

from planner.exchange.run_log import LARGEST_CHUNK, LONGEST_LINE, LONGEST_LOG, LogChunk, clean_line

READ_AT_ONCE_BYTES = 2**22
"""Bounds the memory of one look at a file that grows fast."""

MOST_READS = 8
"""Bounds its time: a look every three seconds keeps up with 10 MB a second."""

_BYTES_OF_A_CHARACTER = 4


class TrainerLog:
    """The newest lines of a file, cleaned; lines come again until they are acknowledged."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("rb")
        self._unfinished = b""
        self._printed = 0
        self._arrived = 0
        self._kept: deque[str] = deque()
        self._length = 0

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def read(self) -> None:
        """Takes in the lines that were finished since the last time, up to a bound."""
        for _ in range(MOST_READS):
            more = self._file.read(READ_AT_ONCE_BYTES)
            self._take(self._unfinished + more)
            if len(more) < READ_AT_ONCE_BYTES:
                return

    @property
    def position(self) -> int:
        """Bytes of the file that were read; none of them is needed again."""
        return self._file.tell()

    def read_to_the_end(self) -> None:
        """Takes in everything: nothing more will be printed, not even the end of a line."""
        while more := self._file.read(READ_AT_ONCE_BYTES):
            self._take(self._unfinished + more)
        if self._unfinished:
            self._take(self._unfinished + b"\n")

    def peek(self) -> LogChunk | None:
        """The first lines not yet acknowledged that are still kept; None while there are none."""
        self._forget_what_arrived()
        chosen: list[str] = []
        length = 0
        for text in self._kept:
            length += len(text) + 1
            if length > LARGEST_CHUNK:
                break
            chosen.append(text)
        first = self._printed - len(self._kept) + 1
        return LogChunk(first_line=first, lines=tuple(chosen)) if chosen else None

    def acknowledge(self, chunk: LogChunk) -> None:
        """These lines have arrived."""
        self._arrived = chunk.last_line

    def begin_anew(self) -> None:
        """The lines that have not arrived are the first ones of the next attempt's log."""
        self._forget_what_arrived()
        self._printed -= self._arrived
        self._arrived = 0

    def _forget_what_arrived(self) -> None:
        while self._kept and self._printed - len(self._kept) < self._arrived:
            self._length -= len(self._kept.popleft()) + 1

    def _take(self, content: bytes) -> None:
        *lines, rest = content.split(b"\n")
        self._unfinished = _bounded(rest)
        self._printed += len(lines)
        self._keep(lines)

    def _keep(self, lines: list[bytes]) -> None:
        """Cleans the newest lines, as many as are worth keeping, and drops those before them."""
        new: list[str] = []
        length = 0
        for raw in reversed(lines):
            text = clean_line(_bounded(raw).decode(errors="replace"))
            length += len(text) + 1
            if length > LONGEST_LOG:
                self._kept.clear()
                self._length = 0
                break
            new.append(text)
        self._kept.extend(reversed(new))
        self._length += sum(len(text) + 1 for text in new)
        while self._length > LONGEST_LOG:
            self._length -= len(self._kept.popleft()) + 1


def _bounded(line: bytes) -> bytes:
    """What can be shown of a line: of a progress bar the last state, of a long one the start."""
    if len(line) <= LONGEST_LINE:
        return line
    begin = line.rstrip(b"\r").rfind(b"\r") + 1
    return line[begin : begin + 2 * _BYTES_OF_A_CHARACTER * LONGEST_LINE]
