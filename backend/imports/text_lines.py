"""Lines of a text file that may be hostile: bounded, decoded one by one, each refused by number."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import BinaryIO

from planner.refusal import Refusal

Progress = Callable[[int, int], None]
"""Called with the bytes that are read and those of all."""

LONGEST_LINE_BYTES = 2**20
BLOCK_BYTES = 2**18
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def text_lines(
    path: Path, progress: Progress | None = None, *, longest_bytes: int = LONGEST_LINE_BYTES
) -> Iterator[str]:
    """Lines with their ends, of UTF-8 text with or without a byte order mark.

    Raises:
        Refusal: A line is longer than ``longest_bytes``, or no text; its number is said.
    """
    size, done, number = path.stat().st_size, 0, 0
    with path.open("rb") as stream:
        while block := _whole_lines(stream, longest_bytes):
            done += len(block)
            if number == 0:
                block = block.removeprefix(BYTE_ORDER_MARK)
            lines = _decoded(block, number, longest_bytes)
            number += len(lines)
            if progress is not None:
                progress(done, size)
            yield from lines
    if progress is not None:
        progress(size, size)


def _whole_lines(stream: BinaryIO, longest_bytes: int) -> bytes:
    """Many lines at a time: one by one takes several times as long."""
    block = stream.read(min(BLOCK_BYTES, longest_bytes))
    return block if block.endswith(b"\n") else block + stream.readline(longest_bytes + 1)


def _decoded(block: bytes, before: int, longest_bytes: int) -> list[str]:
    """The lines of a block; only the last of them may be longer than a block."""
    last = block[block.rfind(b"\n", 0, -1) + 1 :]
    if len(last) > longest_bytes:
        number = before + block.count(b"\n", 0, len(block) - len(last)) + 1
        raise Refusal("file", "import_line_too_long", line=number, most=longest_bytes)
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        raise _not_text(block, error.start, before) from error
    zero = block.find(b"\0")
    if zero >= 0:
        raise _not_text(block, zero, before)
    return list(StringIO(text, newline="\n"))


def _not_text(block: bytes, place: int, before: int) -> Refusal:
    """A byte that is no text, by its line and its place in it."""
    number = before + block.count(b"\n", 0, place) + 1
    column = place - block.rfind(b"\n", 0, place)
    return Refusal("file", "import_line_not_text", line=number, column=column)
