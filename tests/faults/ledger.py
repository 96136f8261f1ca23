"""What faults did and what was left: one row a promise, over every test that kept it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import TypedDict

FIRST = ("kills", "acks", "losses", "doubles")


class Noted(TypedDict):
    """The figures of one test, as they travel between processes of pytest."""

    promise: str
    counts: dict[str, int]
    recoveries_s: list[float]


@dataclass
class Figures:
    """Counts of one promise in one test, and how long it took to recover."""

    promise: str
    counts: Counter[str] = field(default_factory=Counter)
    recoveries_s: list[float] = field(default_factory=list)

    def add(self, **counts: int) -> None:
        """Adds to counts by name: ``add(kills=1, acks=12, losses=0)``."""
        self.counts.update(counts)

    def recovered(self, after_s: float) -> None:
        """Notes how long something was not served."""
        self.recoveries_s.append(after_s)

    def noted(self) -> Noted:
        return Noted(
            promise=self.promise, counts=dict(self.counts), recoveries_s=list(self.recoveries_s)
        )


def table_of(noted: Iterable[Noted]) -> list[str]:
    """One line a promise, in the order of their numbers."""
    whole: dict[str, Figures] = {}
    for note in noted:
        figures = whole.setdefault(note["promise"], Figures(promise=note["promise"]))
        figures.counts.update(note["counts"])
        figures.recoveries_s.extend(note["recoveries_s"])
    order = sorted(whole, key=lambda name: (int("".join(filter(str.isdigit, name))), name))
    return [_line(whole[name]) for name in order]


def _line(figures: Figures) -> str:
    named = [*FIRST, *sorted(set(figures.counts) - set(FIRST))]
    parts = [f"{name} {figures.counts[name]:,}" for name in named if name in figures.counts]
    if figures.recoveries_s:
        middle, worst = median(figures.recoveries_s), max(figures.recoveries_s)
        parts.append(f"recovered in {middle:.2f} s (median), {worst:.2f} s (worst)")
    return f"{figures.promise:>4}  " + ", ".join(parts)
