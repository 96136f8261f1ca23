"""Lines of a text file that may be hostile: bounded, decoded one by one, each refused by number."""

from collections.abc import Callable, Iterator
from pathlib import Path

from planner.refusal import Refusal

Progress = Callable[[int, int], None]
"""Called with the bytes that are read and those of all."""

LONGEST_LINE_BYTES = 2**20
LINES_A_WORD = 8192
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def text_lines(
    path: Path, progress: Progress | None = None, *, longest_bytes: int = LONGEST_LINE_BYTES
) -> Iterator[str]:
    """Lines with their ends, of UTF-8 text with or without a byte order mark.

    Raises:
        Refusal: A line is longer than ``longest_bytes``, or no text; its number is said.
    """
    size, done = path.stat().st_size, 0
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(longest_bytes + 1):
            number += 1
            if number == 1:
                line = line.removeprefix(BYTE_ORDER_MARK)
            if len(line) > longest_bytes:
                raise Refusal("file", "import_line_too_long", line=number, most=longest_bytes)
            done += len(line)
            yield _decoded(line, number)
            if progress is not None and number % LINES_A_WORD == 0:
                progress(done, size)
    if progress is not None:
        progress(size, size)


def _decoded(line: bytes, number: int) -> str:
    zero = line.find(b"\0")
    if zero >= 0:
        raise Refusal("file", "import_line_not_text", line=number, column=zero + 1)
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        column = error.start + 1
        raise Refusal("file", "import_line_not_text", line=number, column=column) from error
