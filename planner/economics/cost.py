"""What trainings and people cost."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.bounds import check_at_least, check_not_negative, check_positive
from planner.economics.assumptions import DeviceUse
from planner.money import Money

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StageUse:
    """One stage of a training as its hardware sees it.

    Attributes:
        steps: Steps of the stage.
        step_time_s: Seconds of one step.
        device_count: Devices that work on it.
    """

    steps: int
    step_time_s: float
    device_count: int

    def __post_init__(self) -> None:
        check_at_least(self.steps, 0, "steps")
        check_not_negative(self.step_time_s, "step_time_s")
        check_at_least(self.device_count, 1, "device_count")

    @property
    def busy_s(self) -> float:
        """Seconds that the stage takes."""
        return self.steps * self.step_time_s


def training_h(
    stages: Sequence[StageUse], *, evaluation_s: float = 0.0, restart_s: float = 0.0
) -> float:
    """Hours of one training: its steps, its evaluations, a restart where the devices change."""
    changes = sum(before.device_count != after.device_count for before, after in pairwise(stages))
    busy_s = sum(stage.busy_s for stage in stages)
    return (busy_s + evaluation_s + changes * restart_s) / SECONDS_PER_HOUR


def device_h(
    stages: Sequence[StageUse],
    *,
    device_use: DeviceUse,
    evaluation_s: float = 0.0,
    restart_s: float = 0.0,
) -> float:
    """Device-hours that one training is billed for.

    Reserved devices are paid for the whole training, ``max K x time``; elastic ones by stage,
    ``sum n_s t_s K_s``, where a restart runs on the devices of the stage it starts and the
    evaluations on those of the last stage.
    """
    if not stages:
        return 0.0
    if device_use == "reserved":
        most = max(stage.device_count for stage in stages)
        return most * training_h(stages, evaluation_s=evaluation_s, restart_s=restart_s)
    busy = sum(stage.busy_s * stage.device_count for stage in stages)
    restarts = sum(
        restart_s * after.device_count
        for before, after in pairwise(stages)
        if before.device_count != after.device_count
    )
    return (busy + restarts + evaluation_s * stages[-1].device_count) / SECONDS_PER_HOUR


def rented_cost(device_hours_h: float, rent_per_gpu_hour: Money) -> Money:
    """What rented devices cost; time on one device is never priced with another's rate."""
    return rent_per_gpu_hour * device_hours_h


def spot_factor(
    *,
    interruptions_per_device_h: float,
    device_count: float,
    checkpoint_interval_h: float,
    restart_h: float,
) -> float:
    """How much longer, and dearer, a training gets on devices that may be taken away.

    ``(e^(lambda tau) - 1)(1/lambda + rho)/tau`` with lambda the interruptions per hour of the
    job, one device's times the number of devices; 1 when nothing interrupts. Work since the last
    checkpoint is lost at an interruption; the time to write a checkpoint is left out.
    """
    check_not_negative(interruptions_per_device_h, "interruptions_per_device_h")
    check_positive(checkpoint_interval_h, "checkpoint_interval_h")
    check_not_negative(restart_h, "restart_h")
    per_h = interruptions_per_device_h * device_count
    interruptions = per_h * checkpoint_interval_h
    repeated = math.expm1(interruptions) / interruptions if interruptions > 0 else 1.0
    return repeated * (1 + per_h * restart_h)


def people_cost(attention_h: float, rate_per_h: Money) -> Money:
    """Cost of people's hours at their loaded rate."""
    return rate_per_h * attention_h
