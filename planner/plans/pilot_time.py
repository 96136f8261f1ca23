"""How many runs a pilot needs, and how long they take, before any of them was started."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from planner.economics.cost import SECONDS_PER_HOUR
from planner.pilots.pilot import MOST_FINALISTS, Pilot, runs_of_selection
from planner.plans.plan_facts import RunCounts
from planner.plans.queue_forecast import makespan_s
from planner.plans.run_time import RunTime


def run_counts(pilot: Pilot, *, needs_probe: bool) -> RunCounts:
    """Runs of every phase, as if as many candidates as possible reach the confirmation."""
    return RunCounts(
        probe=int(needs_probe),
        selection=len(runs_of_selection(pilot)),
        confirmation=(1 + _finalists(pilot)) * len(pilot.seeds.confirmation),
    )


def pilot_device_h(pilot: Pilot, times: Mapping[str, RunTime], *, workers: int = 1) -> float:
    """Device-hours of all runs, each on its devices or on its share of one.

    Args:
        pilot: As planned.
        times: Time of one run of every schedule.
        workers: Workers that share the runs of a schedule.
    """
    phases = _phases(pilot, _held(times), workers)
    return sum(sum(lengths) for lengths in phases) / SECONDS_PER_HOUR


def longest_run_s(pilot: Pilot, times: Mapping[str, RunTime], *, workers: int = 1) -> float:
    """Device seconds of the longest run, its share of them where runs are trained together."""
    counts = [len(pilot.seeds.confirmation)]
    if pilot.needs_selection:
        counts.append(_alike(pilot))
    fewest = min(count for count in counts if count)
    return max(_shares_s(_held(times), runs=fewest, workers=workers).values())


def pilot_time_s(pilot: Pilot, times: Mapping[str, RunTime], *, free_s: Sequence[float]) -> float:
    """Seconds from now to the end of the last run; a phase waits for the whole one before it.

    Args:
        pilot: As planned.
        times: Time of one run of every schedule.
        free_s: When each worker that takes its runs is free, in seconds from now; at least one.
    """
    end_s = 0.0
    for lengths_s in _phases(pilot, times, len(free_s)):
        end_s = max(end_s, makespan_s(lengths_s, free_s=[max(end_s, free) for free in free_s]))
    return end_s


def confirmation_s(pilot: Pilot, times: Mapping[str, RunTime], *, workers: int) -> list[float]:
    """Device seconds of every run of the confirmation, with average candidates before a choice."""
    seeds = len(pilot.seeds.confirmation)
    shares_s = _shares_s(times, runs=seeds, workers=workers)
    candidate_s = fmean(shares_s[candidate.name] for candidate in pilot.candidates)
    pair_s = [shares_s[pilot.baseline.name], *[candidate_s] * _finalists(pilot)]
    return pair_s * seeds


def _phases(
    pilot: Pilot, times: Mapping[str, RunTime], workers: int
) -> tuple[list[float], list[float]]:
    """Device seconds of every run of the selection and of the confirmation, in their order."""
    shares_s = _shares_s(times, runs=_alike(pilot), workers=workers)
    selection_s = [shares_s[run.schedule or ""] for run in runs_of_selection(pilot)]
    return selection_s, confirmation_s(pilot, times, workers=workers)


def _held(times: Mapping[str, RunTime]) -> dict[str, RunTime]:
    """The same runs, their seconds counted on every device that they hold."""
    return {
        name: replace(time, spent_s=time.spent_s * time.devices) for name, time in times.items()
    }


def _alike(pilot: Pilot) -> int:
    """Runs of one schedule in the selection."""
    return len(pilot.seeds.selection) * len(pilot.rate_multipliers)


def _shares_s(times: Mapping[str, RunTime], *, runs: int, workers: int) -> dict[str, float]:
    """Device seconds of one of so many runs of every schedule, which workers share fairly."""
    together = math.ceil(runs / workers)
    return {name: time.total_s * time.share_fraction(together) for name, time in times.items()}


def _finalists(pilot: Pilot) -> int:
    return min(MOST_FINALISTS, len(pilot.candidates))
