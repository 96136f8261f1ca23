"""When each run starts and ends, if workers go through the queue and nothing happens."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A run that is running or waits.

    Attributes:
        run_id: Names it in the forecast.
        left_s: Seconds of a device that it still needs, in a bundle its share of them; None where
            nobody knows.
    """

    run_id: str
    left_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of one run, in seconds from now.

    Attributes:
        start_s: 0 for a run that is running.
        finish_s: None where its own length is unknown.
    """

    start_s: float
    finish_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of every run that something can be said of.

    Attributes:
        runs: By run id; a run whose start is unknown is absent.
        free_s: When each worker is free again, soonest first; a worker with a run of unknown
            length is absent.
    """

    runs: dict[str, Expected]
    free_s: tuple[float, ...]

    @property
    def finish_s(self) -> float | None:
        """When the last run ends; None where nothing is expected or something is unknown."""
        ends = [expected.finish_s for expected in self.runs.values()]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None


def forecast(
    running: Sequence[Sequence[Queued]], waiting: Sequence[Queued], *, workers: int
) -> Forecast:
    """Each waiting run goes to the worker that is free first, in the order of the queue.

    After a run of unknown length that some worker took, that worker takes nothing more here.

    Args:
        running: By worker; the runs of one worker end together.
        waiting: The queue, first to be claimed first.
        workers: Workers that take from this queue, the busy ones included.
    """
    ends = [_end_s(held) for held in running]
    expected = {
        run.run_id: Expected(start_s=0.0, finish_s=end)
        for held, end in zip(running, ends, strict=True)
        for run in held
    }
    free = [end for end in ends if end is not None]
    free += [0.0] * (workers - len(running))
    heapq.heapify(free)
    for run in waiting:
        if not free:
            break
        start_s = heapq.heappop(free)
        finish_s = None if run.left_s is None else start_s + run.left_s
        expected[run.run_id] = Expected(start_s=start_s, finish_s=finish_s)
        if finish_s is not None:
            heapq.heappush(free, finish_s)
    return Forecast(runs=expected, free_s=tuple(sorted(free)))


def _end_s(held: Sequence[Queued]) -> float | None:
    """When a worker is done with the runs that it holds."""
    parts = [run.left_s for run in held]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def makespan_s(lengths_s: Sequence[float], *, free_s: Sequence[float]) -> float:
    """When the last of these runs ends on workers that are free at these times.

    Args:
        lengths_s: In the order in which they are taken.
        free_s: At least one worker, in seconds from now.
    """
    free = list(free_s)
    heapq.heapify(free)
    last_s = 0.0
    for length_s in lengths_s:
        end_s = heapq.heappop(free) + length_s
        last_s = max(last_s, end_s)
        heapq.heappush(free, end_s)
    return last_s
