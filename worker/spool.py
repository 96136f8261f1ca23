"""What a trainer has to say, in a file: kept while the API is away, read in order, none twice."""

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from planner.devices.throughput import ThroughputCurve
from planner.exchange.series import SeriesChunk
from planner.exchange.work import AttemptStart, CheckpointRecord, Finish
from planner.pilots.divergence import RolledBack
from worker.codec import decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The trainer left at a step boundary because it was asked to; who asked says the outcome.

    Attributes:
        step: Steps done; a checkpoint of them was reported before.
        wall_clock_s: Seconds since the attempt's first step.
    """

    step: int
    wall_clock_s: float


Report = (
    AttemptStart | SeriesChunk | CheckpointRecord | ThroughputCurve | RolledBack | Finish | Stopped
)

_LONGEST_HEAD = 40
"""Bytes in which a report's length and the name of its kind are found."""

_KINDS = {kind.__name__: kind for kind in get_args(Report)}


class SpoolWriter:
    """Appends reports: length, space, one line of JSON; from any thread, each of them whole."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")
        self._one_at_a_time = threading.Lock()

    def append(self, report: Report) -> None:
        """Hands one report to the operating system: it outlives this process."""
        line = json.dumps([type(report).__name__, encode(report)], allow_nan=False).encode()
        with self._one_at_a_time:
            self._file.write(b"%d %s\n" % (len(line), line))
            self._file.flush()

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()


class SpoolReader:
    """Reads a spool while it is written; a report comes again until it is acknowledged."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("rb")
        self._acknowledged = 0
        self._end = 0

    def peek(self) -> Report | None:
        """The first report not yet acknowledged; None while there is no complete one."""
        place = self._place_after(self._acknowledged)
        if place is None:
            return None
        start, self._end = place
        self._file.seek(start)
        name, body = json.loads(self._file.read(self._end - start))
        report: Report = decode(_KINDS[name], body)
        return report

    def waits_behind(self, kind: type[Report], *, before: type[Report]) -> bool:
        """Whether a report of a kind comes after the one last peeked at, ``before`` another."""
        place = self._place_after(self._end)
        while place is not None:
            start, end = place
            self._file.seek(start)
            _, name, *_ = self._file.read(_LONGEST_HEAD).split(b'"', 2)
            found = _KINDS[name.decode()]
            if found in (kind, before):
                return found is kind
            place = self._place_after(end)
        return False

    def acknowledge(self) -> None:
        """The report last peeked at has arrived."""
        self._acknowledged = self._end

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _place_after(self, end: int) -> tuple[int, int] | None:
        """Where the next report's line starts and ends; None while it is not complete."""
        self._file.seek(end)
        length, space, _ = self._file.read(_LONGEST_HEAD).partition(b" ")
        start = end + len(length) + 1
        after = start + int(length) + 1 if space else 0
        return (start, after) if space and after <= os.fstat(self._file.fileno()).st_size else None
