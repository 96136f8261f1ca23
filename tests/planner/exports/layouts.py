"""Schedules that the exports are tested with."""

from planner.exports.laid_out import LaidOut, lay_out
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateWarmUp
from planner.schedules.momentum import Momentum
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule

FORMS = ["heavy_ball", "normalised", "nesterov"]

EVERYTHING_CHANGES = Schedule(
    name='growing """batch"""',
    learning_rate=LearningRate(
        initial=0.02,
        decay="cosine",
        warm_up=RateWarmUp(maximum=0.05, epochs=1, shape="linear"),
        to_batch=RateToBatch(rule="square_root", ramp_epochs=0.5),
    ),
    batch_size=BatchSize(initial=8, growth=2, every_epochs=1),
    momentum=Momentum(value=0.9, shape="linear", final=0.8),
)
"""Rate, batch, momentum and, by the ramp, what the batch does to the rate."""


def everything_changes(form: str = "heavy_ball") -> LaidOut:
    """300 samples and three epochs: 38 steps of 8, 19 of 16 and 10 of 32, 67 in all."""
    return lay_out(EVERYTHING_CHANGES, training_samples=300, epochs=3, form=form)
