"""The gradient noise scale: from gradients of two batch sizes at the same parameters.

McCandlish et al., "An Empirical Model of Large-Batch Training" (arXiv 1812.06162), appendix A.1,
with the factor ``(n - b) / (n - 1)`` of drawing without replacement from n samples.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least

FEWEST_READINGS = 3
"""Readings of a stage below which its noise scale has no interval."""

Values = NDArray[np.float64]

_QUANTILE_90 = 1.645
"""Of the normal distribution, two-sided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseReading:
    """One reading; each number is right on average, and either may be negative by chance.

    Attributes:
        noise: S, trace of the covariance of single samples' gradients.
        gradient_square: ``|G|^2`` of the whole data.
    """

    noise: float
    gradient_square: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseScale:
    """The noise scale over several readings, in samples.

    Attributes:
        readings: Number of them.
        samples: ``B_noise``; None where the gradient is not resolved from its noise.
        low: 90 % from here; None with few readings, or where it is not resolved.
        high: To here; None where it has no upper end, too.
    """

    readings: int
    samples: float | None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        check_at_least(self.readings, 1, "readings")


def two_batches(
    *, small: int, small_square: float, large: int, large_square: float, samples: int
) -> NoiseReading:
    """S and ``|G|^2`` from mean squared gradient norms of two batch sizes.

    Drawn without replacement, ``E |g_b|^2 = |G|^2 + S (n - b) / (b (n - 1))``: two equations.

    Args:
        small: b.
        small_square: ``|g_b|^2``.
        large: B, above b.
        large_square: ``|g_B|^2``.
        samples: n, size of the data that both are drawn from.
    """
    if not 1 <= small < large <= samples:
        raise ValueError(f"batches of {small} and {large} of {samples} samples tell no noise")
    in_small, in_large = (_share(batch, samples) for batch in (small, large))
    noise = (small_square - large_square) / (in_small - in_large)
    return NoiseReading(noise=noise, gradient_square=large_square - noise * in_large)


def noise_scale(readings: Sequence[NoiseReading]) -> NoiseScale:
    """``mean S / mean |G|^2``, and its 90 % interval by the ratio's own scatter (Fieller).

    Fieller's interval is the set of ratios q for which ``mean S - q mean |G|^2`` is within 1.645
    of its standard errors of 0.
    """
    noise = np.array([reading.noise for reading in readings])
    square = np.array([reading.gradient_square for reading in readings])
    if not (square.mean() > 0 and noise.mean() >= 0):
        return NoiseScale(readings=len(readings), samples=None)
    middle = float(noise.mean() / square.mean())
    if len(readings) < FEWEST_READINGS:
        return NoiseScale(readings=len(readings), samples=middle)
    low, high = _fieller(noise, square)
    return NoiseScale(readings=len(readings), samples=middle, low=low, high=high)


def mean_reading(readings: Iterable[NoiseReading]) -> NoiseReading | None:
    """Means of both numbers, each reading alike; None without any."""
    listed = list(readings)
    if not listed:
        return None
    return NoiseReading(
        noise=fmean(reading.noise for reading in listed),
        gradient_square=fmean(reading.gradient_square for reading in listed),
    )


def _share(batch: int, samples: int) -> float:
    """What is left of S in the squared norm of a batch's gradient."""
    return (samples - batch) / (batch * (samples - 1))


def _fieller(noise: Values, square: Values) -> tuple[float, float | None]:
    """Both ends; the upper is None where ``mean |G|^2`` may be zero."""
    covariance = np.cov(noise, square) / len(noise) * _QUANTILE_90**2
    a = float(square.mean() ** 2 - covariance[1, 1])
    b = float(noise.mean() * square.mean() - covariance[0, 1])
    c = float(noise.mean() ** 2 - covariance[0, 0])
    root = math.sqrt(max(b * b - a * c, 0.0))
    if a > 0:
        return max((b - root) / a, 0.0), (b + root) / a
    return (max(c / (b + root), 0.0) if b + root > 0 else 0.0), None
