"""How much room a text takes, in the widths of digits by which columns are measured."""

import math
import unicodedata

_LATIN, _WIDE = 0.9, 1.95
_FILLED_FRACTION = 0.96
"""Of a line, since words are not broken."""


def width_of(text: str) -> float:
    """About, in the font of the sheets."""
    return sum(_WIDE if unicodedata.east_asian_width(one) in "WF" else _LATIN for one in text)


def lines_of(text: str, room: float) -> int:
    """Lines that a text takes in a room so wide; one at least."""
    return max(1, math.ceil(width_of(text) / (room * _FILLED_FRACTION)))
