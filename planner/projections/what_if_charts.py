"""Pictures of a what-if, as data."""

from collections.abc import Iterable, Sequence

from planner.chart import Axis, Chart, Series
from planner.projections.what_if_values import DevicePlan, HardwareProjection


def device_counts_chart(hardware: Sequence[HardwareProjection]) -> Chart | None:
    """Hours of one training by the number of devices: projected as lines, measured as points.

    A line has its interval, a point the spread of its steps; both have the hardware's name.
    """
    projected = tuple(
        Series(
            name=one.name,
            role="candidate",
            x=tuple(float(plan.device_counts[0]) for plan in one.same_devices),
            y=tuple(plan.training_h for plan in one.same_devices),
            low=tuple(plan.training_low_h for plan in one.same_devices),
            high=tuple(plan.training_high_h for plan in one.same_devices),
        )
        for one in hardware
        if one.same_devices
    )
    if not projected:
        return None
    return Chart(
        key="device_counts",
        x=Axis(label="device_count", logarithmic=True),
        y=Axis(label="training_time", unit="h", logarithmic=True),
        series=(*projected, *(_measured(one) for one in hardware if one.measured)),
    )


def _measured(one: HardwareProjection) -> Series:
    return Series(
        name=one.name,
        role="point",
        x=tuple(float(training.device_count) for training in one.measured),
        y=tuple(training.training_h for training in one.measured),
        low=tuple(training.training_low_h for training in one.measured),
        high=tuple(training.training_high_h for training in one.measured),
    )


def device_plans_chart(
    hardware: Iterable[HardwareProjection], today: DevicePlan | None, currency: str | None
) -> Chart | None:
    """Time against cost: plans that no other beats, and today's devices; None without a price."""
    series = [
        Series(
            name=one.name,
            role="candidate",
            x=tuple(plan.training_h for plan in one.front),
            y=tuple(None if plan.cost is None else plan.cost.amount for plan in one.front),
        )
        for one in hardware
        if any(plan.cost is not None for plan in one.front)
    ]
    if not series or currency is None:
        return None
    if today is not None and today.cost is not None:
        series.append(
            Series(
                name="todays_devices",
                role="baseline",
                x=(today.training_h,),
                y=(today.cost.amount,),
            )
        )
    free = any(cost == 0 for one in series for cost in one.y)
    return Chart(
        key="device_plans",
        x=Axis(label="training_time", unit="h", logarithmic=True),
        y=Axis(label="training_cost", unit=currency, logarithmic=not free),
        series=tuple(series),
    )
