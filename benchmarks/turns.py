"""Loops timed in turns: what disturbs one disturbs the others, and the noise shows.

Every turn times the reference, then each other loop, then the reference again. A/A is the
reference's second time against its first: ratios closer to 1 than that mean nothing.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Timed = Callable[[], float]
"""Runs a loop and returns seconds for one of its units: a step, a batch, a checkpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Seconds of one unit, a value a turn.

    Attributes:
        reference: Before and after the others.
        others: By name.
    """

    reference: tuple[tuple[float, float], ...]
    others: Mapping[str, tuple[float, ...]]

    @property
    def reference_s(self) -> float:
        """Median."""
        return median(self._between())

    @property
    def noise(self) -> float:
        """A/A: median of the larger over the smaller of the reference's two times; at least 1."""
        return median(max(one / other, other / one) for one, other in self.reference)

    @property
    def noise_s(self) -> float:
        """Median distance of the reference's two times."""
        return median(abs(one - other) for one, other in self.reference)

    def seconds(self, name: str) -> float:
        """Median."""
        return median(self.others[name])

    def ratio(self, name: str) -> float:
        """Median over the turns of this loop over the reference around it."""
        pairs = zip(self.others[name], self._between(), strict=True)
        return median(other / reference for other, reference in pairs)

    def added_s(self, name: str) -> float:
        """Median over the turns of what this loop takes beyond the reference around it."""
        pairs = zip(self.others[name], self._between(), strict=True)
        return median(other - reference for other, reference in pairs)

    def _between(self) -> list[float]:
        return [(first + second) / 2 for first, second in self.reference]


def take_turns(reference: Timed, others: Mapping[str, Timed], *, turns: int) -> Turns:
    """Times all loops ``turns`` times, after each had one turn to warm up."""
    for timed in (reference, *others.values()):
        timed()
    around: list[tuple[float, float]] = []
    taken: dict[str, list[float]] = {name: [] for name in others}
    for _ in range(turns):
        first = reference()
        for name, timed in others.items():
            taken[name].append(timed())
        around.append((first, reference()))
    return Turns(
        reference=tuple(around), others={name: tuple(times) for name, times in taken.items()}
    )


def seconds_each(loop: Callable[[int], int], units: int, clock: Callable[[], float]) -> Timed:
    """Times ``loop(units)`` and divides by the units that it says it did.

    Args:
        loop: Does at least that many units; returns how many.
        units: Whatever the loop counts.
        clock: ``time.thread_time`` where only this thread's work counts, ``time.perf_counter``
            where waiting does, too.
    """

    def timed() -> float:
        began = clock()
        done = loop(units)
        return (clock() - began) / done

    return timed


def load() -> str:
    """How busy this computer is, beside every set of figures."""
    one_minute, *_ = os.getloadavg()
    return f"load {one_minute:.1f} on {os.cpu_count()} cores at {time.strftime('%H:%M')}"
