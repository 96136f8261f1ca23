"""What runs saw up to the target: the stages of a training, and steps at each batch size."""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from planner.devices.throughput import fit_throughput
from planner.economics.cost import SECONDS_PER_HOUR
from planner.projections.batch_trade_off import BatchTradeOff, BatchTrial, batch_trade_off
from planner.projections.device_speed import TypedPoint
from planner.projections.transfer import (
    StageSamples,
    baseline_batch_size,
    production_sample_s,
    stages_to_target,
)
from planner.reviews.arm import Arm
from planner.reviews.judged import Judged


def training_stages(arm: Arm, judged: Judged) -> tuple[StageSamples, ...]:
    """Batches and samples of one training to the target, as a projection takes them.

    With a production block the pilot's stages are scaled to it: batches to its own, samples so
    that today's training takes its hours at the hardware's measured speed, else at that of
    `speed_points`. Empty where a run of the arm, or of the baseline, never reached the target,
    and where that speed or the training's hours there are not known.
    """
    own = _pilot_stages(arm, judged)
    production = judged.production
    if judged.given.production is None or not own:
        return own
    baseline = _pilot_stages(judged.baseline, judged)
    curve = judged.given.hardware.throughput
    speed_known = curve is not None or bool(speed_points(judged))
    if not baseline or not speed_known or production is None:
        return ()
    by_curve = replace(production, half_saturation_batch_size_per_device=None)
    sample_s = production_sample_s(
        production.batch_size,
        production if curve is None else by_curve,
        None if curve is None else fit_throughput(curve),
        judged.given.hardware.interconnect,
    )
    training_s = production.training_h * SECONDS_PER_HOUR * (1 - production.overhead_fraction)
    samples_ratio = training_s / sample_s / math.fsum(stage.samples for stage in baseline)
    batch_ratio = production.batch_size / baseline_batch(judged)
    return tuple(
        StageSamples(
            batch_size=stage.batch_size * batch_ratio, samples=stage.samples * samples_ratio
        )
        for stage in own
    )


def speed_points(judged: Judged) -> tuple[TypedPoint, ...]:
    """Two step times of one device of hardware that nobody measured, ``t(b) = b_half + b``.

    From the half-saturation batch alone, in seconds of a device that does one sample a second at
    most; the stages of a training are scaled to the same, so that only hours mean something.
    Empty where the hardware was measured, where that batch was not stated, and where its devices
    send messages, whose seconds cannot be set against these.
    """
    production, hardware = judged.production, judged.given.hardware
    if production is None or hardware.throughput is not None or hardware.interconnect is not None:
        return ()
    half = production.half_saturation_batch_size_per_device
    if half is None:
        return ()
    largest = production.maximum_batch_size_per_device or production.batch_size
    return tuple(
        TypedPoint(batch_size=batch_size, step_time_s=half + batch_size)
        for batch_size in (1, max(2, largest))
    )


def trade_off_of(judged: Judged, at_edge: Sequence[str]) -> BatchTradeOff:
    """Steps against samples over the pilot's schedules of one constant batch.

    Args:
        judged: The pilot.
        at_edge: Schedules whose rate lies at an end of the sweep: it is not chosen there.
    """
    swept = judged.given.selection is not None and len(judged.given.pilot.rate_multipliers) > 1
    trials = []
    for arm in judged.arms:
        stages = judged.laid_out[arm.schedule].stages
        steps = _mean_steps(arm)
        if len(stages) == 1 and steps:
            trials.append(
                BatchTrial(
                    name=arm.schedule,
                    batch_size=stages[0].batch_size,
                    steps_to_target=steps,
                    retuned=swept and arm.schedule not in at_edge,
                )
            )
    return batch_trade_off(trials)


def _pilot_stages(arm: Arm, judged: Judged) -> tuple[StageSamples, ...]:
    steps = _mean_steps(arm)
    return () if steps is None else stages_to_target(judged.laid_out[arm.schedule].stages, steps)


def _mean_steps(arm: Arm) -> float | None:
    """Mean steps to the target; None unless every run of the arm reached it."""
    steps = [race.crossing.step for race in arm.races if race.crossing is not None]
    return fmean(steps) if steps and len(steps) == len(arm.races) else None


def baseline_batch(judged: Judged) -> float:
    """b0: the baseline's batch over its whole planned run, as the transfer has it."""
    stages = judged.laid_out[judged.baseline.schedule].stages
    return baseline_batch_size(
        [StageSamples(batch_size=stage.batch_size, samples=stage.samples) for stage in stages]
    )
