"""Warm-ups that a log may show before its peak."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from planner.imports.rate_shapes import rounded
from planner.schedules.learning_rate import RateWarmUp
from planner.schedules.schedule import StepTable

FROM_NOTHING_FRACTION = 5e-7
"""Of the peak: where a warm-up from zero begins here, for the rate of a schedule is above zero."""


def warm_ups(
    at: NDArray[np.int64],
    rate: NDArray[np.float64],
    table: StepTable,
    peak: float,
    epochs: int,
) -> Iterator[tuple[float, RateWarmUp]]:
    """First rates and warm-ups that may fit the rows before the peak.

    Args:
        at: Zero-based step of each row before it, rising; shape (n,).
        rate: Logged there.
        table: Of the whole run.
        peak: Rate at which the warm-up ends.
        epochs: Length of the warm-up.
    """
    if not len(at):
        return
    left = 1 - at / max(int(np.searchsorted(table.epoch, epochs)), 1)
    start = rounded(float(peak + (rate - peak) @ left / (left @ left)))
    nothing = rounded(FROM_NOTHING_FRACTION * peak)
    if -nothing < start <= peak:
        yield max(start, nothing), RateWarmUp(maximum=peak, epochs=epochs, shape="linear")
    if (rate <= 0).any():
        return
    for every in range(1, epochs + 1):
        last = max(-(-epochs // every) - 1, 1)
        gone = 1 - (table.epoch[at] // every) / last
        weight = float(gone @ gone)
        if weight == 0:
            continue
        start = rounded(float(peak * np.exp(np.log(rate / peak) @ gone / weight)))
        if 0 < start <= peak:
            yield start, RateWarmUp(maximum=peak, epochs=epochs, every_epochs=every)
