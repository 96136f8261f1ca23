"""MNIST-1D: ten templates of twelve numbers, padded, stretched, shifted, sheared and made noisy.

The generator of the package mnist1d 0.0.2.post1 (S. Greydanus, D. Kobak: Scaling Down Deep
Learning with MNIST-1D, arXiv 2011.14439; Apache-2.0), written anew because importing that package
takes a plotting library and an HTTP client. The same seed gives the same numbers, bit for bit.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

Signal = NDArray[np.float64]

SEED = 42
"""The published data set is the one of this seed."""

SAMPLES = 5000
LENGTH = 40

_CLASSES = 10
_TEMPLATE_LENGTH = 12
_SHORTEST_PADDING, _LONGEST_PADDING = 36, 60
_SCALE = 0.4
_LARGEST_SHIFT = 48
_CORRELATED_NOISE = 0.25
_CORRELATION_WIDTH = 2
_INDEPENDENT_NOISE = 0.02
_SHEAR = 0.75
_BARELY_ABOVE_ZERO = 1e-8
"""Added to a template, so that only padding is exactly zero."""

_TEMPLATES = (
    (5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5),
    (5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5),
    (5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5),
    (5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5),
    (5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5),
    (5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5),
    (5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5),
    (5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5),
    (5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5),
    (5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5),
)


def mnist1d() -> tuple[Signal, NDArray[np.int64]]:
    """Signals (5000, 40) of mean 0 and deviation 1, and their digits; shuffled."""
    # The published numbers come from NumPy's older generator.
    chance = np.random.RandomState(SEED)
    templates = _templates()
    each = SAMPLES // _CLASSES
    signals = np.stack([_signal(one, chance) for one in templates for _ in range(each)])
    digits = np.repeat(np.arange(_CLASSES), each)
    order = chance.permutation(SAMPLES)
    signals, digits = signals[order], digits[order]
    return (signals - signals.mean()) / signals.std(), digits


def _templates() -> Signal:
    """(10, 12), each starting at zero."""
    shapes = np.asarray(_TEMPLATES, dtype=np.float64)
    shapes -= shapes.mean(axis=1, keepdims=True)
    shapes /= shapes.std(axis=1, keepdims=True)
    shapes -= shapes[:, :1]
    return shapes / 6.0


def _signal(template: Signal, chance: np.random.RandomState) -> Signal:
    """One sample; every line draws, so their order is part of the data set."""
    signal = _padded(template + _BARELY_ABOVE_ZERO, chance)
    signal = _resampled(signal, _TEMPLATE_LENGTH + _LONGEST_PADDING)
    signal *= 1 + _SCALE * (chance.rand() - 0.5)
    signal = np.roll(signal, chance.choice(_LARGEST_SHIFT))
    noise = _CORRELATED_NOISE * chance.randn(len(signal))
    is_template = signal != 0
    signal = is_template * signal + (1 - is_template) * gaussian_filter(noise, _CORRELATION_WIDTH)
    signal = signal + _INDEPENDENT_NOISE * chance.randn(len(signal))
    slope = _SHEAR * (chance.rand() - 0.5)
    signal = signal - slope * np.linspace(-0.5, 0.5, len(signal))
    return _resampled(signal, LENGTH)


def _padded(signal: Signal, chance: np.random.RandomState) -> Signal:
    choices = _LONGEST_PADDING - _SHORTEST_PADDING + 1
    zeros = _SHORTEST_PADDING + int(chance.rand() * choices)
    return np.concatenate([signal, np.zeros(zeros)])


def _resampled(signal: Signal, length: int) -> Signal:
    """As many points, linearly between the ones there are."""
    places = np.linspace(0, 1, length)
    return np.interp(places, np.linspace(0, 1, len(signal)), signal)
