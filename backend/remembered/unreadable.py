"""Which runs a worker gave back because the store does not let it read their checkpoints."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable

MOST_OF_A_WORKER = 3
"""After so many times a worker is not given the run again, for as long as it is registered."""

MOST_IN_ALL = 9
"""After so many times the run fails: rights do not mend themselves."""


class Unreadable:
    """Counts in memory: after a start of the API, or of a worker, it is tried again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: Counter[tuple[str, str]] = Counter()

    def count(self, run_id: str, *, worker_id: str) -> int:
        """A worker gave a run back; how often that happened to the run, whoever the worker was."""
        with self._lock:
            self._times[worker_id, run_id] += 1
            return sum(times for (_, one), times in self._times.items() if one == run_id)

    def forget(self, run_id: str) -> None:
        """From now on every worker may be given the run."""
        with self._lock:
            for key in [key for key in self._times if key[1] == run_id]:
                del self._times[key]

    def of(self, worker_id: str) -> frozenset[str]:
        """Runs that a worker is not given again."""
        with self._lock:
            return frozenset(
                run_id
                for (one, run_id), times in self._times.items()
                if one == worker_id and times >= MOST_OF_A_WORKER
            )

    def kept_from(self, *, here: Callable[[str], bool]) -> dict[frozenset[str], set[str]]:
        """Runs that some of the workers that are here are not given again, by these workers' ids.

        Args:
            here: Whether the worker with an id is.
        """
        with self._lock:
            known = list(self._times.items())
        workers = defaultdict(set)
        for (worker_id, run_id), times in known:
            if times >= MOST_OF_A_WORKER and here(worker_id):
                workers[run_id].add(worker_id)
        runs = defaultdict(set)
        for run_id, those in workers.items():
            runs[frozenset(those)].add(run_id)
        return runs
