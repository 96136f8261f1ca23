"""Momentum: its value, its three forms, and the learning rate that they make effective."""

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from planner.refusal import require

MomentumForm = Literal["heavy_ball", "normalised", "nesterov"]
Rate = TypeVar("Rate", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True, kw_only=True)
class Momentum:
    """The share of the last update kept in the next one: ``beta``, in [0, 1)."""

    value: float = 0.9

    def __post_init__(self) -> None:
        require(0 <= self.value < 1, "value", "momentum_out_of_range")


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentumChange:
    """Factors that keep the path of training when beta changes between two steps.

    Attributes:
        rate_factor: On the learning rate.
        buffer_factor: On the momentum buffer.
    """

    rate_factor: float
    buffer_factor: float


def effective_rate(form: MomentumForm, *, rate: Rate, beta: Rate) -> Rate:
    """Rate of the normalised form that walks the same path at constant beta.

    ``eta = alpha / (1 - beta)`` for PyTorch's forms: 0.1 with beta 0.9 is effectively 1.0.
    """
    if form == "normalised":
        return rate
    return rate / (1 - beta)


def momentum_change(form: MomentumForm, *, old: Momentum, new: Momentum) -> MomentumChange:
    """What else must change with beta; nothing in the normalised form."""
    if form == "normalised":
        return MomentumChange(rate_factor=1.0, buffer_factor=1.0)
    ratio = (1 - new.value) / (1 - old.value)
    return MomentumChange(rate_factor=ratio, buffer_factor=1 / ratio)
