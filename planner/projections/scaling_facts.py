"""What a stored measurement on several devices says, beside what one device alone predicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from planner.chart import Axis, Chart, Series
from planner.devices.scaling import (
    ScalingCurve,
    ScalingPoint,
    curve_on,
    strong_efficiency_fraction,
    weak_efficiency_fraction,
)
from planner.devices.scaling_link import measured_interconnect
from planner.projections.device_speed import measured_speed
from planner.projections.projection import DeviceProjection, project_devices


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingState:
    """A stored measurement and where it stands.

    Attributes:
        number: Its name; later ones have higher ones.
        age_s: Seconds since it was measured.
        device_counts: Numbers of devices that were timed, rising.
        newest: Whether none of the same workload, device and number format is newer.
    """

    number: int
    workload: str
    device: str
    dtype: str
    versions: str
    measured_at: datetime
    age_s: float
    device_counts: tuple[int, ...]
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRow:
    """One global batch on a number of devices: measured, and projected from one device.

    Attributes:
        point: What was timed.
        communication_fraction: Share of the step that is communication.
        strong_efficiency_fraction: Against the same batch on one device; None if not timed there.
        weak_efficiency_fraction: Against as many samples a device on one; None likewise.
        projected: From the steps on one device and the bare all-reduce alone; None on one
            device, and where no all-reduce was timed.
    """

    point: ScalingPoint
    communication_fraction: float
    strong_efficiency_fraction: float | None
    weak_efficiency_fraction: float | None
    projected: DeviceProjection | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingFacts:
    """One stored measurement with everything that follows from it.

    Attributes:
        rows: Every point that was timed, in order.
        bus_bytes_per_s: Best bus bandwidth of the bare all-reduces; None where none was timed.
        overlap_fraction: Share of the backward pass behind which they hid; None likewise.
        chart: Seconds a step by number of devices: measured points, projected lines.
    """

    state: ScalingState
    scaling: ScalingCurve
    rows: tuple[ScalingRow, ...]
    bus_bytes_per_s: float | None
    overlap_fraction: float | None
    chart: Chart


def scaling_facts(state: ScalingState, scaling: ScalingCurve) -> ScalingFacts:
    """Everything that follows from a measurement."""
    link = measured_interconnect(scaling)
    rows = tuple(_row(scaling, point) for point in scaling.points)
    return ScalingFacts(
        state=state,
        scaling=scaling,
        rows=rows,
        bus_bytes_per_s=None if link is None else link.fabric.bus_bytes_per_s,
        overlap_fraction=None if link is None else link.overlap_fraction,
        chart=scaling_chart(scaling, rows),
    )


def projected_step(scaling: ScalingCurve, point: ScalingPoint) -> DeviceProjection | None:
    """A point's step as one device and the bare all-reduce predict it.

    None on one device, where there is nothing to predict, and without a timed all-reduce.
    """
    link = measured_interconnect(scaling)
    if point.device_count == 1 or link is None:
        return None
    alone = curve_on(scaling, 1)
    (projection,) = project_devices(
        measured_speed(alone),
        interconnect=link,
        batch_size=point.batch_size,
        device_counts=(point.device_count,),
        largest_micro_batch_size=max(
            alone.points[-1].batch_size, -(-point.batch_size // point.device_count)
        ),
    )
    return projection


def scaling_chart(scaling: ScalingCurve, rows: Sequence[ScalingRow]) -> Chart:
    """Seconds a step by number of devices; a series has the name of its global batch."""
    by_batch = {
        size: [row for row in rows if row.point.batch_size == size] for size in scaling.batch_sizes
    }
    lines = tuple(_projected(size, found) for size, found in by_batch.items() if len(found) > 1)
    points = tuple(_measured(size, found) for size, found in by_batch.items())
    return Chart(
        key="scaling",
        x=Axis(label="device_count", logarithmic=True),
        y=Axis(label="step_time", unit="s", logarithmic=True),
        series=(*(line for line in lines if len(line.x) > 1), *points),
    )


def _row(scaling: ScalingCurve, point: ScalingPoint) -> ScalingRow:
    return ScalingRow(
        point=point,
        communication_fraction=point.communication_fraction,
        strong_efficiency_fraction=strong_efficiency_fraction(scaling, point),
        weak_efficiency_fraction=weak_efficiency_fraction(scaling, point),
        projected=projected_step(scaling, point),
    )


def _projected(batch_size: int, rows: Sequence[ScalingRow]) -> Series:
    """From the measured step on one device, which is where a projection begins."""
    told = [row for row in rows if row.projected is not None or row.point.device_count == 1]
    bounds = [_bounds_s(row) for row in told]
    return Series(
        name=str(batch_size),
        role="candidate",
        x=tuple(float(row.point.device_count) for row in told),
        y=tuple(mid_s for _, mid_s, _ in bounds),
        low=tuple(low_s for low_s, _, _ in bounds),
        high=tuple(high_s for _, _, high_s in bounds),
    )


def _bounds_s(row: ScalingRow) -> tuple[float, float, float]:
    """Low, mid and high of a projected step; on one device, the measured one."""
    if row.projected is None:
        return row.point.step_time_s, row.point.step_time_s, row.point.step_time_s
    found = row.projected
    return found.step_time_low_s, found.step_time_s, found.step_time_high_s


def _measured(batch_size: int, rows: Sequence[ScalingRow]) -> Series:
    """Half of the spread lies on either side of the median."""
    points = [row.point for row in rows]
    return Series(
        name=str(batch_size),
        role="point",
        x=tuple(float(point.device_count) for point in points),
        y=tuple(point.step_time_s for point in points),
        low=tuple(point.step_time_s / (1 + point.spread_fraction / 2) for point in points),
        high=tuple(point.step_time_s * (1 + point.spread_fraction / 2) for point in points),
    )
