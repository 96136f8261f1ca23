"""A share found by simulation, with its Monte Carlo standard error, against what was promised."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

STANDARD_ERRORS = 3.0
"""How far beyond a promise a share has to lie before it counts as broken rather than as chance.

A decision that is calibrated exactly lies above its limit in half of all simulations. Three, since
a table has some fifty rows, of which two in a hundred would be off by two.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some repeats did something.

    Attributes:
        count: Repeats that did.
        repeats: All of them.
    """

    count: int
    repeats: int

    @property
    def value(self) -> float:
        """The share."""
        return self.count / self.repeats

    @property
    def standard_error(self) -> float:
        """Of the share; never quite zero, since nothing seen is no proof of never."""
        rate = (self.count + 0.5) / (self.repeats + 1)
        return math.sqrt(rate * (1 - rate) / self.repeats)

    def at_most(self, limit: float) -> bool:
        """Whether the simulation is compatible with a share of at most ``limit``."""
        return self.value <= limit + STANDARD_ERRORS * self.standard_error

    def within(self, low: float, high: float) -> bool:
        """Whether the simulation is compatible with a share between two ends."""
        error = STANDARD_ERRORS * self.standard_error
        return low - error <= self.value <= high + error


def share_of(outcomes: Iterable[bool]) -> Share:
    """Of the outcomes that are true."""
    listed = list(outcomes)
    return Share(count=sum(listed), repeats=len(listed))


def together(shares: Iterable[Share]) -> Share:
    """Several shares as one, surer than each."""
    listed = list(shares)
    return Share(
        count=sum(share.count for share in listed),
        repeats=sum(share.repeats for share in listed),
    )
