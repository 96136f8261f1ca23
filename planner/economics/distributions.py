"""Draws of uncertain quantities: one fixed set of Sobol points, and the quantiles it passes.

Every input has its own column of the points, so that making one more input uncertain leaves the
draws of the others as they were. Results are the same number whenever they are computed.
"""

from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import special

from planner.economics.assumptions import LIMITS, Range
from planner.economics.correlations import Correlations
from planner.inference.mean_ratio import scale_distances
from planner.refusal import require

DRAWS_LOG2 = 14
DRAWS = 2**DRAWS_LOG2
"""Number of scrambled Sobol points, 16,384."""

SEED = 20251
"""Seed of the scrambling and of the resampling of pairs."""

LOWEST_T_QUANTILE = 0.0005
"""Student's t is cut here and at one minus this: without the cut a mean ratio does not exist."""

INPUTS = ("speed_up", "transfer", "candidate_hits", "baseline_hits", *LIMITS)
"""Uncertain inputs, in the order of their columns."""

_TABLE_NODES = 257


def uniform_draws(name: str) -> NDArray[np.float64]:
    """The column of an input, strictly inside (0, 1); read only."""
    require(name in INPUTS, "name", "input_unknown", name=name)
    return cast(NDArray[np.float64], _points()[INPUTS.index(name)])


@lru_cache(maxsize=64)
def student_draws(name: str, degrees: int) -> NDArray[np.float64]:
    """Student's t with the tails cut at `LOWEST_T_QUANTILE`; read only."""
    u = np.clip(uniform_draws(name), LOWEST_T_QUANTILE, 1 - LOWEST_T_QUANTILE)
    return _read_only(special.stdtrit(degrees, u))


@lru_cache(maxsize=64)
def scale_draws(name: str, degrees: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far a variance may be above and below its estimate, at the draws of ``name``; read only.

    See `planner.inference.mean_ratio.scale_distances`.
    """
    growth, shrinkage = scale_distances(uniform_draws(name), degrees)
    return _read_only(growth), _read_only(shrinkage)


@lru_cache(maxsize=16)
def normal_draws(name: str) -> NDArray[np.float64]:
    """The standard normal; read only."""
    return _read_only(special.ndtri(uniform_draws(name)))


@lru_cache(maxsize=64)
def hit_rate_draws(name: str, successes: int, runs: int) -> NDArray[np.float64]:
    """Jeffreys' ``Beta(k + 1/2, n - k + 1/2)``; read only."""
    alpha, beta = successes + 0.5, runs - successes + 0.5
    return _read_only(special.betaincinv(alpha, beta, uniform_draws(name)))


def pert_draws(
    name: str, *, mode: float, ends: Range, correlations: Correlations | None = None
) -> NDArray[np.float64]:
    """PERT draws of an assumption between the ends of its range.

    With correlations that name it, joined to the others by a Gaussian copula.
    """
    if ends.low == ends.high:
        return np.full(DRAWS, mode)
    position = (mode - ends.low) / (ends.high - ends.low)
    return ends.low + (ends.high - ends.low) * _unit_pert_draws(name, position, correlations)


def pert_quantile(probability: float, *, mode: float, ends: Range) -> float:
    """Exact quantile of the PERT distribution ``Beta(1 + 4p, 5 - 4p)``, p the mode's place."""
    if ends.low == ends.high:
        return mode
    position = (mode - ends.low) / (ends.high - ends.low)
    unit = special.betaincinv(1 + 4 * position, 5 - 4 * position, probability)
    return float(ends.low + (ends.high - ends.low) * unit)


def pert_mean(*, mode: float, ends: Range) -> float:
    """``(low + 4 mode + high) / 6``."""
    return (ends.low + 4 * mode + ends.high) / 6


@lru_cache(maxsize=32)
def resampled_counts(pairs: int) -> NDArray[np.float64]:
    """How often each pair is in each resample, shape (draws, pairs), rows summing to ``pairs``."""
    generator = np.random.default_rng(SEED)
    counts = generator.multinomial(pairs, [1 / pairs] * pairs, size=DRAWS)
    return _read_only(counts.astype(np.float64))


@lru_cache(maxsize=1)
def _points() -> NDArray[np.float64]:
    """Points by input, shape (inputs, draws)."""
    from scipy.stats import qmc  # half a second, which no start has to wait for

    sampler = qmc.Sobol(d=len(INPUTS), scramble=True, rng=np.random.default_rng(SEED))
    points = sampler.random_base2(DRAWS_LOG2).T
    smallest = np.finfo(np.float64).eps
    return _read_only(np.ascontiguousarray(np.clip(points, smallest, 1 - smallest)))


@lru_cache(maxsize=128)
def _unit_pert_draws(
    name: str, position: float, correlations: Correlations | None
) -> NDArray[np.float64]:
    """PERT on (0, 1) with its mode at ``position``, read from a table of exact quantiles.

    The table's nodes crowd at both ends, where the quantile bends most.
    """
    uniform = uniform_draws(name) if correlations is None else _joined_uniforms(correlations)[name]
    place = np.linspace(0, 1, _TABLE_NODES)
    nodes = place**5 / (place**5 + (1 - place) ** 5)
    quantiles = special.betaincinv(1 + 4 * position, 5 - 4 * position, nodes)
    return _read_only(np.interp(uniform, nodes, quantiles))


@lru_cache(maxsize=8)
def _joined_uniforms(correlations: Correlations) -> dict[str, NDArray[np.float64]]:
    """Uniform draws by name, with the correlations between their normal scores."""
    normals = np.array([normal_draws(name) for name in correlations.names])
    joined = special.ndtr(correlations.factor() @ normals)
    return {name: _read_only(row) for name, row in zip(correlations.names, joined, strict=True)}


def _read_only(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shared by every caller of a cache, so nobody may write into it."""
    draws.flags.writeable = False
    return draws
