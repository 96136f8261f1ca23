"""A schedule planned again for another number of epochs: the same formula, never a cut curve."""

import math
from dataclasses import replace

from planner.schedules.batch_size import BatchSize, parse_thresholds
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum
from planner.schedules.schedule import Schedule


def replanned(schedule: Schedule, *, planned_epochs: int, epochs: int) -> Schedule:
    """The schedule for ``epochs`` instead of the ``planned_epochs`` it was written for.

    Whatever it states as a place or a length keeps its share of the run: warm-up, milestones,
    thresholds, and the number of stages. Learning rates, batch sizes and momenta stay.
    """
    if epochs == planned_epochs:
        return replace(schedule, epochs=epochs)
    ratio = epochs / planned_epochs
    return replace(
        schedule,
        epochs=epochs,
        learning_rate=_rate(schedule.learning_rate, ratio, planned_epochs, epochs),
        batch_size=_batch(schedule.batch_size, ratio, planned_epochs, epochs),
        momentum=_momentum(schedule.momentum, planned_epochs, epochs),
    )


def _rate(rate: LearningRate, ratio: float, planned: int, epochs: int) -> LearningRate:
    changes: dict[str, object] = {}
    if rate.growth is not None:
        every = _stage(rate.growth.every_epochs, planned, epochs)
        changes["growth"] = replace(rate.growth, every_epochs=every)
    if rate.warm_up is not None:
        warm = rate.warm_up
        length = _length(warm.epochs, ratio)
        changes["warm_up"] = replace(
            warm, epochs=length, every_epochs=_stage(warm.every_epochs, warm.epochs, length)
        )
    if rate.milestones_epochs:
        places = [_length(milestone, ratio) for milestone in rate.milestones_epochs]
        kept = [place for place in range(len(places)) if places[place] not in places[place + 1 :]]
        changes["milestones_epochs"] = tuple(places[place] for place in kept)
        if rate.rates:
            changes["rates"] = tuple(rate.rates[place] for place in kept)
    if rate.to_batch is not None:
        ramp = rate.to_batch.ramp_epochs * ratio
        changes["to_batch"] = replace(rate.to_batch, ramp_epochs=ramp)
    return replace(rate, **changes)  # type: ignore[arg-type]


def _batch(batch: BatchSize, ratio: float, planned: int, epochs: int) -> BatchSize:
    if batch.every_epochs is not None:
        return replace(batch, every_epochs=_stage(batch.every_epochs, planned, epochs))
    if batch.thresholds is not None:
        return replace(batch, thresholds=_moved(batch.thresholds, ratio))
    return batch


def _momentum(momentum: Momentum, planned: int, epochs: int) -> Momentum:
    if momentum.every_epochs is None:
        return momentum
    return replace(momentum, every_epochs=_stage(momentum.every_epochs, planned, epochs))


def _moved(thresholds: str, ratio: float) -> str:
    """Thresholds at the same share of the run; of two that fall together the later one counts."""
    moved: dict[str, int] = {}
    for threshold in parse_thresholds(thresholds):
        place = threshold.position
        amount = _written(place.amount * ratio, decimals=6 if place.unit == "ep" else 0)
        moved["0" if amount == "0" else f"{amount}{place.unit}"] = threshold.batch_size
    return " ".join(f"{where}:{size}" for where, size in moved.items())


def _written(amount: float, *, decimals: int) -> str:
    """A number as a schedule writes it: every digit, and no exponent."""
    digits = f"{amount:.{decimals}f}"
    return digits.rstrip("0").rstrip(".") if decimals else digits


def _length(epochs: int, ratio: float) -> int:
    return max(1, round(epochs * ratio))


def _stage(every_epochs: int, planned: int, epochs: int) -> int:
    """Epochs of a stage, so that there are as many stages as were planned, or fewer."""
    return math.ceil(epochs / math.ceil(planned / every_epochs))
