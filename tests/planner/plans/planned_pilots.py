"""A pilot of two schedules, as it is planned."""

from planner.economics.assumptions import Assumptions, Production
from planner.pilots.pilot import Budget, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule


def schedule(name, batch, role="candidate"):
    return Schedule(
        name=name,
        role=role,
        learning_rate=LearningRate(initial=0.1),
        batch_size=BatchSize(initial=batch),
    )


def a_pilot(**changes):
    fields = {
        "name": "p",
        "workload": "w",
        "target": Target(metric="train_loss", value=0.1, direction="below"),
        "budget": Budget(epochs=2),
        "seeds": Seeds(confirmation=(11, 12, 13), selection=(1, 2)),
        "rate_multipliers": (1.0, 2.0),
        "schedules": (schedule("today", 100, "baseline"), schedule("large", 200)),
        "production": Production(
            training_h=10,
            device_count=1,
            batch_size=8,
            half_saturation_batch_size_per_device=4,
        ),
        "assumptions": Assumptions(trainings_per_month=10, discount_rate_per_year=0.0),
    }
    return Pilot(**(fields | changes))
