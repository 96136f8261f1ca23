"""What a batch size does to the learning rate: nothing, or a power of its growth."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_not_negative
from planner.refusal import Refusal, require

BatchRule = Literal["linear", "square_root", "power"]

_EXPONENTS = {"linear": 1.0, "square_root": 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class RateToBatch:
    """The rate is multiplied by ``(b_t / b_0)^p``, with b_0 the batch size of the first step.

    Attributes:
        rule: ``linear`` is p = 1 (Goyal et al. 2017, arXiv 1706.02677), ``square_root`` p = 1/2
            (Krizhevsky 2014, arXiv 1404.5997), ``power`` any other.
        exponent: p of ``power``; negative where a larger batch gets a smaller rate.
        ramp_epochs: Epochs over which the factor moves to its new value after the batch size has
            changed, linearly by step; 0 is at once.
    """

    rule: BatchRule
    exponent: float | None = None
    ramp_epochs: float = 0.0

    def __post_init__(self) -> None:
        require(self.rule in get_args(BatchRule), "rule", "choice_unknown")
        if self.rule == "power":
            if self.exponent is None:
                raise Refusal("exponent", "rate_exponent_missing")
            require(-2 <= self.exponent <= 2, "exponent", "out_of_range", low=-2, high=2)
        else:
            require(self.exponent is None, "exponent", "rate_exponent_needs_power")
        check_not_negative(self.ramp_epochs, "ramp_epochs")

    @property
    def power(self) -> float:
        """P."""
        return self.exponent if self.exponent is not None else _EXPONENTS[self.rule]


def batch_factor(
    rule: RateToBatch,
    *,
    batch_size: NDArray[np.int64],
    samples: NDArray[np.int64],
    training_samples: int,
) -> NDArray[np.float64]:
    """Factor on the rate of every step; 1 at the first.

    Args:
        rule: The power, and how fast the rate follows.
        batch_size: Planned batch of every step.
        samples: Samples seen before every step.
        training_samples: Samples in one epoch, the unit of a ramp.
    """
    grown = batch_size / batch_size[0]
    settled = np.asarray(grown**rule.power, dtype=np.float64)
    if rule.ramp_epochs * training_samples < 1:  # shorter than any step
        return settled
    jumps = np.flatnonzero(np.diff(batch_size)) + 1
    starts = np.concatenate([[0], jumps])
    stage = np.searchsorted(jumps, np.arange(len(batch_size)), side="right")
    reached = _reached_at(starts, settled, samples / (rule.ramp_epochs * training_samples))
    begun = samples[starts][stage] / training_samples
    gone = np.minimum((samples / training_samples - begun) / rule.ramp_epochs, 1.0)
    return np.asarray(reached[stage] + (settled - reached[stage]) * gone)


def _reached_at(
    starts: NDArray[np.int64], settled: NDArray[np.float64], ramps: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Factor that each stage starts from: the one before may be left in the middle of its ramp."""
    reached = np.empty(len(starts))
    reached[0] = settled[0]
    for stage in range(1, len(starts)):
        before, now = starts[stage - 1], starts[stage]
        gone = min(ramps[now] - ramps[before], 1.0)
        reached[stage] = reached[stage - 1] + (settled[before] - reached[stage - 1]) * gone
    return reached
