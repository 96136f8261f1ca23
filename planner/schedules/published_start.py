"""A published setting as the start of a schedule for runs of another length."""

import math
from dataclasses import replace

from planner.bounds import check_at_least
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth, RateWarmUp
from planner.schedules.published import PublishedSetting
from planner.schedules.schedule import Schedule


def exact_start(setting: PublishedSetting, *, epochs: int) -> Schedule:
    """The schedule as published; in runs of other ``epochs`` it keeps its own."""
    check_at_least(epochs, 1, "epochs")
    own = None if epochs == setting.epochs else setting.epochs
    return replace(setting.schedule, epochs=own)


def stretched_start(setting: PublishedSetting, *, epochs: int) -> Schedule:
    """The same course over ``epochs``: every place in the run moves in proportion.

    A stage, a jump of the rate and a warm-up are whole epochs long and at least one. Where not all
    stages fit there are fewer, and the batch grows by more in each: first and last batch, first and
    highest rate stay as published. One stage is constant.
    """
    check_at_least(epochs, 1, "epochs")
    schedule = setting.schedule
    return replace(
        schedule,
        learning_rate=_stretched_rate(
            schedule.learning_rate, published_epochs=setting.epochs, epochs=epochs
        ),
        batch_size=_stretched_batch(
            schedule.batch_size, published_epochs=setting.epochs, epochs=epochs
        ),
    )


def _stretched_rate(rate: LearningRate, *, published_epochs: int, epochs: int) -> LearningRate:
    growth, warm_up = rate.growth, rate.warm_up
    if growth is not None:
        jumps = math.ceil(published_epochs / growth.every_epochs)
        growth = RateGrowth(maximum=growth.maximum, every_epochs=math.ceil(epochs / jumps))
    if warm_up is not None:
        jumps = math.ceil(warm_up.epochs / warm_up.every_epochs)
        length = max(1, round(warm_up.epochs * epochs / published_epochs))
        warm_up = RateWarmUp(
            maximum=warm_up.maximum,
            epochs=length,
            shape=warm_up.shape,
            every_epochs=math.ceil(length / jumps),
        )
    return replace(rate, growth=growth, warm_up=warm_up)


def _stretched_batch(batch: BatchSize, *, published_epochs: int, epochs: int) -> BatchSize:
    if batch.growth is None or batch.every_epochs is None:
        return batch
    published_stages = math.ceil(published_epochs / batch.every_epochs)
    every_epochs = math.ceil(epochs / published_stages)
    stages = math.ceil(epochs / every_epochs)
    if stages == 1:
        return BatchSize(initial=batch.first)
    growth = batch.growth
    if stages != published_stages:
        growth = _plain(growth ** ((published_stages - 1) / (stages - 1)))
    return replace(batch, growth=growth, every_epochs=every_epochs)


def _plain(value: float) -> float:
    """Without the dust of binary fractions; far finer than a batch is rounded."""
    return float(f"{value:.12g}")
