"""How many devices in each stage: every plan that no other beats in both time and device-hours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_not_negative
from planner.economics.assumptions import DeviceUse
from planner.refusal import require

Array = NDArray[np.float64]


ROUNDING_FRACTION = 1e-12
"""Difference of two sums of a few stages that the order of their parts alone can make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOptions:
    """One stage at every device count that it may run on.

    Attributes:
        device_counts: Rising.
        busy_s: Seconds that the stage takes on each.
    """

    device_counts: tuple[int, ...]
    busy_s: tuple[float, ...]

    def __post_init__(self) -> None:
        check_at_least(min(self.device_counts, default=0), 1, "device_counts")
        require(len(self.busy_s) == len(self.device_counts), "busy_s", "lengths_differ")
        check_not_negative(min(self.busy_s), "busy_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPlan:
    """Devices of each stage, and what the training then takes.

    Attributes:
        device_counts: One a stage.
        time_s: Seconds of the training, restarts included.
        device_use_s: Device-seconds that it is billed for.
    """

    device_counts: tuple[int, ...]
    time_s: float
    device_use_s: float


def best_plans(
    stages: Sequence[StageOptions], *, device_use: DeviceUse, restart_s: float
) -> tuple[CountPlan, ...]:
    """The Pareto front of time and device-seconds, fastest first; of equal plans one is kept.

    Exact: it is the front of all plans, product of every stage's device counts, but no plan is
    looked at whose beginning another beats at the same last device count.

    Args:
        stages: At least one.
        device_use: ``reserved`` bills ``max K x time``; ``elastic`` bills each stage and each
            restart for the devices that it runs on.
        restart_s: Seconds of a restart, wherever two neighbours differ in devices.
    """
    check_at_least(len(stages), 1, "stages")
    check_not_negative(restart_s, "restart_s")
    if device_use == "reserved":
        return _reserved(stages, restart_s)
    return _elastic(stages, restart_s)


def plan_of(
    stages: Sequence[StageOptions],
    device_counts: Sequence[int],
    *,
    device_use: DeviceUse,
    restart_s: float,
) -> CountPlan:
    """One plan worked out stage by stage."""
    time_s = device_s = 0.0
    before: int | None = None
    for stage, count in zip(stages, device_counts, strict=True):
        place = stage.device_counts.index(count)
        spent_s = stage.busy_s[place] + (restart_s if before not in (None, count) else 0.0)
        time_s += spent_s
        device_s += spent_s * count
        before = count
    if device_use == "reserved":
        device_s = max(device_counts) * time_s
    return CountPlan(device_counts=tuple(device_counts), time_s=time_s, device_use_s=device_s)


def _elastic(stages: Sequence[StageOptions], restart_s: float) -> tuple[CountPlan, ...]:
    """Stage by stage; what comes depends on a beginning only through its last device count."""
    time_s, device_s = np.zeros(1), np.zeros(1)
    chosen = np.empty((1, 0), dtype=np.int64)
    for place, stage in enumerate(stages):
        times, devices, plans = [], [], []
        for count, busy_s in zip(stage.device_counts, stage.busy_s, strict=True):
            changes = chosen[:, -1] != count if place else np.zeros(1, dtype=bool)
            spent_s = busy_s + restart_s * changes
            kept = _front(time_s + spent_s, device_s + spent_s * count)
            times.append((time_s + spent_s)[kept])
            devices.append((device_s + spent_s * count)[kept])
            column = np.full((len(kept), 1), count, dtype=np.int64)
            plans.append(np.hstack([chosen[kept], column]))
        time_s, device_s = np.concatenate(times), np.concatenate(devices)
        chosen = np.concatenate(plans)
    return tuple(
        CountPlan(
            device_counts=tuple(chosen[place].tolist()),
            time_s=float(time_s[place]),
            device_use_s=float(device_s[place]),
        )
        for place in _told_apart(time_s, device_s)
    )


def _reserved(stages: Sequence[StageOptions], restart_s: float) -> tuple[CountPlan, ...]:
    """The fastest plan below each number of devices, which is what they are billed by."""
    most = sorted({count for stage in stages for count in stage.device_counts})
    fastest = [_fastest(stages, restart_s, largest) for largest in most]
    plans = [
        plan_of(stages, counts, device_use="reserved", restart_s=restart_s)
        for counts in fastest
        if counts is not None
    ]
    kept = _told_apart(
        np.array([plan.time_s for plan in plans]), np.array([plan.device_use_s for plan in plans])
    )
    return tuple(plans[place] for place in kept)


def _fastest(
    stages: Sequence[StageOptions], restart_s: float, largest: int
) -> tuple[int, ...] | None:
    """Device counts of the fastest plan with at most ``largest`` devices; None without one."""
    ends: dict[int, tuple[float, tuple[int, ...]]] = {}
    for place, stage in enumerate(stages):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for count, busy_s in zip(stage.device_counts, stage.busy_s, strict=True):
            if count > largest:
                continue
            if not place:
                following[count] = (busy_s, (count,))
            elif ends:
                time_s, plan = min(
                    (so_far_s + (restart_s if last != count else 0.0), plan)
                    for last, (so_far_s, plan) in ends.items()
                )
                following[count] = (time_s + busy_s, (*plan, count))
        ends = following
    return min(ends.values())[1] if ends else None


def _told_apart(time_s: Array, device_s: Array) -> list[int]:
    """The front without plans that another matches but for the rounding of sums in its order."""
    kept: list[int] = []
    for place in _front(time_s, device_s).tolist():
        while kept and time_s[place] <= time_s[kept[-1]] * (1 + ROUNDING_FRACTION):
            kept.pop()
        if not kept or device_s[kept[-1]] > device_s[place] * (1 + ROUNDING_FRACTION):
            kept.append(place)
    return kept


def _front(time_s: Array, device_s: Array) -> NDArray[np.int64]:
    """Places of the points that no other beats, by rising time."""
    order = np.lexsort((device_s, time_s))
    sorted_s = device_s[order]
    best_before = np.concatenate(([np.inf], np.minimum.accumulate(sorted_s)[:-1]))
    return order[sorted_s < best_before]
