"""A position in a run, written as ``10ep`` epochs, ``100ba`` steps or ``1Msp`` samples."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from planner.refusal import Refusal

PositionUnit = Literal["ep", "ba", "sp"]

LARGEST_POSITION = 10**12
"""Farther than any run goes; keeps a typing error from becoming an endless one."""

_SUFFIXES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}
_PATTERN = re.compile(
    rf"([0-9]{{1,15}}(?:\.[0-9]{{1,15}})?)([KMB]?)({'|'.join(get_args(PositionUnit))})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A distance from the start of a run; steps and samples are whole numbers.

    Attributes:
        amount: How many of the unit.
        unit: ``ep`` epochs, ``ba`` steps (batches), ``sp`` samples.
    """

    amount: float
    unit: PositionUnit


def parse_position(text: str, *, field: str) -> Position:
    """Reads ``10ep``, ``0.5ep``, ``100ba`` or ``10Ksp``; refuses anything else at ``field``."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise Refusal(field, "position_not_readable", text=text)
    number, suffix, unit = match.groups()
    amount = float(number) * _SUFFIXES[suffix]
    if unit != "ep" and not amount.is_integer():
        raise Refusal(field, "position_not_whole", text=text)
    if not amount <= LARGEST_POSITION:
        raise Refusal(field, "position_too_far", text=text)
    return Position(amount=amount, unit="ep" if unit == "ep" else "ba" if unit == "ba" else "sp")
