"""Equal-effort controls: today's formula, planned again for what a candidate spends.

A candidate that grows its batch takes other steps and another time than the baseline in the same
epochs. Whether the growth or just the effort made the difference is asked of a control: the
baseline's formula over as many epochs as make its effort equal.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from planner.bounds import check_name
from planner.devices.batch_plan import micro_batch_plan
from planner.devices.composed_time import elapsed_s
from planner.devices.throughput import ThroughputCurve
from planner.economics.rates import HardwareProfile
from planner.pilots.course import lay_out
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.plans.replanned import replanned
from planner.refusal import Refusal, require
from planner.reviews.pace import Pace, pace
from planner.schedules.schedule import (
    MOST_EPOCHS,
    MOST_STEPS,
    Schedule,
    StepTable,
    plan_steps,
)

Effort = Literal["steps", "samples", "time", "money"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRequest:
    """Asks for a control of equal effort; nothing is stored.

    Attributes:
        pilot: With the baseline and the candidate.
        candidate: Name of the schedule whose effort is to be matched.
        effort: What is to be equal over the whole planned run: ``time`` on the device that the
            pilot runs on, ``money`` on the hardware of the review.
        name: Of the control.
    """

    pilot: Pilot
    candidate: str
    effort: Effort
    name: str

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        candidates = [schedule.name for schedule in self.pilot.candidates]
        allowed = ", ".join(candidates)
        require(self.candidate in candidates, "candidate", "not_one_of", allowed=allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control of equal effort, and how equal it is.

    Attributes:
        schedule: To be added to the pilot as one more candidate.
        effort: What was to be equal.
        effort_ratio: The control's effort over the candidate's; whole epochs seldom make it 1.
        baseline_effort_ratio: The baseline's, without a control.
    """

    schedule: Schedule
    effort: Effort
    effort_ratio: float
    baseline_effort_ratio: float


def equal_effort(
    request: ControlRequest,
    *,
    workload: Workload,
    throughput: ThroughputCurve | None,
    hardware: HardwareProfile | None,
) -> Control:
    """The baseline's formula over the number of epochs that comes closest to the candidate.

    Args:
        request: What is asked for.
        workload: Sizes of the data.
        throughput: Curve of the device that the pilot runs on; None if it was never measured.
        hardware: Of the review; needed for money only.

    Raises:
        Refusal: At ``effort`` where it cannot be measured, where the baseline has it already, or
            where no run is long enough for it.
    """
    pilot = request.pilot
    baseline = pilot.baseline
    own_epochs = baseline.epochs or pilot.budget.epochs
    candidate = next(found for found in pilot.candidates if found.name == request.candidate)

    def table(schedule: Schedule) -> StepTable:
        return plan_steps(
            schedule,
            training_samples=workload.training_samples,
            epochs=pilot.budget.epochs,
            form=pilot.momentum_form,
        )

    measure = _measure(request, table(baseline), throughput, hardware)

    @cache
    def effort_of(epochs: int) -> float:
        return measure(table(replanned(baseline, planned_epochs=own_epochs, epochs=epochs)))

    wanted = measure(table(candidate))
    epochs = _closest(effort_of, wanted, most=_most_epochs(table(baseline)))
    require(epochs != own_epochs, "effort", "effort_already_equal", epochs=epochs)
    schedule = replanned(baseline, planned_epochs=own_epochs, epochs=epochs)
    return Control(
        schedule=replace(schedule, name=request.name, role="candidate"),
        effort=request.effort,
        effort_ratio=effort_of(epochs) / wanted,
        baseline_effort_ratio=effort_of(own_epochs) / wanted,
    )


def _measure(
    request: ControlRequest,
    baseline: StepTable,
    throughput: ThroughputCurve | None,
    hardware: HardwareProfile | None,
) -> Callable[[StepTable], float]:
    if request.effort == "steps":
        return lambda table: table.steps
    if request.effort == "samples":
        return lambda table: int(table.items.sum())
    if throughput is None:
        raise Refusal("effort", "effort_needs_throughput")
    if request.effort == "time":
        plan = micro_batch_plan(throughput)
        return lambda table: float(elapsed_s(table, throughput, plan)[-1])
    return _billed(request.pilot, baseline, throughput, hardware)


def _billed(
    pilot: Pilot,
    baseline: StepTable,
    throughput: ThroughputCurve,
    hardware: HardwareProfile | None,
) -> Callable[[StepTable], float]:
    """Seconds on the review's hardware, whose price and number of devices are the same for all."""
    plan = micro_batch_plan(throughput)
    today = lay_out(baseline, throughput, plan)

    def seconds(table: StepTable) -> float:
        paces = pace(
            (),
            pilot=pilot,
            laid_out={pilot.baseline.name: today, "": lay_out(table, throughput, plan)},
            plan=plan,
            throughput=hardware.throughput if hardware else None,
            device_count=hardware.device_count if hardware else 1,
            production=pilot.production,
            interconnect=hardware.interconnect if hardware else None,
        )
        if not isinstance(paces, Pace):
            raise Refusal("effort", "effort_needs_hardware")
        return paces.elapsed_s("", table.steps)

    return seconds


def _closest(effort_of: Callable[[int], float], wanted: float, *, most: int) -> int:
    """Epochs whose effort is the smallest factor away from ``wanted``; effort rises with them.

    Found by doubling first, so that no run is laid out that is much longer than it has to be.
    """
    high = 1
    while effort_of(high) < wanted:
        require(high < most, "effort", "effort_out_of_reach", epochs=most)
        high = min(2 * high, most)
    above = 1 + bisect_left(range(1, high + 1), wanted, key=effort_of)
    tried = (max(1, above - 1), above)
    return min(tried, key=lambda epochs: abs(math.log(effort_of(epochs) / wanted)))


def _most_epochs(baseline: StepTable) -> int:
    """As many as a pilot may have, and as steps allow were the whole run like its first epoch."""
    steps_an_epoch = int((baseline.epoch == 0).sum())
    return max(1, min(MOST_EPOCHS, MOST_STEPS // steps_an_epoch))
