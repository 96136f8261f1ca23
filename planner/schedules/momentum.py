"""Momentum: its curve, its three forms, and the learning rate that they make effective."""

from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least
from planner.refusal import Refusal, require

MomentumForm = Literal["heavy_ball", "normalised", "nesterov"]
MomentumShape = Literal["constant", "linear", "step", "mirrored"]
Rate = TypeVar("Rate", float, NDArray[np.float64])
Betas = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Momentum:
    """The share of the last update kept in the next one, ``beta`` in [0, 1), over one run.

    Attributes:
        value: Beta at the start; of ``mirrored``, where the learning rate is highest. The learning
            rate is stated at this beta.
        shape: ``linear`` by step, ``step`` in equal jumps, ``mirrored`` against the learning rate
            (the momentum half of Smith's 1cycle policy, arXiv 1803.09820).
        final: Beta at the end; of ``mirrored``, where the learning rate is lowest.
        every_epochs: Epochs between two jumps of ``step``.
        keep_effective_rate: Whether learning rate and buffer are converted when beta changes, so
            that the effective learning rate follows the stated curve. False is what PyTorch does
            when only beta is set: the effective rate moves with beta.
    """

    value: float = 0.9
    shape: MomentumShape = "constant"
    final: float | None = None
    every_epochs: int | None = None
    keep_effective_rate: bool = True

    def __post_init__(self) -> None:
        require(0 <= self.value < 1, "value", "momentum_out_of_range")
        require(self.shape in get_args(MomentumShape), "shape", "choice_unknown")
        if self.shape == "constant":
            require(self.final is None, "final", "momentum_final_needs_shape")
        elif self.final is None:
            raise Refusal("final", "momentum_final_missing")
        else:
            require(0 <= self.final < 1, "final", "momentum_out_of_range")
        if self.shape != "step":
            require(self.every_epochs is None, "every_epochs", "momentum_every_needs_step")
        elif self.every_epochs is None:
            raise Refusal("every_epochs", "every_epochs_missing")
        else:
            check_at_least(self.every_epochs, 1, "every_epochs")


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentumChange:
    """Factors that keep the path of training when beta changes between two steps.

    Attributes:
        rate_factor: On the learning rate.
        buffer_factor: On the momentum buffer.
    """

    rate_factor: float
    buffer_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentumCourse:
    """Momentum of a whole run; every array has one entry per step.

    Attributes:
        beta: Momentum of the step.
        rate_factor: On the stated learning rate, so that the effective rate follows it.
        buffer_factor: On the momentum buffer before the step; 1 where beta did not change.
    """

    beta: Betas
    rate_factor: Betas
    buffer_factor: Betas


def effective_rate(form: MomentumForm, *, rate: Rate, beta: Rate) -> Rate:
    """Rate of the normalised form that walks the same path at constant beta.

    ``eta = alpha / (1 - beta)`` for PyTorch's forms: 0.1 with beta 0.9 is effectively 1.0.
    """
    if form == "normalised":
        return rate
    return rate / (1 - beta)


def momentum_change(form: MomentumForm, *, old: float, new: float) -> MomentumChange:
    """What else must change when beta goes from ``old`` to ``new``; nothing if normalised."""
    if form == "normalised":
        return MomentumChange(rate_factor=1.0, buffer_factor=1.0)
    ratio = (1 - new) / (1 - old)
    return MomentumChange(rate_factor=ratio, buffer_factor=1 / ratio)


def momentum_course(
    momentum: Momentum,
    *,
    form: MomentumForm,
    stated_rate: NDArray[np.float64],
    epoch: NDArray[np.int64],
    epochs: int,
) -> MomentumCourse:
    """Beta of every step, and what it does to learning rate and buffer.

    Args:
        momentum: The curve.
        form: How the trainer applies it.
        stated_rate: Learning rate of every step, as the schedule states it.
        epoch: Zero-based epoch of every step, never falling.
        epochs: Epochs in the run.
    """
    beta = _beta(momentum, stated_rate=stated_rate, epoch=epoch, epochs=epochs)
    same = np.ones(len(beta))
    if form == "normalised" or not momentum.keep_effective_rate:
        return MomentumCourse(beta=beta, rate_factor=same, buffer_factor=same)
    before = np.append(beta[:1], beta[:-1])
    return MomentumCourse(
        beta=beta,
        rate_factor=(1 - beta) / (1 - momentum.value),
        buffer_factor=(1 - before) / (1 - beta),
    )


def _beta(
    momentum: Momentum,
    *,
    stated_rate: NDArray[np.float64],
    epoch: NDArray[np.int64],
    epochs: int,
) -> Betas:
    start = momentum.value
    way = 0.0 if momentum.final is None else momentum.final - start
    return start + way * _gone(momentum, stated_rate=stated_rate, epoch=epoch, epochs=epochs)


def _gone(
    momentum: Momentum,
    *,
    stated_rate: NDArray[np.float64],
    epoch: NDArray[np.int64],
    epochs: int,
) -> Betas:
    """Share of the way from ``value`` to ``final``, at every step."""
    steps = len(epoch)
    if momentum.shape == "linear":
        return np.arange(steps) / max(steps - 1, 1)
    if momentum.shape == "step" and momentum.every_epochs is not None:
        last = -(-epochs // momentum.every_epochs) - 1
        return (epoch // momentum.every_epochs) / max(last, 1)
    if momentum.shape == "mirrored":
        highest, lowest = stated_rate.max(), stated_rate.min()
        return np.asarray((highest - stated_rate) / ((highest - lowest) or 1.0))
    return np.zeros(steps)
