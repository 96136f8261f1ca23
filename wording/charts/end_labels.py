"""Names at the ends of lines instead of a legend: wrapped, and moved apart where they touch."""

import textwrap
from collections.abc import Sequence

LINE_HEIGHT_PX = 17
WIDEST_LINE = 15
MOST_LINES = 2


def wrapped(name: str) -> list[str]:
    """A name in at most two short lines; a longer one ends with an ellipsis."""
    width = WIDEST_LINE if name.isascii() else WIDEST_LINE * 2 // 3
    return textwrap.wrap(name, width, max_lines=MOST_LINES, placeholder=" …") or [name[:width]]


def label_height_px(name: str) -> int:
    """Height of a wrapped name."""
    return LINE_HEIGHT_PX * len(wrapped(name))


def label_width_px(name: str) -> int:
    """Width of a wrapped name, about."""
    return max(
        sum(8 if character.isascii() else 14 for character in line) for line in wrapped(name)
    )


def spread(
    positions: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Positions moved as little as needed so that labels neither touch nor leave the plot.

    Args:
        positions: Wanted middles, rising.
        heights: Of the labels.
        low: Lowest edge.
        high: Highest edge.
    """
    placed: list[float] = []
    floor = low
    for position, height in zip(positions, heights, strict=True):
        middle = max(position, floor + height / 2)
        placed.append(middle)
        floor = middle + height / 2
    ceiling = high
    for place in reversed(range(len(placed))):
        placed[place] = min(placed[place], ceiling - heights[place] / 2)
        ceiling = placed[place] - heights[place] / 2
    return placed
