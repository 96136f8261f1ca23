"""Bounds that values of many kinds share: each refuses at a field and says nothing otherwise."""

import math
from collections.abc import Hashable, Sequence

from planner.refusal import require

LARGEST_SEED = 2**31 - 1
LONGEST_NAME = 200


def check_at_least(value: int, minimum: int, field: str) -> None:
    """Refuses a count below ``minimum``."""
    require(value >= minimum, field, "below_minimum", minimum=minimum)


def check_at_most(value: int, maximum: int, field: str) -> None:
    """Refuses a count above ``maximum``."""
    require(value <= maximum, field, "above_maximum", maximum=maximum)


def check_not_negative(value: float, field: str) -> None:
    """Refuses a quantity below zero, NaN and infinity."""
    require(math.isfinite(value), field, "not_finite")
    require(value >= 0, field, "negative")


def check_positive(value: float, field: str) -> None:
    """Refuses a quantity that is zero or below, NaN and infinity."""
    require(math.isfinite(value), field, "not_finite")
    require(value > 0, field, "not_positive")


def check_seed(seed: int, field: str) -> None:
    """Refuses a seed that a generator with 31 bits of seed could not take."""
    require(0 <= seed <= LARGEST_SEED, field, "seed_out_of_range", largest=LARGEST_SEED)


def check_name(name: str, field: str) -> None:
    """Refuses a name that is blank or longer than a page can show."""
    require(bool(name.strip()), field, "empty")
    require(len(name) <= LONGEST_NAME, field, "too_long", most=LONGEST_NAME)


def check_unique(values: Sequence[Hashable], field: str, code: str) -> None:
    """Refuses the second of two equal values, at its own place: ``field`` holds ``{}`` for it."""
    seen: set[Hashable] = set()
    for place, value in enumerate(values):
        require(value not in seen, field.format(place), code, value=str(value))
        seen.add(value)
