"""From the pilot to the production training: transferred, never measured.

A stage keeps its batch relative to today's and its samples relative to today's. With b0 the
baseline's batch in the pilot and B0 the production batch, stage s runs at ``B_s = (b_s/b0) B0``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from planner.bounds import check_not_negative, check_positive
from planner.devices.fabric import Interconnect
from planner.devices.throughput import ThroughputFit
from planner.economics.assumptions import Production
from planner.projections.projection import exposed_message_s
from planner.refusal import Refusal
from planner.schedules.schedule import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSamples:
    """What one run saw at one batch size, up to its target.

    Attributes:
        batch_size: Samples per step in the pilot.
        samples: Samples seen.
    """

    batch_size: float
    samples: float

    def __post_init__(self) -> None:
        check_positive(self.batch_size, "batch_size")
        check_not_negative(self.samples, "samples")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageShare:
    """A stage relative to the pilot's baseline.

    Attributes:
        batch_ratio: rho, its batch over the baseline's b0.
        sample_fraction: phi, its samples over the baseline's samples to target; may exceed 1.
    """

    batch_ratio: float
    sample_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseShare:
    """Baseline batch over the gradient noise scale; sample efficiency depends on it.

    Attributes:
        pilot: x_p, in the pilot.
        production: x_q, in production; the pilot's where it is unknown, which the page says.
    """

    pilot: float
    production: float

    def __post_init__(self) -> None:
        check_not_negative(self.pilot, "pilot")
        check_not_negative(self.production, "production")

    def sample_factor(self, batch_ratio: float) -> float:
        """Factor on a stage's samples: ``[(1+rho x_q)/(1+x_q)] / [(1+rho x_p)/(1+x_p)]``."""
        here = (1 + batch_ratio * self.pilot) / (1 + self.pilot)
        there = (1 + batch_ratio * self.production) / (1 + self.production)
        return there / here


def stages_to_target(stages: Sequence[Stage], crossing_step: float) -> tuple[StageSamples, ...]:
    """A run's stages, cut where it reached its target; the crossing may lie inside a step."""
    cut = []
    for stage in stages:
        done = min(max(crossing_step - stage.first_step, 0.0), stage.steps)
        if done > 0:
            samples = stage.samples * done / stage.steps
            cut.append(StageSamples(batch_size=stage.batch_size, samples=samples))
    return tuple(cut)


def baseline_batch_size(stages: Sequence[StageSamples]) -> float:
    """b0: harmonic mean of the baseline's batches, weighted by samples, up to its target."""
    samples = math.fsum(stage.samples for stage in stages)
    check_positive(samples, "samples")
    return samples / math.fsum(stage.samples / stage.batch_size for stage in stages)


def stage_shares(
    stages: Sequence[StageSamples], baseline: Sequence[StageSamples]
) -> tuple[StageShare, ...]:
    """A run's stages relative to the baseline's run on the same seed."""
    b0 = baseline_batch_size(baseline)
    to_target = math.fsum(stage.samples for stage in baseline)
    return tuple(
        StageShare(batch_ratio=stage.batch_size / b0, sample_fraction=stage.samples / to_target)
        for stage in stages
    )


def production_equivalent_s(
    stages: Sequence[StageSamples],
    *,
    baseline_batch: float,
    production: Production,
    fit: ThroughputFit | None = None,
    noise_share: NoiseShare | None = None,
    interconnect: Interconnect | None = None,
) -> float:
    """Time that one pilot run's samples would take on the production hardware.

    ``P = sum_s samples_s t(B_s)/B_s``. Only the ratio of two arms with one ``baseline_batch``
    means something: P_candidate / P_baseline of a seed is its time ratio. For a baseline at one
    batch that ratio is the design's ``[sum phi_s t(B_s)/B_s] / [t(B0)/B0]``; for a baseline in
    stages it prices the baseline's own stages too, instead of one step at their mean batch.

    Args:
        stages: One run up to its target, see `stages_to_target`; a run that never reached it up
            to its end.
        baseline_batch: b0, see `baseline_batch_size`; the same for every run of a pilot.
        production: Where the samples would be trained.
        fit: Speed of one production device, where ``production`` does not state its
            half-saturation batch. Without it the result is in units of one over the devices'
            best samples per second.
        noise_share: Where sample efficiency is to be carried to another noise scale.
        interconnect: Between the production's devices, where each step pays for its message; it
            needs ``fit``, whose seconds a message is set against.
    """
    check_positive(baseline_batch, "baseline_batch")
    times = []
    for stage in stages:
        ratio = stage.batch_size / baseline_batch
        factor = 1.0 if noise_share is None else noise_share.sample_factor(ratio)
        batch_size = ratio * production.batch_size
        samples_s = production_sample_s(batch_size, production, fit, interconnect)
        times.append(stage.samples * factor * samples_s)
    return math.fsum(times)


def candidate_training_h(production: Production, time_ratio: float) -> float:
    """Hours of one training under the candidate: ``T (1-overhead) ratio + T overhead``."""
    overhead = production.overhead_fraction
    return production.training_h * ((1 - overhead) * time_ratio + overhead)


def transferred_time_ratio(
    shares: Sequence[StageShare],
    *,
    production: Production,
    fit: ThroughputFit | None = None,
    noise_share: NoiseShare | None = None,
    interconnect: Interconnect | None = None,
) -> float:
    """``[sum phi_s t(B_s)/B_s] / [t(B0)/B0]``: the time ratio of stage shares."""
    stages = [
        StageSamples(batch_size=share.batch_ratio, samples=share.sample_fraction)
        for share in shares
    ]
    today = production_sample_s(production.batch_size, production, fit, interconnect)
    spent = production_equivalent_s(
        stages,
        baseline_batch=1.0,
        production=production,
        fit=fit,
        noise_share=noise_share,
        interconnect=interconnect,
    )
    return spent / today


def production_sample_s(
    batch_size: float,
    production: Production,
    fit: ThroughputFit | None,
    interconnect: Interconnect | None = None,
) -> float:
    """Seconds a sample at a global batch: ``n_acc t(b / n_acc) / B`` with t(b) = (b_half + b)/r.

    Above the device's maximum a step is the fewest equal micro-batches, which never beats it.
    With an interconnect each step pays what of its all-reduce does not hide.
    """
    half, samples_per_s = _device_speed(production, fit)
    per_device = batch_size / production.device_count
    largest = production.maximum_batch_size_per_device
    micro_batches = 1 if largest is None else max(1, math.ceil(per_device / largest - 1e-9))
    computing_s = (micro_batches * half + per_device) / samples_per_s
    if interconnect is None:
        return computing_s / batch_size
    if fit is None:
        raise Refusal("interconnect", "interconnect_needs_throughput")
    message_s = exposed_message_s(
        interconnect,
        device_count=production.device_count,
        micro_batch_s=computing_s / micro_batches,
    )
    return (computing_s + message_s) / batch_size


def _device_speed(production: Production, fit: ThroughputFit | None) -> tuple[float, float]:
    """Half-saturation batch and best samples per second of one device."""
    half = production.half_saturation_batch_size_per_device
    if half is not None:
        return half, 1.0 if fit is None else fit.samples_per_s
    if fit is None:
        raise Refusal("half_saturation_batch_size_per_device", "device_speed_unknown")
    return fit.half_saturation_batch_size, fit.samples_per_s
