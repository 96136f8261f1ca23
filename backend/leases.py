"""Leases of running runs: in memory, on a clock that never jumps."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from planner.devices.shared_time import SharedTime


@dataclass(slots=True, kw_only=True)
class _Lease:
    """One running attempt as the API sees it; ``token`` is its claim's."""

    attempt: int
    token: int
    until_s: float
    step: int


class Leases:
    """Who was heard of, and until when each running attempt may go on unheard.

    Nothing here is stored: after a start of the API every running run is adopted with a full
    term, so that a restart disturbs nobody.

    Whoever opens or ends an attempt says so once that is committed. Others read at any moment
    what is stored, and would take what was said too early for a newer attempt than their own.
    Only an attempt whose term passed is over before that: nothing of it may be accepted any more.
    """

    def __init__(self, *, term_s: float, monotonic_s: Callable[[], float]) -> None:
        self.term_s = term_s
        self._now_s = monotonic_s
        self._lock = threading.Lock()
        self._leases: dict[str, _Lease] = {}
        self._over: dict[str, int] = {}
        self._devices: dict[int, SharedTime] = {}
        self._took_s: dict[str, float] = {}
        self._seen_s: dict[str, float] = {}
        self._fewest_devices: dict[str, int] = {}
        self._without_room: set[str] = set()
        self._without_store: set[str] = set()
        self._left: set[str] = set()
        self._looked_s: float | None = None
        self._changes = 0

    @property
    def changes(self) -> int:
        """How often somebody was heard of, granted a term, or let go."""
        return self._changes

    def grant(self, run_id: str, attempt: int, *, token: int, step: int = 0) -> None:
        """A full term for a new attempt; runs of one claim hold one device together."""
        with self._changing():
            self._grant(run_id, attempt, token, step)

    def renew(self, run_id: str, attempt: int, *, token: int, step: int) -> bool:
        """A new term for an attempt that was heard of; False once it was given up.

        One that went on meanwhile as the next of the same claim keeps what it is known by.
        """
        with self._changing():
            if self._over.get(run_id, 0) >= attempt:
                return False
            lease = self._leases.get(run_id)
            if lease is None or lease.attempt < attempt:
                self._grant(run_id, attempt, token, step)
                return True
            if lease.attempt > attempt and lease.token != token:
                return False
            if lease.attempt == attempt:
                lease.step = max(lease.step, step)
            lease.until_s = self._now_s() + self.term_s
            return True

    def end(self, run_id: str, attempt: int) -> None:
        """The attempt runs no longer; a beat that was on its way meanwhile brings nothing back."""
        with self._changing():
            self._over[run_id] = max(attempt, self._over.get(run_id, 0))
            lease = self._leases.get(run_id)
            if lease is not None and lease.attempt <= attempt:
                self._took_s[run_id] = self._let_go(run_id)
                self._leases.pop(run_id)

    def give_up_expired(
        self, running: Iterable[tuple[str, int, int]], *, every_s: float | None = None
    ) -> dict[str, tuple[int, int]]:
        """Attempts whose term passed, with the last step heard of; they can never be renewed.

        Args:
            running: Every running run, its attempt and its claim's token, as stored; those that
                nothing is known of get a full term.
            every_s: Pause that the caller makes between two looks. One that comes later than that
                says that this process stood still and heard nobody: all terms are longer by so
                much. None for a single look.

        Returns:
            Attempt and step by run.
        """
        expired = {}
        with self._lock:
            now_s = self._now_s()
            if every_s is not None:
                self._excuse_silence(now_s, every_s)
            for run_id, attempt, token in running:
                lease = self._leases.get(run_id)
                if lease is None and self._over.get(run_id, 0) >= attempt:
                    continue  # it ended between the look and this moment
                if lease is None or lease.attempt < attempt:
                    self._grant(run_id, attempt, token, 0)
                elif lease.attempt == attempt and lease.until_s < now_s:
                    self._changes += 1
                    self._let_go(run_id)
                    self._over[run_id] = attempt
                    expired[run_id] = (attempt, lease.step)
        return expired

    def step_of(self, run_id: str) -> int:
        """Last step heard of; 0 where nothing was."""
        with self._lock:
            lease = self._leases.get(run_id)
            return lease.step if lease else 0

    def steps_of(self, run_ids: Iterable[str]) -> dict[str, int]:
        """The same of each of several runs that something was heard of."""
        with self._lock:
            return {one: self._leases[one].step for one in run_ids if one in self._leases}

    def held_s(self, run_id: str) -> float:
        """The running attempt's part of the seconds since it was granted; 0 where none is known."""
        with self._lock:
            lease = self._leases.get(run_id)
            device = self._devices.get(lease.token) if lease else None
            return device.part_s(run_id, now_s=self._now_s()) if device else 0.0

    def took_s(self, run_id: str) -> float:
        """What ``held_s`` was in the end, since the API started; 0 where none is known."""
        with self._lock:
            return self._took_s.get(run_id, 0.0)

    def saw(self, worker_id: str, *, disk_full: bool = False, store_away: bool = False) -> None:
        """A worker claimed or beat; one that has left does not come back under its old id."""
        with self._changing():
            if worker_id not in self._left:
                self._seen_s[worker_id] = self._now_s()
            for said, those in (
                (disk_full, self._without_room),
                (store_away, self._without_store),
            ):
                (those.add if said else those.discard)(worker_id)

    def wants(self, worker_id: str, *, fewest_devices: int) -> None:
        """A worker asked for runs of so many devices or more, and will until it says otherwise."""
        with self._changing():
            self._fewest_devices[worker_id] = fewest_devices

    def fewest_devices_of(self, worker_id: str) -> int:
        """Devices of the smallest run that a worker asked for last; 1 where it has not asked yet.

        After a start of the API that is so of a worker in the middle of a run, until it asks again.
        """
        with self._lock:
            return self._fewest_devices.get(worker_id, 1)

    def has_full_disk(self, worker_id: str) -> bool:
        """Whether a worker that is there said last that its disk is full."""
        with self._lock:
            said = worker_id in self._without_room
        return said and self.alive(worker_id)

    def has_no_store(self, worker_id: str) -> bool:
        """Whether a worker that is there said last that its store does not answer."""
        with self._lock:
            said = worker_id in self._without_store
        return said and self.alive(worker_id)

    def left(self, worker_id: str) -> None:
        """A worker said that it goes."""
        with self._changing():
            self._left.add(worker_id)
            self._seen_s.pop(worker_id, None)

    def seen_ago_s(self, worker_id: str) -> float | None:
        """Seconds since a worker was heard of; None if not since the API started."""
        with self._lock:
            seen_s = self._seen_s.get(worker_id)
        return None if seen_s is None else self._now_s() - seen_s

    def seen(self) -> frozenset[str]:
        """Workers that were heard of since the API started, and have not left."""
        with self._lock:
            return frozenset(self._seen_s)

    def here(self) -> frozenset[str]:
        """Workers that were heard of within the last two terms."""
        since_s = self._now_s() - 2 * self.term_s
        with self._lock:
            return frozenset(one for one, seen_s in self._seen_s.items() if seen_s >= since_s)

    def alive(self, worker_id: str) -> bool:
        """Whether a worker was heard of within the last two terms."""
        seen_ago_s = self.seen_ago_s(worker_id)
        return seen_ago_s is not None and seen_ago_s <= 2 * self.term_s

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Holds the lock, and lets whoever keeps what was read know."""
        with self._lock:
            self._changes += 1
            yield

    def _excuse_silence(self, now_s: float, every_s: float) -> None:
        late_s = 0.0 if self._looked_s is None else now_s - self._looked_s - every_s
        self._looked_s = now_s
        if late_s > every_s:
            for lease in self._leases.values():
                lease.until_s += late_s

    def _grant(self, run_id: str, attempt: int, token: int, step: int) -> None:
        self._let_go(run_id)
        now_s = self._now_s()
        self._leases[run_id] = _Lease(
            attempt=attempt, token=token, until_s=now_s + self.term_s, step=step
        )
        self._devices.setdefault(token, SharedTime()).join(run_id, now_s=now_s)

    def _let_go(self, run_id: str) -> float:
        """The run holds its device no more, those it was held with go on; its part of seconds."""
        lease = self._leases.get(run_id)
        device = self._devices.get(lease.token) if lease else None
        if lease is None or device is None:
            return 0.0
        part_s = device.leave(run_id, now_s=self._now_s())
        if not device:
            del self._devices[lease.token]
        return part_s
