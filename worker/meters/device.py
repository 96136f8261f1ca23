"""The device: energy, power, throttling, and the most memory that was held."""

import time
from collections.abc import Callable
from typing import Protocol

from planner.pilots.meters import MeterName
from worker.meters import memory
from worker.meters.meter import Moment, Readings

LOOK_EVERY_S = 1.0
"""The counters are asked at most this often."""

SHORTEST_WINDOW_S = 5.0
"""The counter moves in steps of 20 to 100 ms: over less time its error is more than 10 %."""


class Counters(Protocol):
    """What a GPU says of itself; None where it does not."""

    def energy_j(self) -> float | None:
        """Since some moment in the past."""

    def power_w(self) -> float | None:
        """Now."""

    def throttled(self) -> bool | None:
        """Whether something slows it down."""


class DeviceMeter:
    """Reads energy since it was first asked, and how often the device was throttled."""

    name: MeterName = "device"
    passes = 0

    def __init__(
        self,
        device: str,
        counters: Counters | None,
        *,
        share: Callable[[], float] = lambda: 1.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Of one device.

        Args:
            device: As torch names it.
            counters: Of the device; None has no energy, power or throttling.
            share: Of the device's energy that is this run's at present.
            now: Monotonic seconds.
        """
        self._device = device
        self._counters = counters
        self._share = share
        self._now = now
        self._window = _Window()
        self._power_w: float | None = None
        self._looks = self._throttled = 0
        self._peak_bytes: float | None = None

    def look(self) -> None:
        """Asks the counters, at most once a second; cheap enough for every pause between steps."""
        now = self._now()
        if self._counters is None or not self._window.over(now):
            return
        self._window.add(self._counters.energy_j(), share=self._share(), now=now)
        self._power_w = self._counters.power_w()
        throttled = self._counters.throttled()
        if throttled is not None:
            self._looks += 1
            self._throttled += throttled

    def restart(self) -> None:
        """Counts energy and throttling anew, from now on."""
        self._window = _Window()
        self._looks = self._throttled = 0
        self.look()

    def read(self, _moment: Moment) -> Readings:
        """What is known by now; None is not measured, and never 0."""
        self.look()
        peak = memory.peak_device_bytes(self._device)
        if peak is not None:
            self._peak_bytes = max(peak, self._peak_bytes or 0.0)
        return {
            "energy_j": self._window.energy_j,
            "power_w": self._power_w,
            "throttled_fraction": self._throttled / self._looks if self._looks else None,
            "device_memory_bytes": self._peak_bytes,
            "process_memory_bytes": memory.peak_process_bytes(),
        }


class _Window:
    """Energy between the first look and the newest."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._looked = 0.0
        self._counter_j: float | None = None
        self._sum_j: float | None = 0.0

    def over(self, now: float) -> bool:
        """Whether the last look is long enough ago for another."""
        return self._began is None or now >= self._looked + LOOK_EVERY_S

    def add(self, counter_j: float | None, *, share: float, now: float) -> None:
        """Takes in what the counter shows; one that falls silent makes the sum unknown."""
        if self._began is None:
            self._began = now
        elif counter_j is None or self._counter_j is None or self._sum_j is None:
            self._sum_j = None
        else:
            self._sum_j += share * (counter_j - self._counter_j)
        self._looked, self._counter_j = now, counter_j

    @property
    def energy_j(self) -> float | None:
        """None over a window that is too short for the counter."""
        if self._began is None or self._looked < self._began + SHORTEST_WINDOW_S:
            return None
        return self._sum_j
