"""The olympic mean: what is left of some runs without the fastest and the slowest."""

from collections.abc import Sequence
from math import fsum

from planner.bounds import check_not_negative

FEWEST_RUNS = 3


def olympic_mean_s(times_s: Sequence[float | None]) -> float | None:
    """Mean time without the fastest and the slowest run, as MLPerf Training scores a benchmark.

    A run that never reached the target is the slowest one. None for fewer than three runs, and
    where more than one never did: then one of them would be in the mean.

    Args:
        times_s: Time to target of every run; None where it never reached it.
    """
    arrivals = sorted(time for time in times_s if time is not None)
    for place, time_s in enumerate(arrivals):
        check_not_negative(time_s, f"times_s[{place}]")
    censored = len(times_s) - len(arrivals)
    if len(times_s) < FEWEST_RUNS or censored > 1:
        return None
    kept = arrivals[1:] if censored else arrivals[1:-1]
    return fsum(kept) / len(kept)
