"""An open loop: requests leave at their times, whether earlier ones were answered or not."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from queue import Queue

from benchmarks.served import Busy, Client, Served

CLIENTS = 16
READS_PER_S, WRITES_PER_S = 80, 20

Request = Callable[[Client], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latencies:
    """Seconds from when each request should have left until it was answered, rising.

    Attributes:
        refused: How many were told to come back: the server was busy.
    """

    seconds: tuple[float, ...]
    refused: int

    def at(self, fraction: float) -> float:
        """The latency that this fraction of requests did not exceed."""
        return self.seconds[min(len(self.seconds) - 1, int(fraction * len(self.seconds)))]


def open_loop(
    server: Served, reads: Sequence[Request], write: Request, *, seconds: float
) -> Latencies:
    """Asks 80 reads and 20 writes a second, evenly spaced, over 16 connections."""
    rate = READS_PER_S + WRITES_PER_S
    every = rate // WRITES_PER_S
    turns = cycle(reads)
    waiting: Queue[tuple[float, Request] | None] = Queue()
    taken: list[float] = []
    began = time.perf_counter() + 0.2
    for number in range(int(rate * seconds)):
        request = write if number % every == 0 else next(turns)
        waiting.put((began + number / rate, request))
    for _ in range(CLIENTS):
        waiting.put(None)
    threads = [threading.Thread(target=_ask, args=(server, waiting, taken)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Latencies(seconds=tuple(sorted(taken)), refused=int(rate * seconds) - len(taken))


def _ask(
    server: Served, waiting: "Queue[tuple[float, Request] | None]", taken: list[float]
) -> None:
    client = server.client()
    while (due := waiting.get()) is not None:
        at, request = due
        time.sleep(max(0.0, at - time.perf_counter()))
        try:
            request(client)
        except Busy:
            continue
        taken.append(time.perf_counter() - at)
    client.close()
