"""Learning-rate curves: the values a schedule file states, and the curve they mean."""

from dataclasses import dataclass
from typing import Literal

RateDecay = Literal[
    "constant", "diminishing", "linear", "polynomial", "cosine", "cosine_by_step", "step"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateGrowth:
    """Geometric growth from ``initial`` to ``maximum``, one jump every ``every_epochs``.

    ``min(a gamma^floor(e/I), a_max)`` with ``gamma = (a_max/a)^(1/(M-1))``, ``M = ceil(E/I)``.
    """

    maximum: float
    every_epochs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateWarmUp:
    """Growth from ``initial`` to ``maximum`` over the first ``epochs``; the decay follows."""

    maximum: float
    epochs: int
    every_epochs: int = 1


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
        milestones_epochs: Epochs at which a step decay acts, rising.
        growth: Geometric growth over the whole run; excludes a decay and a warm-up.
        warm_up: Growth over the first epochs.
    """

    initial: float
    decay: RateDecay = "constant"
    minimum: float = 0.0
    power: float = 2.0
    factor: float = 0.1
    milestones_epochs: tuple[int, ...] = ()
    growth: RateGrowth | None = None
    warm_up: RateWarmUp | None = None
