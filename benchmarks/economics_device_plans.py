"""Plans of devices: 5 stages on 11 device counts, beside a loop over all 161,051 of them."""

import itertools
from collections.abc import Callable, Sequence

from planner.devices.fabric import Fabric
from planner.economics.assumptions import Assumptions, DeviceUse
from planner.money import Money
from planner.projections.device_plan import CountPlan, StageOptions, best_plans, plan_of
from planner.projections.device_speed import TypedPoint
from planner.projections.transfer import StageSamples
from planner.projections.what_if import what_if
from planner.projections.what_if_request import (
    DEVICE_COUNTS,
    HardwareOption,
    TodayPlan,
    WhatIfRequest,
)

RESTART_S = 20.0

TRAINING = WhatIfRequest(
    hardware=(
        HardwareOption(
            name="H100",
            typed_points=(
                TypedPoint(batch_size=32, step_time_s=0.0090),
                TypedPoint(batch_size=256, step_time_s=0.0389),
            ),
            fabric=Fabric(bus_bytes_per_s=100e9, latency_s=5e-6, hops="tree"),
            price_per_device_h=Money(amount=3.99, currency="USD"),
        ),
    ),
    stages=tuple(
        StageSamples(batch_size=1024 * 2**place, samples=5e7 * 1.3**place) for place in range(5)
    ),
    payload_bytes=102e6,
    device_use="elastic",
    restart_s=RESTART_S,
    today=TodayPlan(hardware="H100", device_count=8),
    assumptions=Assumptions(trainings_per_month=20, cost_of_delay_per_day=500),
)


def stages() -> tuple[StageOptions, ...]:
    """Every stage of the training on 1 to 1,024 devices."""
    (hardware,) = what_if(TRAINING).hardware
    return tuple(
        StageOptions(
            device_counts=tuple(one.device_count for one in projections),
            busy_s=tuple(stage.samples / stage.batch_size * one.step_time_s for one in projections),
        )
        for stage, projections in zip(TRAINING.stages, hardware.stages, strict=True)
    )


def exact(found: Sequence[StageOptions], use: DeviceUse) -> Callable[[], tuple[CountPlan, ...]]:
    """What the product does."""
    return lambda: best_plans(found, device_use=use, restart_s=RESTART_S)


def one_by_one(found: Sequence[StageOptions], use: DeviceUse) -> Callable[[], list[CountPlan]]:
    """All plans worked out one after the other, sorted, and those kept that no other beats."""

    def loop() -> list[CountPlan]:
        every = [
            plan_of(found, counts, device_use=use, restart_s=RESTART_S)
            for counts in itertools.product(DEVICE_COUNTS, repeat=len(found))
        ]
        kept: list[CountPlan] = []
        for plan in sorted(every, key=lambda plan: (plan.time_s, plan.device_use_s)):
            if not kept or plan.device_use_s < kept[-1].device_use_s:
                kept.append(plan)
        return kept

    return loop
