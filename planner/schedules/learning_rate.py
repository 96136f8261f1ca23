"""Learning-rate curves: the values a schedule file states, and the curve they mean."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_positive
from planner.refusal import require

RateDecay = Literal[
    "constant",
    "diminishing",
    "linear",
    "polynomial",
    "cosine",
    "cosine_by_step",
    "step",
    "stages",
]
Rates = NDArray[np.float64]
Epochs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateGrowth:
    """Geometric growth from ``initial`` to ``maximum``, one jump every ``every_epochs``.

    ``min(a gamma^floor(e/I), a_max)`` with ``gamma = (a_max/a)^(1/(M-1))``, ``M = ceil(E/I)``.
    """

    maximum: float
    every_epochs: int

    def __post_init__(self) -> None:
        check_positive(self.maximum, "maximum")
        check_at_least(self.every_epochs, 1, "every_epochs")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateWarmUp:
    """Growth from ``initial`` to ``maximum`` over the first ``epochs``; the decay follows."""

    maximum: float
    epochs: int
    every_epochs: int = 1

    def __post_init__(self) -> None:
        check_positive(self.maximum, "maximum")
        check_at_least(self.epochs, 1, "epochs")
        check_at_least(self.every_epochs, 1, "every_epochs")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRate:
    """A learning-rate curve over one run.

    Attributes:
        initial: Rate of the first step, before the run's rate multiplier.
        decay: Shape of the curve; after a warm-up it starts from the warm-up's maximum and spans
            what is left of the run.
        minimum: Value at which a cosine ends.
        power: Exponent of the polynomial decay.
        factor: What a step decay multiplies the rate with at every milestone.
        milestones_epochs: Epochs at which a step decay acts or a stage begins, rising; counted,
            as every decay is, from the end of the warm-up.
        rates: Rate of every stage after the first, one for each milestone.
        growth: Geometric growth over the whole run; excludes a decay and a warm-up.
        warm_up: Growth over the first epochs.
    """

    initial: float
    decay: RateDecay = "constant"
    minimum: float = 0.0
    power: float = 2.0
    factor: float = 0.1
    milestones_epochs: tuple[int, ...] = ()
    rates: tuple[float, ...] = ()
    growth: RateGrowth | None = None
    warm_up: RateWarmUp | None = None

    def __post_init__(self) -> None:
        check_positive(self.initial, "initial")
        require(self.decay in get_args(RateDecay), "decay", "choice_unknown")
        if self.growth is not None:
            require(self.decay == "constant", "decay", "rate_growth_excludes_decay")
            require(self.warm_up is None, "warm_up", "rate_growth_excludes_warm_up")
            self._require_peak(self.growth.maximum, "growth.maximum")
        if self.warm_up is not None:
            self._require_peak(self.warm_up.maximum, "warm_up.maximum")
        self._check_shape()

    @property
    def peak(self) -> float:
        """Rate from which the decay starts."""
        return self.initial if self.warm_up is None else self.warm_up.maximum

    def _require_peak(self, maximum: float, field: str) -> None:
        require(maximum >= self.initial, field, "rate_maximum_below_initial", initial=self.initial)

    def _check_shape(self) -> None:
        """Refuses a shape's parameter that is out of range, or that its decay would ignore."""
        require(0 <= self.minimum <= self.peak, "minimum", "out_of_range", low=0, high=self.peak)
        if not self.decay.startswith("cosine"):
            require(self.minimum == 0, "minimum", "rate_minimum_needs_cosine")
        check_positive(self.power, "power")
        require(0 < self.factor < 1, "factor", "rate_factor_out_of_range")
        self._check_milestones()

    def _check_milestones(self) -> None:
        milestones = self.milestones_epochs
        if self.decay in ("step", "stages"):
            require(bool(milestones), "milestones_epochs", "milestones_missing")
        else:
            require(not milestones, "milestones_epochs", "milestones_need_step_decay")
        rising = all(earlier < later for earlier, later in pairwise((0, *milestones)))
        require(rising, "milestones_epochs", "milestones_not_rising")
        stages = len(milestones) if self.decay == "stages" else 0
        require(len(self.rates) == stages, "rates", "rates_need_milestones")
        for place, rate in enumerate(self.rates):
            check_positive(rate, f"rates[{place}]")


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
    growth = _growth(
        epoch[:end],
        initial=rate.initial,
        maximum=warm.maximum,
        every_epochs=warm.every_epochs,
        epochs=warm.epochs,
    )
    decay = _DECAYS[rate.decay](rate, epoch[end:] - warm.epochs, epochs - warm.epochs)
    return np.concatenate([growth, decay])


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
    """``a (1 - t/T)``."""
    return rate.peak * _left(len(epoch))


def _polynomial(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``a (1 - t/T)^p``."""
    return np.asarray(rate.peak * _left(len(epoch)) ** rate.power)


def _cosine(rate: LearningRate, epoch: Epochs, epochs: int) -> Rates:
    """``min + (a - min)(1 + cos(pi e/E))/2``: one value an epoch."""
    return np.asarray(_half_cosine(rate, np.arange(epochs) / max(epochs, 1))[epoch])


def _cosine_by_step(rate: LearningRate, epoch: Epochs, _epochs: int) -> Rates:
    """``min + (a - min)(1 + cos(pi t/T))/2``."""
    return _half_cosine(rate, 1 - _left(len(epoch)))


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
    return np.asarray(rate.minimum + (rate.peak - rate.minimum) * (1 + np.cos(np.pi * done)) / 2)


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
    "step": _step,
    "stages": _stages,
}
