"""Throughput: seconds a step at each batch size on one device, measured and composed."""

from dataclasses import dataclass


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
    """

    workload: str
    device: str
    dtype: str
    versions: str
    points: tuple[ThroughputPoint, ...]
    evaluation_s: float
    memory_limited: bool = False


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

    @property
    def half_saturation_batch_size(self) -> float:
        """Batch at which half of ``samples_per_s`` is reached: ``t0 r``."""
        return self.overhead_s * self.samples_per_s
