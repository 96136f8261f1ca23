"""How many runs a pilot needs, and how long they take, before any of them was started."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from planner.economics.cost import SECONDS_PER_HOUR
from planner.pilots.pilot import MOST_FINALISTS, Pilot, runs_of_selection
from planner.plans.plan_facts import RunCounts
from planner.plans.queue_forecast import Leg, Queued, Serving, forecast, sharing
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
    held, seeds = _held(times), len(pilot.seeds.confirmation)
    shares_s = _shares_s(held, runs=_alike(pilot), workers=workers)
    selection_s = sum(shares_s[run.schedule or ""] for run in runs_of_selection(pilot))
    shares_s = _shares_s(held, runs=seeds, workers=workers)
    candidate_s = fmean(shares_s[candidate.name] for candidate in pilot.candidates)
    one_s = shares_s[pilot.baseline.name] + candidate_s * _finalists(pilot)
    return (selection_s + one_s * seeds) / SECONDS_PER_HOUR


def longest_run_s(pilot: Pilot, times: Mapping[str, RunTime], *, workers: int = 1) -> float:
    """Device seconds of the longest run, its share of them where runs are trained together."""
    counts = [len(pilot.seeds.confirmation)]
    if pilot.needs_selection:
        counts.append(_alike(pilot))
    fewest = min(count for count in counts if count)
    return max(_shares_s(_held(times), runs=fewest, workers=workers).values())


def pilot_time_s(
    pilot: Pilot, times: Mapping[str, RunTime], *, serving: Sequence[Serving]
) -> float | None:
    """Seconds from now to the end of the last run; a phase waits for the whole one before it.

    Args:
        pilot: As planned.
        times: Time of one run of every schedule.
        serving: Workers that train its workload, each from when it is free.

    Returns:
        None where some part of it wants a number of devices that none of them takes.
    """
    parts = _parts(times, runs=_alike(pilot), workers=sharing(serving))
    schedules = [run.schedule or "" for run in runs_of_selection(pilot)]
    selected_s = _end_s([parts[name] for name in schedules], serving, from_s=0.0)
    if selected_s is None:
        return None
    return confirmed_s(pilot, times, serving=serving, from_s=selected_s)


def confirmed_s(
    pilot: Pilot, times: Mapping[str, RunTime], *, serving: Sequence[Serving], from_s: float
) -> float | None:
    """When the last run of the confirmation ends, with average candidates before a choice.

    Args:
        pilot: As planned.
        times: Time of one run of every schedule.
        serving: Workers that train its workload, each from when it is free.
        from_s: When the confirmation begins, in seconds from now.

    Returns:
        Seconds from now, as ``pilot_time_s``.
    """
    seeds = len(pilot.seeds.confirmation)
    parts = _parts(times, runs=seeds, workers=sharing(serving))
    finalists = [parts[one.name] for one in pilot.candidates]
    if len(finalists) > MOST_FINALISTS:
        finalists = [_average(finalists)] * MOST_FINALISTS
    return _end_s([parts[pilot.baseline.name], *finalists] * seeds, serving, from_s=from_s)


_Parts = tuple[tuple[float, int], ...]
"""A run by its numbers of devices: seconds, and how many devices it wants for them."""


def _end_s(runs: Sequence[_Parts], serving: Sequence[Serving], *, from_s: float) -> float | None:
    """When the last of these runs of one phase ends; None where some of them never does."""
    if not runs:
        return from_s
    ready = [replace(worker, free_s=max(from_s, worker.free_s)) for worker in serving]
    found = forecast(ready, [_queued(place, parts) for place, parts in enumerate(runs)])
    return found.finish_s if len(found.runs) == len(runs) else None


def _queued(place: int, parts: _Parts) -> Queued:
    legs = tuple(Leg(left_s=left_s, device_count=count) for left_s, count in parts)
    return Queued(run_id=str(place), legs=legs)


def _parts(times: Mapping[str, RunTime], *, runs: int, workers: int) -> dict[str, _Parts]:
    """One of so many runs of every schedule, which workers share fairly."""
    together = math.ceil(runs / workers)
    return {
        name: tuple(
            (left_s * time.share_fraction(together), count) for left_s, count in time.legs(0)
        )
        for name, time in times.items()
    }


def _average(runs: Sequence[_Parts]) -> _Parts:
    """The mean seconds with each number of devices, the fewest first."""
    seconds: dict[int, float] = defaultdict(float)
    for parts in runs:
        for left_s, count in parts:
            seconds[count] += left_s
    return tuple((seconds[count] / len(runs), count) for count in sorted(seconds))


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
