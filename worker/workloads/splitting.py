"""Fixed splits: drawn from a seed, each class in proportion."""

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


def stratified(labels: Indices, *, sizes: tuple[int, ...], seed: int) -> tuple[Indices, ...]:
    """Disjoint, shuffled parts of the samples, each with every class's share to within one.

    Args:
        labels: Class of each sample.
        sizes: Samples of each part; together at most all of them.
        seed: Another one gives other parts.
    """
    if sum(sizes) > len(labels):
        raise ValueError(f"{sum(sizes)} samples cannot be drawn from {len(labels)}")
    generator = np.random.default_rng(seed)
    left = _interleaved(labels, generator)
    parts = []
    for size in sizes:
        parts.append(generator.permutation(left[:size]))
        left = left[size:]
    return tuple(parts)


def _interleaved(labels: Indices, generator: np.random.Generator) -> Indices:
    """All samples in an order whose every stretch has the classes in proportion."""
    order = generator.permutation(len(labels))
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = order[labels[order] == label]
        place[members] = (np.arange(len(members)) + generator.random()) / len(members)
    return np.argsort(place, kind="stable")
