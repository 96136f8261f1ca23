"""A whole training on several devices, composed of steps that were measured on as many."""

import math
from collections.abc import Sequence

import numpy as np

from planner.devices.scaling import ScalingCurve, ScalingPoint, curve_on
from planner.devices.throughput import is_extrapolated, step_time_s
from planner.economics.cost import SECONDS_PER_HOUR
from planner.projections.transfer import StageSamples
from planner.projections.what_if_request import HardwareOption
from planner.projections.what_if_values import MeasuredTraining


def measured_trainings(
    option: HardwareOption, stages: Sequence[StageSamples]
) -> tuple[MeasuredTraining, ...]:
    """For every device count whose measured batches cover all stages; else there is no figure.

    Between two measured batches the fit of those on as many devices is taken. Where a device could
    not hold its share, steps would be accumulated, and were not measured so.
    """
    scaling = option.scaling
    if scaling is None:
        return ()
    trained = [stage for stage in stages if stage.samples]
    return tuple(
        _training(scaling, count, trained)
        for count in scaling.device_counts
        if all(_covers(scaling, option, count, stage.batch_size) for stage in trained)
    )


def _covers(
    scaling: ScalingCurve, option: HardwareOption, device_count: int, batch_size: float
) -> bool:
    largest = option.largest_micro_batch_size or math.inf
    if batch_size / device_count > largest:
        return False
    return not is_extrapolated(curve_on(scaling, device_count), batch_size)


def _training(
    scaling: ScalingCurve, device_count: int, stages: Sequence[StageSamples]
) -> MeasuredTraining:
    curve = curve_on(scaling, device_count)
    points = [point for point in scaling.points if point.device_count == device_count]
    busy_s = [
        stage.samples / stage.batch_size * step_time_s(curve, stage.batch_size) for stage in stages
    ]
    halves = [_spread_fraction(points, stage.batch_size) / 2 for stage in stages]
    total_s = math.fsum(busy_s)
    off_s = math.fsum(time_s * half for time_s, half in zip(busy_s, halves, strict=True))
    exchanging_s = math.fsum(
        stage.samples / stage.batch_size * _communication_s(points, stage.batch_size)
        for stage in stages
    )
    return MeasuredTraining(
        device_count=device_count,
        training_h=total_s / SECONDS_PER_HOUR,
        training_low_h=max(0.0, total_s - off_s) / SECONDS_PER_HOUR,
        training_high_h=(total_s + off_s) / SECONDS_PER_HOUR,
        communication_fraction=min(1.0, exchanging_s / total_s),
    )


def _spread_fraction(points: Sequence[ScalingPoint], batch_size: float) -> float:
    """Of the measured batch, or the larger one of the two around it."""
    below = [point for point in points if point.batch_size <= batch_size][-1]
    above = next(point for point in points if point.batch_size >= batch_size)
    return max(below.spread_fraction, above.spread_fraction)


def _communication_s(points: Sequence[ScalingPoint], batch_size: float) -> float:
    """Exposed seconds of a step: of the measured batch, in a line between two of them."""
    sizes = [point.batch_size for point in points]
    return float(np.interp(batch_size, sizes, [point.communication_s for point in points]))
