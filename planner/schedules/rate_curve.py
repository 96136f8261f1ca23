"""The learning rate of every step: one formula a shape, joined where a warm-up ends."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from planner.schedules.learning_rate import (
    Cooldown,
    CooldownShape,
    LearningRate,
    RateDecay,
    RateWarmUp,
)

Rates = NDArray[np.float64]
Epochs = NDArray[np.int64]


def rate_curve(rate: LearningRate, *, epoch: Epochs, epochs: int) -> Rates:
    """Rate of every step.

    Args:
        rate: The curve; its warm-up is at most ``epochs`` long.
        epoch: Zero-based epoch of every step, never falling.
        epochs: Epochs in the run.
    """
    if rate.growth is not None:
        return _growth(
            epoch,
            initial=rate.initial,
            maximum=rate.growth.maximum,
            every_epochs=rate.growth.every_epochs,
            epochs=epochs,
        )
    if rate.warm_up is None:
        return _DECAYS[rate.decay](rate, epoch, epochs)
    warm = rate.warm_up
    end = int(np.searchsorted(epoch, warm.epochs))
    growth = _warm_up(rate.initial, warm, epoch[:end])
    decay = _DECAYS[rate.decay](rate, epoch[end:] - warm.epochs, epochs - warm.epochs)
    return np.concatenate([growth, decay])


def _warm_up(initial: float, warm: RateWarmUp, epoch: Epochs) -> Rates:
    """Stairs, or ``a + (a_max - a) t/W`` with W the warm-up's steps."""
    if warm.shape == "linear":
        return warm.maximum + (initial - warm.maximum) * _left(len(epoch))
    return _growth(
        epoch,
        initial=initial,
        maximum=warm.maximum,
        every_epochs=warm.every_epochs,
        epochs=warm.epochs,
    )


def _growth(
    epoch: Epochs, *, initial: float, maximum: float, every_epochs: int, epochs: int
) -> Rates:
    """``min(a gamma^floor(e/I), a_max)``; a single stage stays at ``initial``."""
    last = -(-epochs // every_epochs) - 1
    if last == 0:
        return np.full(len(epoch), initial)
    jumps = np.arange(epochs) // every_epochs
    stairs = np.minimum(initial * (maximum / initial) ** (jumps / last), maximum)
    return np.asarray(stairs[epoch])


def _constant(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    return np.full(len(epoch), rate.peak)


def _diminishing(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``a / sqrt(t+1)``."""
    return rate.peak / np.sqrt(np.arange(1, len(epoch) + 1))


def _linear(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``min + (a - min)(1 - t/T)``."""
    return _between(rate, _left(len(epoch)))


def _polynomial(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``min + (a - min)(1 - t/T)^p``."""
    return _between(rate, _left(len(epoch)) ** rate.power)


def _cosine(rate: LearningRate, epoch: Epochs, epochs: int) -> Rates:
    """``min + (a - min)(1 + cos(pi e/E))/2``: one value an epoch."""
    return np.asarray(_half_cosine(rate, np.arange(epochs) / max(epochs, 1))[epoch])


def _cosine_by_step(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``min + (a - min)(1 + cos(pi t/T))/2``."""
    return _half_cosine(rate, 1 - _left(len(epoch)))


def _exponential(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``a factor^e``: one value an epoch, as PyTorch's ``ExponentialLR``."""
    return np.asarray(rate.peak * rate.factor ** epoch.astype(np.float64))


def _wsd(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """The peak, and in the last steps the cooldown to the minimum."""
    cooldown = rate.cooldown or Cooldown()
    steps = len(epoch)
    first = steps - round(cooldown.steps_fraction * steps)
    left = np.ones(steps)
    left[first:] = _COOLDOWNS[cooldown.shape](1 - _left(steps - first))
    return _between(rate, left)


def _step(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``a factor^(milestones passed)``."""
    passed = np.searchsorted(np.array(rate.milestones_epochs), epoch, side="right")
    return np.asarray(rate.peak * rate.factor**passed)


def _stages(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """The rate of the stage that the epoch lies in."""
    stage = np.searchsorted(np.array(rate.milestones_epochs), epoch, side="right")
    return np.array((rate.peak, *rate.rates))[stage]


def _half_cosine(rate: LearningRate, done: Rates) -> Rates:
    """Falls from the peak to the minimum while ``done`` rises from 0 to 1."""
    return _between(rate, (1 + np.cos(np.pi * done)) / 2)


def _between(rate: LearningRate, left: Rates) -> Rates:
    """``min + (a - min) left``: the peak while ``left`` is 1, the minimum where it is 0."""
    if rate.minimum == 0:
        return np.asarray(rate.peak * left)
    return np.asarray(rate.minimum + (rate.peak - rate.minimum) * left)


def _left(steps: int) -> Rates:
    """Share of the steps that is still to come, at every step: 1, ..., 1/T."""
    return 1 - np.arange(steps) / max(steps, 1)


_DECAYS: dict[RateDecay, Callable[[LearningRate, Epochs, int], Rates]] = {
    "constant": _constant,
    "diminishing": _diminishing,
    "linear": _linear,
    "polynomial": _polynomial,
    "cosine": _cosine,
    "cosine_by_step": _cosine_by_step,
    "exponential": _exponential,
    "wsd": _wsd,
    "step": _step,
    "stages": _stages,
}

_COOLDOWNS: dict[CooldownShape, Callable[[Rates], Rates]] = {
    "linear": lambda done: 1 - done,
    "square_root": lambda done: 1 - np.sqrt(done),
    "cosine": lambda done: np.asarray((1 + np.cos(np.pi * done)) / 2),
}
