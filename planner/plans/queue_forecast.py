"""When each run starts and ends, if workers go through the queue and nothing happens."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What is left of a run up to where another number of devices goes on with it.

    Attributes:
        left_s: Seconds that a worker still needs for it, in a bundle its share of them; None where
            nobody knows.
        device_count: Devices that the worker must have at least.
    """

    left_s: float | None
    device_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A run that is running or waits.

    Attributes:
        run_id: Names it in the forecast.
        legs: At least one; between two of them it waits again, with its place in the queue.
    """

    run_id: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A worker that takes from the queue.

    Attributes:
        device_count: Devices that it has.
        fewest_devices: It takes no run of fewer.
        holds: Runs that it trains from then on; they end together.
        free_s: When it begins, in seconds from now.
    """

    device_count: int = 1
    fewest_devices: int = 1
    holds: tuple[Queued, ...] = ()
    free_s: float = 0.0

    @property
    def takes(self) -> range:
        """Numbers of devices that a run may want of it."""
        return range(self.fewest_devices, self.device_count + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of one run, in seconds from now.

    Attributes:
        start_s: 0 for a run that is running.
        finish_s: None where its own length is unknown, or nobody has the devices that it ends with.
    """

    start_s: float
    finish_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of every run that something can be said of.

    Attributes:
        runs: By run id; a run whose start is unknown is absent.
        serving: The workers as they were given, each free from when it is known to be again, or
            from when it takes a run of which nobody knows how long it is.
    """

    runs: dict[str, Expected]
    serving: tuple[Serving, ...]

    @property
    def finish_s(self) -> float | None:
        """When the last run ends; None where nothing is expected or something is unknown."""
        ends = [expected.finish_s for expected in self.runs.values()]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None


def sharing(serving: Sequence[Serving]) -> int:
    """Workers that share the runs of one device among them; at least one."""
    return max(1, sum(1 in worker.takes for worker in serving))


def forecast(serving: Sequence[Serving], waiting: Sequence[Queued]) -> Forecast:
    """Whoever is free takes the first waiting run of a number of devices that it takes.

    Of several that are free at once the one with the fewest devices takes first. After a run of
    unknown length that some worker took, that worker takes nothing more here. What goes on after a
    running run's devices change comes before all that wait.

    Args:
        serving: Workers that take from this queue.
        waiting: The queue, first to be claimed first.
    """
    return _Course(serving, waiting).run()


@dataclass(frozen=True, slots=True, order=True)
class _Ready:
    """A run that waits with what is left of it."""

    place: int
    run: Queued = field(compare=False)
    legs: tuple[Leg, ...] = field(compare=False)


class _Course:
    """The workers and the queue from now on, until nobody takes anything more."""

    def __init__(self, serving: Sequence[Serving], waiting: Sequence[Queued]) -> None:
        self._serving = serving
        self._takes = [worker.takes for worker in serving]
        self._start_s: dict[str, float] = {}
        self._finish_s: dict[str, float] = {}
        self._queues: dict[int, list[_Ready]] = {}
        self._ends: list[tuple[float, int]] = []
        self._in_hand: dict[int, list[_Ready]] = {}
        self._idle_since_s: dict[int, float] = {}
        self._unknown_from_s: dict[int, float] = {}
        for place, run in enumerate(waiting):
            self._wait(_Ready(place, run, run.legs))
        for number, worker in enumerate(serving):
            held = [_Ready(number - len(serving), run, run.legs) for run in worker.holds]
            self._take(number, held, now_s=worker.free_s)

    def run(self) -> Forecast:
        while self._ends:
            now_s = self._ends[0][0]
            while self._ends and self._ends[0][0] == now_s:
                self._let_go(heapq.heappop(self._ends)[1], now_s)
            for number in sorted(self._idle_since_s, key=self._most_devices):
                found = self._next_for(number)
                if found is not None:
                    del self._idle_since_s[number]
                    self._take(number, [found], now_s=now_s)
        free_s = self._unknown_from_s | self._idle_since_s
        return Forecast(
            runs={
                run_id: Expected(start_s=start_s, finish_s=self._finish_s.get(run_id))
                for run_id, start_s in self._start_s.items()
            },
            serving=tuple(
                replace(worker, holds=(), free_s=free_s[number])
                for number, worker in enumerate(self._serving)
            ),
        )

    def _most_devices(self, number: int) -> int:
        return self._takes[number].stop

    def _wait(self, ready: _Ready) -> None:
        heapq.heappush(self._queues.setdefault(ready.legs[0].device_count, []), ready)

    def _next_for(self, number: int) -> _Ready | None:
        """Taken out of the queue: its first run that the worker takes."""
        takes = self._takes[number]
        fit = [queue for wanted, queue in self._queues.items() if queue and wanted in takes]
        return heapq.heappop(min(fit, key=lambda queue: queue[0])) if fit else None

    def _take(self, number: int, held: list[_Ready], *, now_s: float) -> None:
        """A worker trains the first legs of these together."""
        for one in held:
            self._start_s.setdefault(one.run.run_id, now_s)
        known = [one.legs[0].left_s for one in held if one.legs[0].left_s is not None]
        if len(known) == len(held):
            self._in_hand[number] = held
            heapq.heappush(self._ends, (now_s + sum(known), number))
        else:
            self._unknown_from_s[number] = now_s

    def _let_go(self, number: int, now_s: float) -> None:
        """A worker is done with what it held: each run is over, or waits for its next devices."""
        for one in self._in_hand.pop(number):
            if len(one.legs) == 1:
                self._finish_s[one.run.run_id] = now_s
            else:
                self._wait(_Ready(one.place, one.run, one.legs[1:]))
        self._idle_since_s[number] = now_s
