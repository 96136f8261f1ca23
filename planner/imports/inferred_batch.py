"""Batch-size curves that say what a log says, each held against every logged row."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planner.refusal import Refusal
from planner.schedules.batch_size import BatchSize

Steps = NDArray[np.int64]
Change = tuple[int, str, int]
"""Batch size after a change, where it is as a threshold's position, and its epoch or -1."""


def batch_candidates(
    steps: Steps, batch: NDArray[np.int64], *, training_samples: int
) -> Iterator[BatchSize]:
    """Curves that may fit, the plainest first; none where the rows leave a change open.

    Args:
        steps: Zero-based step of every row, rising.
        batch: Batch size of it.
        training_samples: Samples of one epoch.
    """
    first = int(batch[0])
    if bool((batch == first).all()):
        yield BatchSize(initial=first)
        return
    changes = _changes(steps, batch, training_samples=training_samples)
    if changes is None:
        return
    yield from _growths(first, changes)
    entries = (f"{where}:{size}" for size, where, _ in changes)
    yield BatchSize(thresholds=" ".join((f"0:{first}", *entries)))


def _changes(
    steps: Steps, batch: NDArray[np.int64], *, training_samples: int
) -> list[Change] | None:
    """Where the batch changes: at the one epoch, or the one step, between the rows around it."""
    found: list[Change] = []
    began_step = began_epoch = 0
    whole = True
    for row in np.flatnonzero(np.diff(batch)):
        old, new = int(batch[row]), int(batch[row + 1])
        after, until = int(steps[row]), int(steps[row + 1])
        per_epoch = -(-training_samples // old)
        low = (after - began_step) // per_epoch + 1
        high = (until - began_step) // per_epoch
        if whole and found and found[0][2] > 0:
            low, high = _regular(low, high, began_epoch=began_epoch, every=found[0][2])
        if whole and low == high:
            began_epoch, began_step = began_epoch + low, began_step + low * per_epoch
            found.append((new, f"{began_epoch}ep", began_epoch))
        elif until == after + 1:
            whole = False
            found.append((new, f"{until}ba", -1))
        else:
            return None
    return found


def _regular(low: int, high: int, *, began_epoch: int, every: int) -> tuple[int, int]:
    """Of several epochs that may be meant, the one that is as far on as those before."""
    expected = every - began_epoch % every
    return (expected, expected) if low < high and low <= expected <= high else (low, high)


def _growths(first: int, changes: list[Change]) -> Iterator[BatchSize]:
    """Growth by a factor or by so many samples, where changes are equally far apart."""
    sizes = [first, *(size for size, _, _ in changes)]
    every = changes[0][2]
    regular = all(epoch == every * place for place, (_, _, epoch) in enumerate(changes, start=1))
    if not regular or every < 1 or sizes[1] <= first:
        return
    for last in (None, sizes[-1]):
        try:
            yield BatchSize(
                initial=first, growth=sizes[1] / first, every_epochs=every, maximum=last
            )
            yield BatchSize(
                initial=first, increase=sizes[1] - first, every_epochs=every, maximum=last
            )
        except Refusal:
            continue
