"""Clocks that time consecutive actions on a device without making it wait."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol

import torch

RING_EVENTS = 256
"""Events of a GPU's stopwatch; as many laps, less one, go by before it waits for the device."""


class Stopwatch(Protocol):
    """Times one action after another."""

    def start(self) -> None:
        """The first action begins now; earlier laps are forgotten."""

    def lap(self) -> None:
        """An action ends and the next one begins."""

    def laps_s(self) -> list[float]:
        """Seconds of every action since the start."""


class CpuStopwatch:
    """Seconds of this thread on the CPU: a busy host inflates wall time, and not these."""

    def __init__(self, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._stamps: list[float] = []

    def start(self) -> None:
        """The first action begins now; earlier laps are forgotten."""
        self._stamps = [self._clock()]

    def lap(self) -> None:
        """An action ends and the next one begins."""
        self._stamps.append(self._clock())

    def laps_s(self) -> list[float]:
        """Seconds of every action since the start."""
        return [end - start for start, end in pairwise(self._stamps)]


class CudaStopwatch:
    """A ring of events in the device's own queue: a lap waits for nothing.

    Only a full ring, and reading the laps, wait for the device.
    """

    def __init__(self, new_event: Callable[[], Any] | None = None) -> None:
        make = new_event or _event
        self._ring = [make() for _ in range(RING_EVENTS)]
        self._used = 0
        self._laps_s: list[float] = []

    def start(self) -> None:
        """The first action begins now; earlier laps are forgotten."""
        self._laps_s = []
        self._used = 0
        self._stamp()

    def lap(self) -> None:
        """An action ends and the next one begins."""
        self._stamp()
        if self._used == RING_EVENTS:
            self._read()

    def laps_s(self) -> list[float]:
        """Seconds of every action since the start."""
        self._read()
        return list(self._laps_s)

    def _stamp(self) -> None:
        self._ring[self._used].record()
        self._used += 1

    def _read(self) -> None:
        """Turns the ring's laps into seconds; its last event becomes the first of the next ones."""
        last = self._used - 1
        self._ring[last].synchronize()
        stamped = self._ring[: self._used]
        self._laps_s += [start.elapsed_time(end) / 1000 for start, end in pairwise(stamped)]
        self._ring[0], self._ring[last] = self._ring[last], self._ring[0]
        self._used = 1


def _event() -> torch.cuda.Event:
    return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]


def stopwatch_for(torch_device: str) -> Stopwatch:
    """The clock that suits a device, as torch names it."""
    return CpuStopwatch() if torch_device == "cpu" else CudaStopwatch()


def laps_within(seconds: float, stopwatch: Stopwatch, action: Callable[[], object]) -> list[float]:
    """Does something again and again until the seconds are over, at least once; seconds of each."""
    until = time.monotonic() + seconds
    stopwatch.start()
    over = False
    while not over:
        action()
        stopwatch.lap()
        over = time.monotonic() > until
    return stopwatch.laps_s()
