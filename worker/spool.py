"""What a trainer has to say, in a file: kept while the API is away, read in order, none twice."""

import errno
import json
import logging
import os
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from planner.devices.scaling import ScalingCurve
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
    AttemptStart
    | SeriesChunk
    | CheckpointRecord
    | ThroughputCurve
    | ScalingCurve
    | RolledBack
    | Finish
    | Stopped
)

LONGEST_REPORT_BYTES = 2**24
"""Many times what the longest one takes; whatever claims to be longer is not read."""

_LONGEST_HEAD = 40
"""Bytes in which a report's length and the name of its kind are found."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a disk says that takes no more: full, over a quota, or over the size of a file."""

NO_ROOM_CHECK_S = 0.5

log = logging.getLogger(__name__)

_KINDS = {kind.__name__: kind for kind in get_args(Report)}


def failure_spool(rank: int) -> str:
    """File in the attempt's folder in which a rank says why it failed, if it does."""
    return f"failure-of-rank-{rank}"


def failure_in(scratch: Path, rank: int) -> Finish | None:
    """What a rank said of its failure; None if it did not fail."""
    path = scratch / failure_spool(rank)
    if not path.exists():
        return None
    with closing(SpoolReader(path)) as spool:
        said = spool.peek()
    return said if isinstance(said, Finish) else None


class SpoolBroken(Exception):
    """Something that no trainer of ours reports was written into its file."""


class SpoolWriter:
    """Appends reports: length, space, one line of JSON; from any thread, each of them whole.

    Args:
        path: The file.
        give_up: Whether nobody waits any longer for what does not fit on the disk.
    """

    def __init__(self, path: Path, *, give_up: Callable[[], bool] = lambda: False) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._give_up = give_up
        self._one_at_a_time = threading.Lock()

    def append(self, report: Report) -> None:
        """Hands one report to the operating system: it outlives this process.

        While the disk has no room this waits, and with it the training.

        Raises:
            OSError: It does not fit and was given up, or cannot be written at all.
        """
        line = json.dumps([type(report).__name__, encode(report)], allow_nan=False).encode()
        whole = b"%d %s\n" % (len(line), line)
        with self._one_at_a_time:
            if self._fits(whole):
                return
            log.warning("no room for reports: the run waits for room on this worker's disk")
            while not self._fits(whole):
                if self._give_up():
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                threading.Event().wait(NO_ROOM_CHECK_S)
            log.warning("there is room for reports again: the run goes on")

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._file)

    def _fits(self, whole: bytes) -> bool:
        """Whether all of it was written; a part of it is taken back."""
        end = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, whole)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            written = 0
        if written < len(whole):
            os.ftruncate(self._file, end)
        return written == len(whole)


class SpoolReader:
    """Reads a spool while it is written; a report comes again until it is acknowledged."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._file = path.open("rb")
        self._acknowledged = 0
        self._end = 0

    def peek(self) -> Report | None:
        """The first report not yet acknowledged; None while there is no complete one.

        Raises:
            SpoolBroken: What stands there is no report.
        """
        place = self._place_after(self._acknowledged)
        if place is None:
            return None
        start, self._end = place
        self._file.seek(start)
        try:
            name, body = json.loads(self._file.read(self._end - start))
            report: Report = decode(_KINDS[name], body)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SpoolBroken(f"a report that is none: {error}") from error
        return report

    def waits_behind(self, kind: type[Report], *, before: type[Report]) -> bool:
        """Whether a report of a kind comes after the one last peeked at, ``before`` another."""
        place = self._place_after(self._end)
        while place is not None:
            start, end = place
            self._file.seek(start)
            _, name, *_ = [*self._file.read(_LONGEST_HEAD).split(b'"', 2), b""]
            found = _KINDS.get(name.decode(errors="replace"))
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
        head = self._file.read(_LONGEST_HEAD)
        length, space, _ = head.partition(b" ")
        if not space and len(head) < _LONGEST_HEAD:
            return None
        if not length.isdigit() or int(length) > LONGEST_REPORT_BYTES:
            raise SpoolBroken(f"a report that begins with {length!r}")
        start = end + len(length) + 1
        after = start + int(length) + 1
        return (start, after) if after <= os.fstat(self._file.fileno()).st_size else None
