"""Pilots to be warned about, on a device whose curve is known."""

from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.pilots.pilot import Budget, EvaluationPlan, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule

CURVE = ThroughputCurve(
    workload="digits-mlp",
    device="d",
    dtype="float32",
    versions="1",
    points=(
        ThroughputPoint(batch_size=8, step_time_s=0.008, spread_fraction=0.0, steps=20),
        ThroughputPoint(batch_size=64, step_time_s=0.016, spread_fraction=0.0, steps=20),
        ThroughputPoint(batch_size=128, step_time_s=0.032, spread_fraction=0.0, steps=20),
    ),
    evaluation_s=0.0,
)
"""1,000 samples a second at 8, and 4,000 from 64 on."""

CONSTANT = LearningRate(initial=0.1)


def schedule(name, rate=CONSTANT, batch=64, role="candidate"):
    size = batch if isinstance(batch, BatchSize) else BatchSize(initial=batch)
    return Schedule(name=name, role=role, learning_rate=rate, batch_size=size)


def a_pilot(*candidates, today=None, **changes):
    fields = {
        "name": "p",
        "workload": "digits-mlp",
        "target": Target(metric="train_loss", value=0.1, direction="below"),
        "budget": Budget(epochs=12),
        "evaluation": EvaluationPlan(every="1ep"),
        "seeds": Seeds(confirmation=(11, 12, 13), selection=(1,)),
        "rate_multipliers": (1.0, 2.0),
        "schedules": (today or schedule("today", role="baseline"), *candidates),
    }
    return Pilot(**(fields | changes))
