"""Throughput: seconds a step at each batch size on one device, measured and composed."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_name, check_not_negative, check_positive
from planner.refusal import require

Execution = Literal["sequential", "batched", "mapped"]
"""How runs of one bundle are trained: one after the other, with batched matrix products of a model
that holds them all, or by torch's ``vmap`` over a model that holds one."""

Precision = Literal["float32", "bfloat16"]
"""Number format of activations and matrix products; weights are always ``float32``."""

BatchSizes = NDArray[np.int64] | NDArray[np.float64]

SATURATION_FRACTION = 0.95
"""Share of the best throughput at which a device counts as saturated."""

SMALLEST_SLOPE_FRACTION = 0.01
"""Share of a step that its samples cost at least: less is below the spread of any timing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputPoint:
    """Timed steps at one batch size.

    Attributes:
        batch_size: Samples per step.
        step_time_s: Median seconds per step.
        spread_fraction: Interquartile range over the median.
        steps: Number of timed steps.
    """

    batch_size: int
    step_time_s: float
    spread_fraction: float
    steps: int

    def __post_init__(self) -> None:
        check_at_least(self.batch_size, 1, "batch_size")
        check_positive(self.step_time_s, "step_time_s")
        check_not_negative(self.spread_fraction, "spread_fraction")
        check_at_least(self.steps, 1, "steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSpeed:
    """What training several runs together gained where it was tried.

    Attributes:
        execution: How they were trained.
        members: Number of runs.
        batch_size: Samples per step and run.
        step_time_s: Median seconds of one step of all of them.
        single_step_time_s: Median seconds of one step of one run alone, timed in the same rounds.
    """

    execution: Execution
    members: int
    batch_size: int
    step_time_s: float
    single_step_time_s: float

    def __post_init__(self) -> None:
        check_at_least(self.members, 2, "members")
        check_at_least(self.batch_size, 1, "batch_size")
        check_positive(self.step_time_s, "step_time_s")
        check_positive(self.single_step_time_s, "single_step_time_s")

    @property
    def speed_up(self) -> float:
        """How many times faster the members are trained together than one after the other."""
        return self.members * self.single_step_time_s / self.step_time_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputCurve:
    """Step times of one workload on one device, by rising batch size.

    Attributes:
        workload: Name of the workload that was timed.
        device: Name of the device, as the worker reports it.
        dtype: Number format of the arithmetic, such as ``float32``.
        versions: Versions of what shapes the speed, such as ``torch 2.13.0``.
        points: Measured batch sizes, rising.
        evaluation_s: Seconds of one evaluation of all metrics.
        memory_limited: Whether memory, not the plan of the probe, ended the curve.
        bundles: What bundles gained, for every way that was tried; empty where none was.
    """

    workload: str
    device: str
    dtype: str
    versions: str
    points: tuple[ThroughputPoint, ...]
    evaluation_s: float
    memory_limited: bool = False
    bundles: tuple[BundleSpeed, ...] = ()

    def __post_init__(self) -> None:
        check_name(self.workload, "workload")
        check_name(self.device, "device")
        check_at_least(len(self.points), 1, "points")
        sizes = [point.batch_size for point in self.points]
        rising = all(smaller < larger for smaller, larger in pairwise(sizes))
        require(rising, "points", "throughput_points_not_rising")
        check_not_negative(self.evaluation_s, "evaluation_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputFit:
    """``t(b) = t0 + b / r``, fitted up to the batch with the best throughput.

    Attributes:
        overhead_s: t0, seconds that a step costs whatever its batch.
        samples_per_s: r, throughput of an infinite batch.
        residual_fraction: Largest relative distance of a measured point from the fit.
    """

    overhead_s: float
    samples_per_s: float
    residual_fraction: float

    def __post_init__(self) -> None:
        check_not_negative(self.overhead_s, "overhead_s")
        check_positive(self.samples_per_s, "samples_per_s")

    @property
    def half_saturation_batch_size(self) -> float:
        """Batch at which half of ``samples_per_s`` is reached: ``t0 r``."""
        return self.overhead_s * self.samples_per_s


@lru_cache(maxsize=256)
def fit_throughput(curve: ThroughputCurve) -> ThroughputFit:
    """Minimises ``sum (fit/t - 1)^2`` with ``t0 >= 0`` over the range up to the best batch.

    A slope below `SMALLEST_SLOPE_FRACTION` is raised to it: timing cannot tell it from none.
    """
    batch, time = _measured(curve)
    used = slice(0, int(np.argmax(batch / time)) + 1)
    batch, time = batch[used], time[used]
    overhead, slope = _least_squares(batch / time, 1 / time)
    smallest = SMALLEST_SLOPE_FRACTION * time[-1] / batch[-1]
    if slope < smallest:
        slope = smallest
        overhead = max(0.0, float(((1 - slope * batch / time) / time).sum() / (time**-2).sum()))
    distance = np.abs((overhead + slope * batch) / time - 1)
    return ThroughputFit(
        overhead_s=overhead, samples_per_s=1 / slope, residual_fraction=float(distance.max())
    )


@overload
def step_time_s(curve: ThroughputCurve, batch_size: float) -> float: ...


@overload
def step_time_s(curve: ThroughputCurve, batch_size: BatchSizes) -> NDArray[np.float64]: ...


def step_time_s(
    curve: ThroughputCurve, batch_size: float | BatchSizes
) -> float | NDArray[np.float64]:
    """Seconds of one step: a measured batch's median, the fit between and beyond.

    The fit never leaves the range of the two medians around it, so that where medians rise with
    the batch, every step time does.
    """
    batch, time = _measured(curve)
    fit = fit_throughput(curve)
    wanted = np.asarray(batch_size, dtype=np.float64)
    place = np.searchsorted(batch, wanted)
    below, above = np.append(0.0, time)[place], np.append(time, np.inf)[place]
    fitted = np.clip(
        fit.overhead_s + wanted / fit.samples_per_s,
        np.minimum(below, above),
        np.maximum(below, above),
    )
    measured = batch[np.minimum(place, len(batch) - 1)] == wanted
    seconds: NDArray[np.float64] = np.where(measured, above, fitted)
    return seconds if isinstance(batch_size, np.ndarray) else float(seconds)


def is_extrapolated(curve: ThroughputCurve, batch_size: float) -> bool:
    """Whether a step time at this batch size lies outside what was measured."""
    return not curve.points[0].batch_size <= batch_size <= curve.points[-1].batch_size


def saturation_batch_size(curve: ThroughputCurve) -> int:
    """Smallest measured batch with 95 % of the best samples per second."""
    batch, time = _measured(curve)
    speed = batch / time
    return int(batch[np.argmax(speed >= SATURATION_FRACTION * speed.max())])


def _measured(curve: ThroughputCurve) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Batch sizes and seconds per step of the points."""
    return (
        np.array([float(point.batch_size) for point in curve.points]),
        np.array([point.step_time_s for point in curve.points]),
    )


def _least_squares(
    batch_over_time: NDArray[np.float64], one_over_time: NDArray[np.float64]
) -> tuple[float, float]:
    """``t0`` and ``1/r`` of the relative fit; one point, or a negative t0, means t0 = 0."""
    if len(one_over_time) > 1:
        rows = np.stack([one_over_time, batch_over_time], axis=1)
        overhead, slope = np.linalg.lstsq(rows, np.ones(len(rows)))[0]
        if overhead >= 0:
            return float(overhead), float(slope)
    return 0.0, float(batch_over_time.sum() / (batch_over_time**2).sum())
