"""How fast one device is, as far as anybody measured it or typed it; never guessed."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_not_negative, check_positive
from planner.devices.throughput import (
    ThroughputCurve,
    ThroughputFit,
    ThroughputPoint,
    fit_throughput,
    step_time_s,
)
from planner.refusal import Refusal, require

SpeedOrigin = Literal["measured", "typed"]

TYPED_POINTS = 2
"""Points that make a curve where nobody measured one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepModel:
    """``t_opt + n_acc (a + c b)`` on one device.

    Attributes:
        micro_batch_overhead_s: a, seconds of a micro-batch whatever its size.
        sample_s: c, seconds a sample.
        optimiser_s: t_opt, seconds of the weights' update; 0 unless measured.
    """

    micro_batch_overhead_s: float
    sample_s: float
    optimiser_s: float = 0.0

    def __post_init__(self) -> None:
        for field in ("micro_batch_overhead_s", "optimiser_s"):
            check_not_negative(getattr(self, field), field)
        check_positive(self.sample_s, "sample_s")

    def micro_batch_s(self, batch_size: float) -> float:
        """Seconds of one micro-batch."""
        return self.micro_batch_overhead_s + self.sample_s * batch_size


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPoint:
    """A step of one device, as somebody typed it.

    Attributes:
        batch_size: Samples of the step.
        step_time_s: Seconds that it takes.
    """

    batch_size: int
    step_time_s: float

    def __post_init__(self) -> None:
        check_at_least(self.batch_size, 1, "batch_size")
        check_positive(self.step_time_s, "step_time_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSpeed:
    """One device: a curve, and whether it was measured or typed.

    Attributes:
        source: Device, number format and versions of a measured curve; the name of a typed one.
        optimiser_s: Seconds of the weights' update in each step; 0 unless measured.
    """

    curve: ThroughputCurve
    origin: SpeedOrigin
    source: str
    optimiser_s: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative(self.optimiser_s, "optimiser_s")

    @property
    def fit(self) -> ThroughputFit:
        """``t(b) = t0 + b / r``."""
        return fit_throughput(self.curve)

    def micro_batch_s(self, batch_sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds of a micro-batch of each size: a measured one's median, else the fit."""
        return step_time_s(self.curve, batch_sizes)

    def covers(self, batch_size: float) -> bool:
        """Whether the size lies within the points."""
        points = self.curve.points
        return points[0].batch_size <= batch_size <= points[-1].batch_size


def measured_speed(curve: ThroughputCurve, *, optimiser_s: float = 0.0) -> DeviceSpeed:
    """A device that a worker probed."""
    return DeviceSpeed(
        curve=curve,
        origin="measured",
        source=f"{curve.device}, {curve.dtype}, {curve.versions}",
        optimiser_s=optimiser_s,
    )


def typed_speed(
    points: tuple[TypedPoint, ...], *, device: str, optimiser_s: float = 0.0
) -> DeviceSpeed:
    """A device of which somebody typed two points.

    Raises:
        Refusal: They are not two, or do not rise in batch and time.
    """
    require(len(points) == TYPED_POINTS, "typed_points", "typed_points_not_two")
    smaller, larger = points
    try:
        two_point_model(
            smaller=(smaller.batch_size, smaller.step_time_s),
            larger=(larger.batch_size, larger.step_time_s),
        )
    except Refusal as refusal:
        raise Refusal("typed_points", refusal.code, **refusal.params) from refusal
    curve = ThroughputCurve(
        workload="typed",
        device=device,
        dtype="typed",
        versions="typed",
        points=tuple(
            ThroughputPoint(
                batch_size=point.batch_size,
                step_time_s=point.step_time_s,
                spread_fraction=0.0,
                steps=1,
            )
            for point in points
        ),
        evaluation_s=0.0,
    )
    return DeviceSpeed(curve=curve, origin="typed", source=device, optimiser_s=optimiser_s)


def with_evaluations_like(typed: ThroughputCurve, known: ThroughputCurve) -> ThroughputCurve:
    """A typed curve whose evaluation takes as much longer as its samples do, both at their best."""
    longer = fit_throughput(known).samples_per_s / fit_throughput(typed).samples_per_s
    return replace(typed, evaluation_s=known.evaluation_s * longer)


def two_point_model(*, smaller: tuple[float, float], larger: tuple[float, float]) -> StepModel:
    """The model through two points (samples per device, seconds a step)."""
    (few, short_s), (many, long_s) = smaller, larger
    require(0 < few < many, "larger", "throughput_points_not_rising")
    require(short_s < long_s, "larger", "step_times_not_rising")
    sample_s = (long_s - short_s) / (many - few)
    overhead_s = short_s - sample_s * few
    require(overhead_s >= 0, "larger", "step_time_above_proportion")
    return StepModel(micro_batch_overhead_s=overhead_s, sample_s=sample_s)
