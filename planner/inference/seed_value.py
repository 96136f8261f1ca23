"""What more seeds are worth: the chance that they change the decision, in money."""

import math

from scipy import special

from planner.bounds import check_at_least, check_not_negative

_VANISHED = 38.0
"""From here on the loss is below the smallest number; infinity times zero is avoided."""


def unit_loss(u: float) -> float:
    """``L(u) = phi(u) - u (1 - Phi(u))``, the unit normal loss; never negative."""
    if u > _VANISHED:
        return 0.0
    density = math.exp(-u * u / 2) / math.sqrt(2 * math.pi)
    return max(0.0, density - u * float(special.ndtr(-u)))


def evsi(*, mean: float, seed_sd: float, seeds: int, more_seeds: int) -> float:
    """What ``more_seeds`` are worth for the decision, in the unit of ``mean``.

    ``s_pre L(|mean|/s_pre)`` with ``s_pre^2 = s_seed^2 k/(n+k)``: the expected gain from changing
    one's mind, to be compared with what the seeds cost.

    Args:
        mean: Expected net present value.
        seed_sd: Its standard deviation from the seeds alone.
        seeds: Seeds that were run, n.
        more_seeds: Seeds that might be added, k.
    """
    check_not_negative(seed_sd, "seed_sd")
    check_at_least(seeds, 1, "seeds")
    check_at_least(more_seeds, 0, "more_seeds")
    spread = seed_sd * math.sqrt(more_seeds / (seeds + more_seeds))
    return spread * unit_loss(abs(mean) / spread) if spread > 0 else 0.0
