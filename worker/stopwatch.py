"""Clocks that time consecutive actions on a device without making it wait."""

import time
from itertools import pairwise
from typing import Protocol

import torch


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

    def __init__(self) -> None:
        self._stamps: list[float] = []

    def start(self) -> None:
        """The first action begins now; earlier laps are forgotten."""
        self._stamps = [time.thread_time()]

    def lap(self) -> None:
        """An action ends and the next one begins."""
        self._stamps.append(time.thread_time())

    def laps_s(self) -> list[float]:
        """Seconds of every action since the start."""
        return [end - start for start, end in pairwise(self._stamps)]


class CudaStopwatch:
    """Events in the device's own queue; only reading the laps waits for it."""

    def __init__(self) -> None:
        self._events: list[torch.cuda.Event] = []

    def start(self) -> None:
        """The first action begins now; earlier laps are forgotten."""
        self._events = []
        self.lap()

    def lap(self) -> None:
        """An action ends and the next one begins."""
        event = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        event.record()
        self._events.append(event)

    def laps_s(self) -> list[float]:
        """Seconds of every action since the start."""
        torch.cuda.synchronize()
        milliseconds = [start.elapsed_time(end) for start, end in pairwise(self._events)]
        return [float(lap) / 1000 for lap in milliseconds]


def stopwatch_for(torch_device: str) -> Stopwatch:
    """The clock that suits a device, as torch names it."""
    return CpuStopwatch() if torch_device == "cpu" else CudaStopwatch()
