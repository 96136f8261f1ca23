"""Learning-rate curves: the values a schedule file states; `rate_curve` says what they mean."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from planner.bounds import check_at_least, check_positive
from planner.refusal import require
from planner.schedules.rate_to_batch import RateToBatch

RateDecay = Literal[
    "constant",
    "diminishing",
    "linear",
    "polynomial",
    "cosine",
    "cosine_by_step",
    "exponential",
    "wsd",
    "step",
    "stages",
]
WarmUpShape = Literal["stairs", "linear"]
CooldownShape = Literal["linear", "square_root", "cosine"]
WARM_UP_SHAPES: tuple[WarmUpShape, ...] = get_args(WarmUpShape)
COOLDOWN_SHAPES: tuple[CooldownShape, ...] = get_args(CooldownShape)


FALLING_TO_MINIMUM: tuple[RateDecay, ...] = (
    "linear",
    "polynomial",
    "cosine",
    "cosine_by_step",
    "wsd",
)
"""Decays that may end above zero."""


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
    """Growth from ``initial`` to ``maximum`` over the first ``epochs``; the decay follows.

    Attributes:
        maximum: Rate from which the decay starts.
        epochs: Length of the warm-up.
        shape: ``stairs`` is geometric, as `RateGrowth`; ``linear`` rises with every step.
        every_epochs: Epochs between two stairs.
    """

    maximum: float
    epochs: int
    shape: WarmUpShape = "stairs"
    every_epochs: int = 1

    def __post_init__(self) -> None:
        check_positive(self.maximum, "maximum")
        check_at_least(self.epochs, 1, "epochs")
        check_at_least(self.every_epochs, 1, "every_epochs")
        require(self.shape in WARM_UP_SHAPES, "shape", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooldown:
    """How a warm-up-stable-decay schedule ends (Hägele et al. 2024, arXiv 2405.18392).

    Attributes:
        steps_fraction: Share of the steps after the warm-up in which the rate falls.
        shape: With u the share of the cooldown that is done, ``linear`` falls as ``1 - u``,
            ``square_root`` as ``1 - sqrt(u)``, ``cosine`` as ``(1 + cos(pi u))/2``.
    """

    steps_fraction: float = 0.2
    shape: CooldownShape = "linear"

    def __post_init__(self) -> None:
        share = self.steps_fraction
        require(0 < share <= 1, "steps_fraction", "out_of_range", low=0, high=1)
        require(self.shape in COOLDOWN_SHAPES, "shape", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRate:
    """A learning-rate curve over one run.

    Attributes:
        initial: Rate of the first step, before the run's rate multiplier.
        decay: Shape of the curve; after a warm-up it starts from the warm-up's maximum and spans
            what is left of the run.
        minimum: Value towards which a linear, polynomial or cosine decay or a cooldown falls.
        power: Exponent of the polynomial decay.
        factor: What a step decay multiplies the rate with at every milestone, and an exponential
            one in every epoch.
        cooldown: End of the decay ``wsd``.
        milestones_epochs: Epochs at which a step decay acts or a stage begins, rising; counted,
            as every decay is, from the end of the warm-up.
        rates: Rate of every stage after the first, one for each milestone.
        growth: Geometric growth over the whole run; excludes a decay and a warm-up.
        warm_up: Growth over the first epochs.
        to_batch: What the batch size does to the rate; None: nothing.
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
    cooldown: Cooldown | None = None
    to_batch: RateToBatch | None = None

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
        if self.decay not in FALLING_TO_MINIMUM:
            require(self.minimum == 0, "minimum", "rate_minimum_needs_decay")
        if self.decay == "wsd":
            require(self.cooldown is not None, "cooldown", "cooldown_missing")
        else:
            require(self.cooldown is None, "cooldown", "cooldown_needs_wsd")
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
