"""The device: energy, power, throttling, and the most memory that was held."""

import time
from collections.abc import Callable
from typing import Protocol

from planner.meters import MeterName
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
    """Reads energy since its own beginning, and how often the device was throttled."""

    name: MeterName = "device"
    costly = False

    def __init__(
        self,
        device: str,
        counters: Counters | None,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device = device
        self._counters = counters
        self._now = now
        self._began = self._looked = now()
        self._from_j = None if counters is None else counters.energy_j()
        self._energy_j: float | None = None
        self._power_w: float | None = None
        self._looks = self._throttled = 0
        self._peak_bytes = memory.peak_device_bytes(device)

    def look(self) -> None:
        """Asks the counters, at most once a second; cheap enough for every pause between steps."""
        now = self._now()
        if self._counters is None or now < self._looked + LOOK_EVERY_S:
            return
        self._looked = now
        throttled = self._counters.throttled()
        if throttled is not None:
            self._looks += 1
            self._throttled += throttled
        self._power_w = self._counters.power_w()
        energy_j = self._counters.energy_j()
        long_enough = now >= self._began + SHORTEST_WINDOW_S
        if energy_j is not None and self._from_j is not None and long_enough:
            self._energy_j = energy_j - self._from_j

    def read(self, _moment: Moment) -> Readings:
        """What is known by now; None is not measured, and never 0."""
        self.look()
        peak = memory.peak_device_bytes(self._device)
        if peak is not None:
            self._peak_bytes = max(peak, self._peak_bytes or 0.0)
        return {
            "energy_j": self._energy_j,
            "power_w": self._power_w,
            "throttled_fraction": self._throttled / self._looks if self._looks else None,
            "device_memory_bytes": self._peak_bytes,
            "process_memory_bytes": memory.peak_process_bytes(),
        }
