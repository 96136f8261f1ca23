"""What a trainer printed: cleaned lines on their way from its file to people."""

import re
from dataclasses import dataclass

from planner.bounds import check_at_least, check_at_most
from planner.refusal import require

LONGEST_LINE = 2000
"""Characters of one line that are kept: its beginning."""

LARGEST_CHUNK = 65_536
"""Characters that one chunk of lines may have, ends of lines included."""

LONGEST_LOG = 262_144
"""Characters that are kept of one attempt's log: its newest lines."""

LAST_LINE = 2**53
"""No log is longer: its line numbers are exact in every JSON reader."""

MOST_LINES_SHOWN = 2000

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # colours and cursor moves
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # window titles and links
    r"|[ -/]*[0-~])"
)
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069"  # change the direction of what is read
    "\ud800-\udfff]"  # halves of a character, which no file can hold
)


def clean_line(text: str) -> str:
    """One line as people can read it: no commands for a terminal, no control characters, not long.

    Of a line that was printed over and over, as progress bars are, the last version stays.
    """
    shown = text.rstrip("\r\n").rsplit("\r", 1)[-1]
    shown = _UNSEEN.sub("", _ESCAPES.sub("", shown.expandtabs(4)))
    return shown if len(shown) <= LONGEST_LINE else shown[: LONGEST_LINE - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogChunk:
    """Consecutive lines of an attempt's log; sent again, they are not stored again.

    Attributes:
        first_line: Number of the first one, from 1. A number that leaves some out says that these
            are lost.
        lines: At least one, each as `clean_line` leaves it.
    """

    first_line: int
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        check_at_least(self.first_line, 1, "first_line")
        check_at_most(self.first_line, LAST_LINE, "first_line")
        length = sum(len(line) + 1 for line in self.lines)
        require(1 <= length <= LARGEST_CHUNK, "lines", "log_chunk_size", most=LARGEST_CHUNK)
        for place, line in enumerate(self.lines):
            require(line == clean_line(line), f"lines[{place}]", "log_line_not_clean")

    @property
    def last_line(self) -> int:
        """Number of the last one."""
        return self.first_line + len(self.lines) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAck:
    """The API's answer to lines: everything up to ``last_line`` is on disk or past keeping."""

    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line and its number, from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLog:
    """Lines of one attempt's log.

    Attributes:
        attempt: Whose log it is.
        attempts: Attempts of the run that printed anything.
        lines: The newest of those that were asked for, oldest first.
        found: How many lines of what is kept were asked for.
        printed: Lines that the attempt printed in all, as far as they arrived.
        lost: How many of them are kept no more.
    """

    attempt: int
    attempts: tuple[int, ...]
    lines: tuple[LogLine, ...]
    found: int
    printed: int
    lost: int
