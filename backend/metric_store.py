"""Series as packed arrays: 10 bytes a point, and at most 1,000 points on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.exchange.work import SeriesChunk

MOST_POINTS_A_CHUNK = 1000
"""An open chunk grows up to this many points; then the next one is opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive points of one group of series.

    Attributes:
        steps: Steps done at each point, rising; shape (points,).
        columns: Name of each row of ``samples``.
        samples: Shape (columns, points); NaN where a value was not finite.
    """

    steps: NDArray[np.int64]
    columns: tuple[str, ...]
    samples: NDArray[np.float64]

    def column(self, name: str) -> NDArray[np.float64]:
        """One column's values."""
        values: NDArray[np.float64] = self.samples[self.columns.index(name)]
        return values


def block_of(chunk: SeriesChunk) -> Block:
    """A chunk as it was sent, as arrays."""
    columns = tuple(sorted(chunk.columns))
    samples = [[np.nan if v is None else v for v in chunk.columns[name]] for name in columns]
    return Block(
        steps=np.array(chunk.steps, dtype=np.int64),
        columns=columns,
        samples=np.array(samples, dtype=np.float64),
    )


def pack(array: NDArray[np.int64] | NDArray[np.float64]) -> bytes:
    """Little-endian bytes, eight an entry, rows one after another."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def unpack(*, steps: bytes, columns: Sequence[str], samples: bytes) -> Block:
    """The block that was packed."""
    values = np.frombuffer(samples, dtype="<f8").reshape(len(columns), -1)
    return Block(
        steps=np.frombuffer(steps, dtype="<i8").astype(np.int64, copy=False),
        columns=tuple(columns),
        samples=values.astype(np.float64, copy=False),
    )


def extend(tail: Block | None, new: Block) -> list[Block]:
    """The open tail with new points, cut into chunks of at most 1,000; the last stays open.

    Other columns than the tail's start a chunk of their own: the tail then comes back unchanged.
    """
    if tail is not None and tail.columns != new.columns:
        return [tail, *_cut(new)]
    return _cut(new if tail is None else joined([tail, new]))


def joined(blocks: Sequence[Block]) -> Block:
    """Several blocks as one; a column that a block lacks is NaN there."""
    if len(blocks) == 1 and list(blocks[0].columns) == sorted(blocks[0].columns):
        return blocks[0]
    columns = tuple(sorted({name for block in blocks for name in block.columns}))
    points = sum(len(block.steps) for block in blocks)
    samples = np.full((len(columns), points), np.nan)
    start = 0
    for block in blocks:
        end = start + len(block.steps)
        for row, name in enumerate(columns):
            if name in block.columns:
                samples[row, start:end] = block.column(name)
        start = end
    steps = [block.steps for block in blocks]
    return Block(
        steps=np.concatenate(steps) if steps else np.empty(0, dtype=np.int64),
        columns=columns,
        samples=samples,
    )


def extremes(block: Block) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Smallest and largest finite value of each column; NaN where there is none."""
    known = np.isfinite(block.samples)
    lowest = np.where(known, block.samples, np.inf).min(axis=1)
    highest = np.where(known, block.samples, -np.inf).max(axis=1)
    nothing = ~known.any(axis=1)
    return np.where(nothing, np.nan, lowest), np.where(nothing, np.nan, highest)


def down_sampled(block: Block, *, points: int) -> NDArray[np.int64]:
    """Which points to show, at most ``points``: rising indices into the block.

    Every bucket of consecutive points keeps, for every column, its lowest, its highest and its
    first value that was not finite, so that no spike and no gap is hidden. The first and the
    last point are always among them.
    """
    total = len(block.steps)
    if total <= points:
        return np.arange(total)
    missing = np.isnan(block.samples)
    a_bucket = int((2 + missing.any(axis=1)).sum())
    buckets = max(1, (points - 2) // a_bucket)
    edges = np.linspace(0, total, buckets + 1).astype(np.int64)[:-1]
    kept = [np.array([0, total - 1])]
    for row, gaps in zip(block.samples, missing, strict=True):
        kept.append(
            _first_equal(row, np.minimum.reduceat(np.where(gaps, np.inf, row), edges), edges)
        )
        kept.append(
            _first_equal(row, np.maximum.reduceat(np.where(gaps, -np.inf, row), edges), edges)
        )
        if gaps.any():
            kept.append(_first_equal(gaps, np.ones(len(edges), dtype=bool), edges))
    return np.unique(np.concatenate(kept))


def _first_equal(
    row: NDArray[np.float64] | NDArray[np.bool_],
    wanted: NDArray[np.float64] | NDArray[np.bool_],
    edges: NDArray[np.int64],
) -> NDArray[np.int64]:
    """First place in each bucket whose value is the bucket's wanted one; none where absent."""
    lengths = np.diff(np.append(edges, len(row)))
    places = np.flatnonzero(row == np.repeat(wanted, lengths))
    bucket = np.searchsorted(edges, places, side="right")
    _, first = np.unique(bucket, return_index=True)
    return places[first]


def _cut(block: Block) -> list[Block]:
    size = MOST_POINTS_A_CHUNK
    return [
        Block(
            steps=block.steps[start : start + size],
            columns=block.columns,
            samples=block.samples[:, start : start + size],
        )
        for start in range(0, len(block.steps), size)
    ]
