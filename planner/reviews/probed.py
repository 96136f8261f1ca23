"""Batches outside what was probed: their step times follow from the fit, and were not measured."""

import math
from collections.abc import Iterator

from planner.devices.throughput import ThroughputCurve, is_extrapolated
from planner.pilots.course import Course
from planner.reviews.judged import Judged
from planner.reviews.to_target import baseline_batch
from planner.schedules.schedule import Stage


def extrapolated(judged: Judged) -> tuple[str, ...]:
    """Schedules that leave a probed range: of the runs' device, or of the priced hardware."""
    return tuple(
        name
        for name, course in judged.laid_out.items()
        if any(is_extrapolated(curve, size) for curve, size in _timed(course, judged))
    )


def _timed(course: Course, judged: Judged) -> Iterator[tuple[ThroughputCurve, float]]:
    """Every batch that a device takes at once, with the curve that its time is read from."""
    given = judged.given
    own = [
        size
        for stage in course.stages
        for size in given.micro_batch_plan.split(_largest_part(course, stage))
    ]
    yield from ((given.throughput, size) for size in own)
    priced = given.hardware.throughput
    if priced is None:
        return
    if given.production is None:
        yield from ((priced, size) for size in own)
        return
    stated = given.production.half_saturation_batch_size_per_device is not None
    if judged.production is not None and not (stated and given.hardware.interconnect is None):
        yield from ((priced, size) for size in _in_production(course, judged))


def _largest_part(course: Course, stage: Stage) -> int:
    """Samples of a step of a stage that one device takes at most."""
    devices = 1 if course.devices is None else int(course.devices[stage.first_step])
    return -(-stage.batch_size // devices)


def _in_production(course: Course, judged: Judged) -> Iterator[float]:
    """Micro-batches of one device, the fewest equal ones that its memory holds."""
    production = judged.production
    if production is None:
        return
    ratio = production.batch_size / baseline_batch(judged)
    for stage in course.stages:
        per_device = stage.batch_size * ratio / production.device_count
        largest = production.maximum_batch_size_per_device
        parts = 1 if largest is None else max(1, math.ceil(per_device / largest - 1e-9))
        yield round(per_device / parts, 9)
