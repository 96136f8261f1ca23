"""How many runs a pilot needs, and how long they take, before any of them was started."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from planner.cost import SECONDS_PER_HOUR
from planner.pilot import MOST_FINALISTS, Pilot, runs_of_selection
from planner.plan_facts import RunCounts
from planner.queue_forecast import makespan_s


def run_counts(pilot: Pilot, *, needs_probe: bool) -> RunCounts:
    """Runs of every phase, as if as many candidates as possible reach the confirmation."""
    return RunCounts(
        probe=int(needs_probe),
        selection=len(runs_of_selection(pilot)),
        confirmation=(1 + _finalists(pilot)) * len(pilot.seeds.confirmation),
    )


def pilot_device_h(pilot: Pilot, times_s: Mapping[str, float]) -> float:
    """Device-hours of all runs, each on one device.

    Args:
        pilot: As planned.
        times_s: Seconds of one run of every schedule.
    """
    return sum(sum(lengths) for lengths in _phases(pilot, times_s)) / SECONDS_PER_HOUR


def pilot_time_s(pilot: Pilot, times_s: Mapping[str, float], *, free_s: Sequence[float]) -> float:
    """Seconds from now to the end of the last run; a phase waits for the whole one before it.

    Args:
        pilot: As planned.
        times_s: Seconds of one run of every schedule.
        free_s: When each worker that takes its runs is free, in seconds from now; at least one.
    """
    end_s = 0.0
    for lengths_s in _phases(pilot, times_s):
        end_s = max(end_s, makespan_s(lengths_s, free_s=[max(end_s, free) for free in free_s]))
    return end_s


def confirmation_s(pilot: Pilot, times_s: Mapping[str, float]) -> list[float]:
    """Seconds of every run of the confirmation, with average candidates while none is chosen."""
    candidate_s = fmean(times_s[candidate.name] for candidate in pilot.candidates)
    pair_s = [times_s[pilot.baseline.name], *[candidate_s] * _finalists(pilot)]
    return pair_s * len(pilot.seeds.confirmation)


def _phases(pilot: Pilot, times_s: Mapping[str, float]) -> tuple[list[float], list[float]]:
    """Seconds of every run of the selection and of the confirmation, in their order."""
    selection_s = [times_s[run.schedule or ""] for run in runs_of_selection(pilot)]
    return selection_s, confirmation_s(pilot, times_s)


def _finalists(pilot: Pilot) -> int:
    return min(MOST_FINALISTS, len(pilot.candidates))
