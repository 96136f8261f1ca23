"""Which assumptions are uncertain and which of them move together, as they stand in a link."""

import math
from dataclasses import dataclass, field
from itertools import combinations

from planner.economics.assumptions import LIMITS

Pair = tuple[str, str]
"""Two assumptions, in the order of `LIMITS`."""

_NOTHING = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Lowest and highest value as people type them; None is the assumed value itself."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """What may come otherwise than assumed.

    Attributes:
        ends: By the name of the assumption, in the unit that people type.
        together: Rank correlation by pair; a pair that is not named is independent.
    """

    ends: dict[str, Ends] = field(default_factory=dict)
    together: dict[Pair, float] = field(default_factory=dict)

    def with_names(self, names: list[str]) -> "Uncertain":
        """Only these are uncertain; those that were keep their ends."""
        ends = {name: self.ends.get(name, Ends()) for name in in_order(names)}
        return Uncertain(ends=ends, together=_among(self.together, ends))

    def with_ends(self, name: str, ends: Ends) -> "Uncertain":
        """One range changed."""
        return Uncertain(ends=self.ends | {name: ends}, together=self.together)

    def with_pairs(self, pairs: list[Pair]) -> "Uncertain":
        """Only these move together; those that did keep how closely."""
        together = {pair: self.together.get(pair, 0.0) for pair in pairs}
        return Uncertain(ends=self.ends, together=together)

    def with_correlation(self, pair: Pair, value: float) -> "Uncertain":
        """One correlation changed."""
        return Uncertain(ends=self.ends, together=self.together | {pair: value})

    def times(self, factors: dict[str, float]) -> "Uncertain":
        """The same with some assumptions in another unit, as another currency."""
        ends = {
            name: Ends(
                low=_times(one.low, factors.get(name)), high=_times(one.high, factors.get(name))
            )
            for name, one in self.ends.items()
        }
        return Uncertain(ends=ends, together=self.together)


def in_order(names: list[str]) -> list[str]:
    """These assumptions in the order of `LIMITS`."""
    return [name for name in LIMITS if name in names]


def pairs_of(names: list[str]) -> list[Pair]:
    """All pairs of these assumptions."""
    return list(combinations(in_order(names), 2))


def ranges_text(uncertain: Uncertain) -> str:
    """Ranges for a link: ``trainings_per_month:10~25;hardware_outlay:~9000``."""
    written = [
        f"{name}:{_number_text(one.low)}~{_number_text(one.high)}"
        for name, one in uncertain.ends.items()
    ]
    return ";".join(written) or _NOTHING


def together_text(uncertain: Uncertain) -> str | None:
    """Correlations for a link: ``trainings_per_month*hardware_outlay:0.5``; None for none."""
    written = [f"{a}*{b}:{value:.10g}" for (a, b), value in uncertain.together.items()]
    return ";".join(written) or None


def from_link(ranges: str | None, together: str | None) -> Uncertain | None:
    """What a link says; None where it says nothing. What nobody can read is left out."""
    if ranges is None:
        return None
    found = {}
    for piece in ranges.split(";"):
        name, _, ends = piece.partition(":")
        low, _, high = ends.partition("~")
        if name in LIMITS:
            found[name] = Ends(low=_number(low), high=_number(high))
    ends_by_name = {name: found[name] for name in in_order(list(found))}
    return Uncertain(ends=ends_by_name, together=_among(_pairs(together or ""), ends_by_name))


def _pairs(text: str) -> dict[Pair, float]:
    found = {}
    for piece in text.split(";"):
        names, _, typed = piece.partition(":")
        value = _number(typed)
        for pair in pairs_of(names.split("*"))[:1]:
            if value is not None:
                found[pair] = value
    return found


def _among(together: dict[Pair, float], ends: dict[str, Ends]) -> dict[Pair, float]:
    """Correlations of assumptions that have a range: one without moves with nothing."""
    return {pair: value for pair, value in together.items() if ends.keys() >= set(pair)}


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _number_text(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _times(value: float | None, factor: float | None) -> float | None:
    return value if value is None or factor is None else round(value * factor, 2)
