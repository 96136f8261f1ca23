"""What a stored throughput curve says, as values."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from planner.chart import Axis, Chart, Series
from planner.devices.batch_plan import MicroBatchPlan, micro_batch_plan
from planner.devices.throughput import (
    ThroughputCurve,
    ThroughputFit,
    ThroughputPoint,
    fit_throughput,
    saturation_batch_size,
)

FIT_POINTS = 60
"""Points of a drawn fit, at even ratios."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveState:
    """A stored curve and where it stands.

    Attributes:
        number: Its name; later curves have higher ones.
        age_s: Seconds since it was measured.
        retired_at: When somebody asked for another measurement in its place; None if nobody did.
        points: Number of measured batch sizes.
        largest_batch_size: Of the measured ones.
        memory_limited: Whether memory ended it there.
        in_use: Whether a pilot that is started now uses it instead of measuring its own.
    """

    number: int
    workload: str
    device: str
    dtype: str
    versions: str
    measured_at: datetime
    age_s: float
    retired_at: datetime | None
    points: int
    largest_batch_size: int
    memory_limited: bool
    in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFacts:
    """One stored curve with everything that follows from it.

    Attributes:
        fit: ``t(b) = t0 + b / r``.
        half_saturation_batch_size: Samples at which half of ``r`` is reached.
        saturation_batch_size: Smallest measured batch with 95 % of the best throughput.
        best_batch_size: Measured batch with the best throughput.
        best_samples_per_s: That throughput.
        micro_batch_plan: How a larger batch would be executed.
        compared_with: Number of the curve that the chart shows beside it; None for none.
    """

    state: CurveState
    curve: ThroughputCurve
    fit: ThroughputFit
    half_saturation_batch_size: float
    saturation_batch_size: int
    best_batch_size: int
    best_samples_per_s: float
    micro_batch_plan: MicroBatchPlan
    chart: Chart
    compared_with: int | None = None


def curve_facts(
    state: CurveState,
    curve: ThroughputCurve,
    *,
    compared: tuple[int, ThroughputCurve] | None = None,
) -> CurveFacts:
    """Everything that follows from a curve; ``compared`` is another one and its number."""
    fit = fit_throughput(curve)
    best = max(curve.points, key=_samples_per_s)
    return CurveFacts(
        state=state,
        curve=curve,
        fit=fit,
        half_saturation_batch_size=fit.half_saturation_batch_size,
        saturation_batch_size=saturation_batch_size(curve),
        best_batch_size=best.batch_size,
        best_samples_per_s=_samples_per_s(best),
        micro_batch_plan=micro_batch_plan(curve),
        chart=throughput_chart(curve, None if compared is None else compared[1]),
        compared_with=None if compared is None else compared[0],
    )


def throughput_chart(curve: ThroughputCurve, compared: ThroughputCurve | None = None) -> Chart:
    """Samples per second at each batch size: points that were measured, and the fit as a line."""
    series = [_fit(curve, "this_curve"), _measured(curve, "this_curve")]
    if compared is not None:
        series += [_fit(compared, "compared_curve"), _measured(compared, "compared_curve")]
    return Chart(
        key="throughput",
        x=Axis(label="batch_size", logarithmic=True),
        y=Axis(label="samples_per_s", logarithmic=True),
        series=tuple(series),
    )


def _measured(curve: ThroughputCurve, name: str) -> Series:
    """Half of the spread lies on either side of the median."""
    speeds = [_samples_per_s(point) for point in curve.points]
    halves = [1 + point.spread_fraction / 2 for point in curve.points]
    return Series(
        name=name,
        role="point",
        x=tuple(float(point.batch_size) for point in curve.points),
        y=tuple(speeds),
        low=tuple(speed / half for speed, half in zip(speeds, halves, strict=True)),
        high=tuple(speed * half for speed, half in zip(speeds, halves, strict=True)),
    )


def _fit(curve: ThroughputCurve, name: str) -> Series:
    """The line that the fit draws over the measured batch sizes, not held to their medians."""
    smallest, largest = curve.points[0].batch_size, curve.points[-1].batch_size
    sizes = np.unique(np.geomspace(smallest, largest, FIT_POINTS).round(3))
    fit = fit_throughput(curve)
    speeds = sizes / (fit.overhead_s + sizes / fit.samples_per_s)
    return Series(name=name, role="candidate", x=tuple(sizes.tolist()), y=tuple(speeds.tolist()))


def _samples_per_s(point: ThroughputPoint) -> float:
    return point.batch_size / point.step_time_s
