"""What logged seconds say of a step at each batch size."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.imports.logged_run import Values
from planner.pilots.logged_course import LoggedTimes

Parts = tuple[Values, NDArray[np.int64]]
"""Seconds of a step, and steps, of parts between two evaluations; both of shape (n,)."""


def logged_curve(
    runs: Iterable[LoggedTimes],
    batch_sizes: Mapping[str, Values],
    *,
    workload: str,
    device: str,
    evaluation_s: float,
) -> ThroughputCurve | None:
    """Median seconds of a step between two evaluations, at each batch size; None without any.

    Only what was trained at one batch size counts, unless nothing was: then the mean batch of each
    part does. No batch size is told of that nothing was trained at.

    Args:
        runs: Steps and seconds of every run.
        batch_sizes: Batch of every step of each schedule, by its name.
        workload: What was trained.
        device: The devices that trained together, as one.
        evaluation_s: Of one evaluation, where the logged seconds leave it out.
    """
    pure: dict[int, list[Parts]] = defaultdict(list)
    mixed: dict[int, list[Parts]] = defaultdict(list)
    for run in runs:
        for size, is_pure, parts in _parts(run, batch_sizes[run.schedule]):
            (pure if is_pure else mixed)[size].append(parts)
    found = pure or mixed
    if not found:
        return None
    return ThroughputCurve(
        workload=workload,
        device=device,
        dtype="",
        versions="",
        points=tuple(_point(size, found[size]) for size in sorted(found)),
        evaluation_s=evaluation_s,
    )


def _parts(run: LoggedTimes, sizes: Values) -> Iterator[tuple[int, bool, Parts]]:
    """What a run took between two evaluations, by their mean batch and whether it was the only one.

    Parts that took no time are none.
    """
    first, end = run.steps[:-1], run.steps[1:]
    if not len(first):
        return
    trained = sizes[: int(end[-1])]
    mean = np.rint(np.add.reduceat(trained, first) / (end - first)).astype(np.int64)
    same = np.minimum.reduceat(trained, first) == np.maximum.reduceat(trained, first)
    took_s = np.diff(run.elapsed_s)
    order = np.lexsort((same, mean))
    order = order[took_s[order] > 0]
    changes = np.flatnonzero(np.diff(mean[order]) | np.diff(same[order])) + 1
    for chosen in np.split(order, changes) if len(order) else ():
        steps = (end - first)[chosen]
        yield int(mean[chosen[0]]), bool(same[chosen[0]]), (took_s[chosen] / steps, steps)


def _point(batch_size: int, parts: Sequence[Parts]) -> ThroughputPoint:
    step_times = np.concatenate([seconds for seconds, _ in parts])
    low, median, high = np.quantile(step_times, (0.25, 0.5, 0.75))
    return ThroughputPoint(
        batch_size=batch_size,
        step_time_s=float(median),
        spread_fraction=float((high - low) / median),
        steps=sum(int(steps.sum()) for _, steps in parts),
    )
