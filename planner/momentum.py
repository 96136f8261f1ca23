"""Momentum: its value, its three forms, and the learning rate that they make effective."""

from dataclasses import dataclass
from typing import Literal

MomentumForm = Literal["heavy_ball", "normalised", "nesterov"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Momentum:
    """The share of the last update kept in the next one: ``beta``, in [0, 1)."""

    value: float = 0.9
