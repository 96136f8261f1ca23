"""Python's reference text, which every Python brings along, as sequences of characters.

It differs by Python version: its hash is part of a worker's versions and of the cache's name.
"""

import numpy as np
from numpy.typing import NDArray

from planner.pilots.workload import BUILT_IN
from worker.data.reference_text import reference_text
from worker.workloads.prepared import Arrays

LENGTH = 64
"""Characters that are predicted in a sequence."""

SPLIT_SEED = 20251128
"""Drawn once and never changed: another value would be another workload."""

_FIRST, _LAST = ord(" "), ord("~")
_LINE_END, _OTHER = _LAST - _FIRST + 1, _LAST - _FIRST + 2

Characters = NDArray[np.int64]

CHARACTERS = _OTHER + 1
"""Printable ASCII, the end of a line, and one for all others."""


def split_text() -> Arrays:
    """Sequences (items, 64) of characters, and for each the character that follows.

    The text is cut into pieces of 65 characters that do not overlap; each is in one split only.
    """
    facts = BUILT_IN["pydoc-charlm"]
    sizes = (facts.training_samples, facts.validation_samples, facts.test_samples)
    pieces = _pieces(reference_text(), count=sum(sizes))
    order = np.random.default_rng(SPLIT_SEED).permutation(len(pieces))
    ends = np.cumsum(sizes)
    parts = np.split(pieces[order], ends[:-1])
    return {
        split: (np.ascontiguousarray(part[:, :-1]), np.ascontiguousarray(part[:, 1:]))
        for split, part in zip(("training", "validation", "test"), parts, strict=True)
    }


def encoded(text: str) -> Characters:
    """Whole numbers below ``CHARACTERS``."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    printable = (codes >= _FIRST) & (codes <= _LAST)
    other = np.where(codes == ord("\n"), _LINE_END, _OTHER)
    return np.where(printable, codes - _FIRST, other)


def _pieces(text: str, *, count: int) -> Characters:
    """The first ``count`` pieces that differ, so that every Python version has as many."""
    starts = range(0, len(text) - LENGTH, LENGTH + 1)
    pieces = list(dict.fromkeys(text[start : start + LENGTH + 1] for start in starts))
    if len(pieces) < count:
        raise ValueError(f"the reference text of this Python gives {len(pieces)} pieces of {count}")
    return encoded("".join(pieces[:count])).reshape(count, LENGTH + 1)
