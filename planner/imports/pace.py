"""What logged seconds say of a step at each batch size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.imports.logged_run import Values
from planner.pilots.logged_course import LoggedTimes


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
    pure: dict[int, list[tuple[float, int]]] = defaultdict(list)
    mixed: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for run in runs:
        sizes = batch_sizes[run.schedule]
        parts = zip(run.steps, run.steps[1:], np.diff(run.elapsed_s), strict=False)
        for first, end, took_s in parts:
            if not took_s > 0:
                continue
            within = sizes[first:end]
            one = float(took_s) / int(end - first), int(end - first)
            same = bool(within.min() == within.max())
            (pure if same else mixed)[round(float(within.mean()))].append(one)
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


def _point(batch_size: int, parts: list[tuple[float, int]]) -> ThroughputPoint:
    step_times = np.array([seconds for seconds, _ in parts])
    low, median, high = np.quantile(step_times, (0.25, 0.5, 0.75))
    return ThroughputPoint(
        batch_size=batch_size,
        step_time_s=float(median),
        spread_fraction=float((high - low) / median),
        steps=sum(steps for _, steps in parts),
    )
