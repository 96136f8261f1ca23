"""A rank host as its worker sees it: it holds a part of one run's ranks, or none."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from planner.exchange.work import Finish
from worker.codec import decode, encode
from worker.job import TrainerJob
from worker.rank_hosts.offer import HostOffer
from worker.rank_hosts.wire import MOST_BYTES, Wire

ENDS_WITHIN_S = 30.0
"""After that a rank host that was told to end its part, and does not say so, is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEnded:
    """A part of a run's ranks is over.

    Attributes:
        well: Whether every rank of it came to its end, or the part was told to end.
        failures: What ranks of it said of their failures, by their numbers.
    """

    well: bool
    failures: Mapping[int, Finish]


GONE = PartEnded(well=False, failures={})


class RankHost:
    """One of a worker's rank hosts, for as long as it is there.

    Attributes:
        number: Among them.
        offer: What it said that it has.
    """

    def __init__(self, number: int, offer: HostOffer, wire: Wire) -> None:
        self.number = number
        self.offer = offer
        self._wire = wire
        self._part = 0
        self._has_part = False
        self._told_at: float | None = None

    def fileno(self) -> int:
        """Readable when there is news."""
        return self._wire.fileno()

    @property
    def is_gone(self) -> bool:
        """Whether it is not there any more; it does not come back."""
        return self._wire.is_gone

    def begin(self, job: TrainerJob, files: Mapping[str, bytes]) -> None:
        """Hands a part of a job over, and the files of the checkpoint that it starts from."""
        self._part += 1
        self._has_part, self._told_at = True, None
        sizes = {name: len(content) for name, content in files.items()}
        self._wire.say({"part": self._part, "job": encode(job), "files": sizes})
        for name, content in files.items():
            whole = memoryview(content)
            for start in range(0, len(whole), MOST_BYTES):
                chunk = whole[start : start + MOST_BYTES]
                self._wire.say({"of": self._part, "file": name}, chunk)
        self._wire.say({"go": self._part})

    def end(self) -> None:
        """Tells it to end its part at once, if it has one."""
        if self._has_part and self._told_at is None:
            self._told_at = time.monotonic()
            self._wire.forget_unsent()
            self._wire.say({"end": self._part})

    def news(self) -> PartEnded | None:
        """How its part ended, once; None while it goes on, or where there is none.

        A rank host that is gone ended its part by that: it does so before it ends itself.
        """
        if self._is_overdue:
            self._wire.hang_up()
        is_gone = self.is_gone
        ended = None
        for heard in self._wire.heard():
            if self._has_part and heard.message.get("ended") == self._part:
                # Where its word and ours crossed, it answers ours, too, and knows of nothing more.
                ended, self._has_part = _ended(heard.message), False
        if ended is None and is_gone and self._has_part:
            ended, self._has_part = GONE, False
        return ended

    def close(self) -> None:
        """Lets go of it: it ends."""
        self._wire.close()

    @property
    def _is_overdue(self) -> bool:
        told = self._told_at if self._has_part else None
        return told is not None and time.monotonic() > told + ENDS_WITHIN_S


def _ended(message: Mapping[str, object]) -> PartEnded:
    try:
        failures = decode(dict[str, Finish], message.get("failures"))
        numbered = {int(rank): failures[rank] for rank in failures}
    except ValueError:
        return GONE
    return PartEnded(well=message.get("well") is True and not numbered, failures=numbered)
