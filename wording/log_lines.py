"""How every program writes what it does: one line a record, for people or for machines.

The event is a fixed text, so that equal things can be counted; what differs stands in fields.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from planner.refusal import require
from wording.redaction import redacted

VARIABLE = "PAYBATCH_LOG"
"""Variable of the environment: ``json`` for machines, ``text`` or nothing for people."""

FIELDS = (
    "request_id",
    "principal",
    "method",
    "route",
    "status",
    "duration_ms",
    "run_id",
    "attempt",
    "worker_id",
    "pilot_id",
    "suppressed",
)
"""What a record may carry beside its event, in the order of a line; given as ``extra``."""

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered: every line that is written meanwhile carries it."""

Clean = Callable[[str], str]

_QUIET = ("httpx", "httpcore", "alembic", "uvicorn", "botocore", "aiobotocore")
"""Libraries that write a line for each of our own."""

_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(32), *range(127, 160))}
"""Nobody's text begins a line of its own, or moves the cursor of a terminal."""


class _Lines(logging.Formatter):
    """A record as text that ``clean`` has gone through."""

    def __init__(self, clean: Clean) -> None:
        super().__init__()
        self.clean = clean


class JsonLines(_Lines):
    """One JSON object a record, whatever is in it.

    Texts are cleaned before they are quoted: quoting would change a secret beyond recognition, and
    what is taken out of a quoted text could take the end of its quotes with it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """``event`` is the text before its values are filled in, ``message`` the one after."""
        told: dict[str, object] = {
            "time": _utc(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
        }
        if record.args:
            told["message"] = record.getMessage()
        told |= fields_of(record)
        trace = _trace(self, record)
        if trace:
            told["traceback"] = trace
        cleaned = {name: self._cleaned(value) for name, value in told.items()}
        return json.dumps(cleaned, ensure_ascii=False)

    def _cleaned(self, value: object) -> object:
        return value if isinstance(value, int | float) else self.clean(str(value))


class TextLines(_Lines):
    """One readable line a record; a traceback follows it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, event and fields."""
        told = [f"{_utc(record)} {record.levelname} {record.name}: {record.getMessage()}"]
        told += [f"{name}={value}" for name, value in fields_of(record).items()]
        trace = _trace(self, record)
        below = "".join(f"\n    {line.translate(_CONTROLS)}" for line in trace.splitlines())
        return self.clean(" ".join(told).translate(_CONTROLS) + below)


_KINDS: Mapping[str, type[_Lines]] = {"json": JsonLines, "text": TextLines}


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """What a record carries, of `FIELDS` alone."""
    given = {name: getattr(record, name, None) for name in FIELDS}
    given["request_id"] = given["request_id"] or REQUEST_ID.get()
    return {name: value for name, value in given.items() if value is not None}


def set_up(
    *,
    environment: Mapping[str, str] = os.environ,
    stream: TextIO | None = None,
    clean: Clean = redacted,
) -> None:
    """Sends every record of this process to one stream, in place of what was set up before.

    Args:
        environment: Where `VARIABLE` is looked up.
        stream: Standard error without one.
        clean: Takes out of a line what nobody may read; by default what looks like a secret.

    Raises:
        Refusal: The variable names no kind of line.
    """
    lines = lines_of(environment)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(lines(clean))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def lines_of(environment: Mapping[str, str]) -> type[_Lines]:
    """How records are written, as the environment says.

    Raises:
        Refusal: It names no kind of line.
    """
    kind = environment.get(VARIABLE) or "text"
    require(kind in _KINDS, VARIABLE, "not_one_of", allowed=", ".join(_KINDS))
    return _KINDS[kind]


class Allowance:
    """How many lines of one kind may be written: some at once, then some a second.

    Whoever asks a thousand times a second for what does not exist does not fill the disk.
    """

    def __init__(
        self,
        *,
        at_once: float = 100.0,
        per_s: float = 10.0,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._per_s, self._now_s = at_once, per_s, monotonic_s
        self._left = at_once
        self._at_s = monotonic_s()
        self._suppressed = 0

    def take(self) -> int | None:
        """How many were suppressed before this one; None where this one is, too."""
        now_s = self._now_s()
        self._left = min(self._most, self._left + self._per_s * (now_s - self._at_s))
        self._at_s = now_s
        if self._left < 1:
            self._suppressed += 1
            return None
        self._left -= 1
        suppressed, self._suppressed = self._suppressed, 0
        return suppressed


def _utc(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""
