"""Devices of each stage of a schedule: a run stops where their number changes, and goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_name, check_unique
from planner.devices.device_count import check_device_count
from planner.refusal import require
from planner.schedules.schedule import Stage

MOST_COUNTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesOfSchedule:
    """How many devices train a run of one schedule, stage by stage.

    Attributes:
        schedule: Its name.
        counts: Of its stages in order; the last one holds for the stages after it.
    """

    schedule: str
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        check_name(self.schedule, "schedule")
        require(bool(self.counts), "counts", "device_counts_missing")
        require(len(self.counts) <= MOST_COUNTS, "counts", "too_many_counts", most=MOST_COUNTS)
        for place, count in enumerate(self.counts):
            check_device_count(count, f"counts[{place}]")

    def of_stage(self, place: int) -> int:
        """Devices of a stage, counted from 0."""
        return self.counts[min(place, len(self.counts) - 1)]


def check_devices(devices: Sequence[DevicesOfSchedule], schedules: Sequence[str]) -> None:
    """Refuses devices of a schedule that is not there, or that has some already."""
    for place, one in enumerate(devices):
        known = one.schedule in schedules
        require(known, f"devices[{place}].schedule", "schedule_unknown", schedule=one.schedule)
    names = [one.schedule for one in devices]
    check_unique(names, "devices[{}].schedule", "devices_repeated")


def counts_of(devices: Sequence[DevicesOfSchedule]) -> Mapping[str, DevicesOfSchedule]:
    """By schedule; one that is absent has one device throughout."""
    return {one.schedule: one for one in devices}


def count_throughout(devices: Sequence[DevicesOfSchedule], stages: Mapping[str, int]) -> int | None:
    """Devices of every stage of some schedules; None where their number differs.

    Args:
        devices: Of schedules; what is said of stages that a schedule does not have is not used.
        stages: How many each schedule has, by its name.
    """
    planned = counts_of(devices)
    counts = {
        planned[name].of_stage(place) if name in planned else 1
        for name, number in stages.items()
        for place in range(number)
    }
    return counts.pop() if len(counts) == 1 else None


def count_at(planned: DevicesOfSchedule | None, stages: Sequence[Stage], step: int) -> int:
    """Devices of the step that follows ``step`` steps."""
    if planned is None:
        return 1
    place = sum(stage.first_step <= step for stage in stages) - 1
    return planned.of_stage(max(place, 0))


def next_change(
    planned: DevicesOfSchedule | None, stages: Sequence[Stage], *, step: int, count: int
) -> int | None:
    """The first stage after ``step`` steps that wants another number of devices than ``count``."""
    if planned is None:
        return None
    starts = (
        stage.first_step
        for place, stage in enumerate(stages)
        if stage.first_step > step and planned.of_stage(place) != count
    )
    return next(starts, None)


def count_of_each_step(
    planned: DevicesOfSchedule | None, stages: Sequence[Stage]
) -> NDArray[np.int64]:
    """Devices of every step."""
    counts = [1 if planned is None else planned.of_stage(place) for place in range(len(stages))]
    return np.repeat(np.array(counts, dtype=np.int64), [stage.steps for stage in stages])
