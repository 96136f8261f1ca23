"""Small pilots that faults strike, with a curve known beforehand: nothing is probed.

Two pilots that compose their times with one curve agree in every number that a fault may not touch.
"""

from dataclasses import replace

from planner.devices.throughput import BundleSpeed, ThroughputCurve, ThroughputPoint
from planner.pilots.pilot import Budget, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from worker.device import describe_device

STEP_S = 1e-3
"""Composed seconds of a step at any batch: makes the bill a count of executed steps."""

LONG = 2000
"""Epochs that nobody waits for: 270,000 steps of the baseline."""

EPOCH_STEPS = 135
"""Of the baseline: an epoch of 1,078 samples at a batch of 8."""


def a_pilot(*, epochs: int = 40, seeds: tuple[int, ...] = (11, 12, 13)) -> Pilot:
    """The baseline has ``epochs * EPOCH_STEPS`` steps, the growing batch fewer."""
    rate = LearningRate(initial=0.02, decay="cosine")
    growing = BatchSize(initial=8, growth=2, every_epochs=max(1, epochs // 4), maximum=32)
    return Pilot(
        name="Digits",
        workload="digits-mlp",
        target=Target(metric="train_loss", value=0.05, direction="below"),
        budget=Budget(epochs=epochs),
        seeds=Seeds(confirmation=seeds),
        schedules=(
            Schedule(
                name="today",
                role="baseline",
                learning_rate=rate,
                batch_size=BatchSize(initial=8),
            ),
            Schedule(name="growing batch", learning_rate=rate, batch_size=growing),
        ),
    )


def a_curve() -> ThroughputCurve:
    return ThroughputCurve(
        workload="digits-mlp",
        device=describe_device("cpu").name,
        dtype="float32",
        versions="torch",
        points=tuple(
            ThroughputPoint(batch_size=size, step_time_s=STEP_S, spread_fraction=0.0, steps=20)
            for size in (1, 8, 16, 32)
        ),
        evaluation_s=0.0,
    )


def a_bundling_curve(*, members: int) -> ThroughputCurve:
    """So many runs of the baseline are trained together, and any two pay."""
    speed = BundleSpeed(
        execution="batched",
        members=members,
        batch_size=8,
        step_time_s=1.5 * STEP_S,
        single_step_time_s=STEP_S,
    )
    return replace(a_curve(), bundles=(speed,))
