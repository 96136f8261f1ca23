"""One hardware with every stage of a training at every device count."""

import math
from dataclasses import dataclass

from planner.devices.fabric import Interconnect
from planner.economics.cost import SECONDS_PER_HOUR
from planner.projections.device_plan import CountPlan, StageOptions, plan_of
from planner.projections.device_speed import DeviceSpeed
from planner.projections.plan_worth import PlanWorth
from planner.projections.projection import DeviceProjection, project_devices
from planner.projections.what_if_request import HardwareOption, WhatIfRequest
from planner.projections.what_if_values import DevicePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """One hardware with every stage at every device count.

    Attributes:
        stages: Projections, by stage and by rising device count.
        options: The same as seconds, for the plans.
    """

    option: HardwareOption
    request: WhatIfRequest
    stages: tuple[tuple[DeviceProjection, ...], ...]
    options: tuple[StageOptions, ...]

    def told(self, plan: CountPlan, worth: PlanWorth | None) -> DevicePlan:
        """A plan with its interval, its cost and its worth."""
        used = [
            next(one for one in stage if one.device_count == count)
            for stage, count in zip(self.stages, plan.device_counts, strict=True)
        ]
        steps = [stage.samples / stage.batch_size for stage in self.request.stages]
        mid_s = math.fsum(n * one.step_time_s for n, one in zip(steps, used, strict=True))
        low_s = math.fsum(n * one.step_time_low_s for n, one in zip(steps, used, strict=True))
        high_s = math.fsum(n * one.step_time_high_s for n, one in zip(steps, used, strict=True))
        device_h = plan.device_use_s / SECONDS_PER_HOUR
        training_h = plan.time_s / SECONDS_PER_HOUR
        price = self.option.price_per_device_h
        cost = None if price is None else price * device_h
        beyond = dict.fromkeys(name for one in used for name in one.extrapolations)
        return DevicePlan(
            device_counts=plan.device_counts,
            training_h=training_h,
            training_low_h=(plan.time_s - mid_s + low_s) / SECONDS_PER_HOUR,
            training_high_h=(plan.time_s - mid_s + high_s) / SECONDS_PER_HOUR,
            device_h=device_h,
            cost=cost,
            npv=worth.of(training_h=training_h, cost=cost) if worth and cost else None,
            extrapolations=tuple(beyond),
        )

    def same_devices(self, device_count: int, worth: PlanWorth | None) -> DevicePlan | None:
        """As many devices in every stage; None where a stage cannot have so many."""
        if any(device_count not in stage.device_counts for stage in self.options):
            return None
        plan = plan_of(
            self.options,
            (device_count,) * len(self.options),
            device_use=self.request.device_use,
            restart_s=self.request.restart_s,
        )
        return self.told(plan, worth)


def lay_out(option: HardwareOption, request: WhatIfRequest) -> LaidOut | None:
    """Every stage at every device count; None where the hardware's speed is not known."""
    speed = option.speed
    if speed is None:
        return None
    stages = tuple(_stage(speed, option, request, stage.batch_size) for stage in request.stages)
    options = tuple(
        StageOptions(
            device_counts=tuple(one.device_count for one in projections),
            busy_s=tuple(stage.samples / stage.batch_size * one.step_time_s for one in projections),
        )
        for stage, projections in zip(request.stages, stages, strict=True)
    )
    return LaidOut(option=option, request=request, stages=stages, options=options)


def _stage(
    speed: DeviceSpeed, option: HardwareOption, request: WhatIfRequest, batch_size: float
) -> tuple[DeviceProjection, ...]:
    """One stage at every device count that has a sample for each; always at one device.

    Without a fabric there is only one device.
    """
    interconnect = _interconnect(option, request)
    most = batch_size if connected(option, request) else 1
    if option.most_devices is not None:
        most = min(most, option.most_devices)
    counts = [count for count in request.counts if count <= most] or [1]
    largest = option.largest_micro_batch_size or speed.curve.points[-1].batch_size
    return project_devices(
        speed,
        interconnect=interconnect,
        batch_size=batch_size,
        device_counts=counts,
        largest_micro_batch_size=largest,
    )


def _interconnect(option: HardwareOption, request: WhatIfRequest) -> Interconnect | None:
    return option.interconnect(
        payload_bytes=request.payload_bytes, overlap_fraction=request.overlap_fraction
    )


def connected(option: HardwareOption, request: WhatIfRequest) -> bool:
    """Whether anything is known of how several devices talk to each other."""
    return option.communication_included or _interconnect(option, request) is not None
