"""Findings 1 to 3 and 6: rankings, effort side by side, time to targets, spread over seeds."""

import math
from collections.abc import Sequence
from statistics import fmean

import numpy as np

from benchmarks.found.experiment import Experiment
from benchmarks.found.settings import (
    BASELINE,
    GROWING,
    LARGER,
    MULTIPLIERS,
    ONE_RATE,
    SAME_START,
)
from benchmarks.found.tables import NONE, compared, number, ratio, table
from benchmarks.found.training import Trained
from planner.inference.statistics import log_interval, seeds_needed
from planner.reviews.race import Race
from planner.reviews.sweep import restricted_time_s

Pairs = list[tuple[Race, Race]]


def ranking(found: Experiment) -> str:
    """Finding 1: who is fastest at the schedules' own best rates, and who at one rate for all."""
    names = [schedule.name for schedule in found.pilot.schedules]
    swept = found.races(found.selection, "loss")
    rows = [
        [name, *(_restricted(swept, name, multiplier, found) for multiplier in MULTIPLIERS)]
        for name in names
    ]
    at = [f"x{multiplier:g}" for multiplier in MULTIPLIERS]
    confirmed = [
        [
            name,
            f"x{found.chosen.selected[name]:g}"
            + (" (edge)" if name in found.chosen.at_edge else ""),
            _reached(found, found.own_best, name),
            NONE if name == BASELINE else compared(found.against(found.own_best, "loss", name)),
            _reached(found, found.one_rate, name),
            NONE if name == BASELINE else compared(found.against(found.one_rate, "loss", name)),
        ]
        for name in names
    ]
    return "\n\n".join(
        [
            "Sweep, selection seeds: mean of min(time to the loss target, budget) in seconds; a "
            "dash where no run reached it, the rate that the selection froze in bold.",
            table(["schedule", *at], rows),
            "Confirmation seeds: time to the loss target over the baseline's, 90 % interval.",
            table(
                [
                    "schedule",
                    "own best rate",
                    "reached",
                    "at own best",
                    "reached",
                    f"all at x{ONE_RATE:g}",
                ],
                confirmed,
            ),
            _flip(found),
        ]
    )


def _flip(found: Experiment) -> str:
    own, one = (_order(found, runs) for runs in (found.own_best, found.one_rate))
    same = "The order is the same." if [*own] == [*one] else "The order is another one."
    return (
        f"Fastest first at own best rates: {_listed(own)}. All at x{ONE_RATE:g}: {_listed(one)}. "
        f"{same}"
    )


def _order(found: Experiment, runs: Sequence[Trained]) -> dict[str, float]:
    """Schedules that reached the loss target, by rising restricted mean time in seconds."""
    races = {
        schedule.name: found.races_of(runs, "loss", schedule.name)
        for schedule in found.pilot.schedules
    }
    times_s = {
        name: restricted_time_s(theirs, found.budget_s)
        for name, theirs in races.items()
        if any(race.crossing for race in theirs)
    }
    return dict(sorted(times_s.items(), key=lambda item: item[1]))


def _listed(times_s: dict[str, float]) -> str:
    shown = [f"{name} {number(time_s)} s" for name, time_s in times_s.items()]
    return "; ".join(shown) or "nobody reached it"


def _restricted(races: Sequence[Race], name: str, multiplier: float, found: Experiment) -> str:
    ours = [race for race in races if (race.schedule, race.rate_multiplier) == (name, multiplier)]
    if not any(race.crossing for race in ours):
        return NONE
    best = found.chosen.selected[name] == multiplier
    shown = number(restricted_time_s(ours, found.budget_s))
    return f"**{shown}**" if best else shown


def _reached(found: Experiment, runs: Sequence[Trained], name: str) -> str:
    races = found.races_of(runs, "loss", name)
    return f"{sum(race.crossing is not None for race in races)} of {len(races)}"


def effort(found: Experiment) -> str:
    """Finding 2: what growth takes against a larger constant batch, in four units."""
    rows = []
    for name in (GROWING, BASELINE, *SAME_START[1:]):
        both = _both(found, found.own_best, "loss", name, LARGER)
        rows.append([name, f"{len(both)} of {len(found.setting.confirmation)}", *_four(both)])
    return "\n\n".join(
        [
            f"To the loss target, own best rates, over the larger constant batch of "
            f"{found.setting.larger} (pairs in which both reached it).",
            table(["schedule", "pairs", "epochs", "steps", "samples", "time"], rows),
        ]
    )


def same_start(found: Experiment) -> str:
    """Finding 3: what growth saves against the same first batch, to a loss and to a norm."""
    rows = []
    for title, runs in (
        ("own best", found.own_best),
        (f"x{ONE_RATE:g}", found.one_rate),
    ):
        for target in ("loss", "tight loss", "gradient norm"):
            for name in SAME_START:
                both = _both(found, runs, target, name, BASELINE)
                epochs, steps, _, _ = _four(both)
                time = compared(found.against(runs, target, name))
                rows.append([title, target, name, time, steps, epochs])
    return table(["rates", "target", "schedule", "time", "steps", "epochs"], rows)


def spread(found: Experiment) -> str:
    """Finding 6: standard deviation of log time ratios, what pairing gains, seeds needed."""
    rows = []
    for target in found.targets:
        for name in SAME_START:
            both = _both(found, found.own_best, target, name, BASELINE)
            rows.append([target, name, str(len(both)), *_spread(both)])
    return "\n\n".join(
        [
            "Own best rates, confirmation seeds, against the baseline; pairs in which both reached "
            "the target. Seeds needed: for +-10 % at 90 %.",
            table(
                ["target", "schedule", "pairs", "paired sd", "unpaired sd", "seeds needed"], rows
            ),
        ]
    )


def _spread(both: Pairs) -> list[str]:
    times = [
        (ours.crossing.time_s, theirs.crossing.time_s)
        for ours, theirs in both
        if ours.crossing and theirs.crossing
    ]
    if len(times) < 3 or min(map(min, times)) <= 0:
        return [NONE] * 3
    logs = np.log(np.array(times))
    paired = float(np.std(logs[:, 0] - logs[:, 1], ddof=1))
    unpaired = math.sqrt(float(np.var(logs, axis=0, ddof=1).sum()))
    needed = seeds_needed(paired)
    return [f"{paired:.3f}", f"{unpaired:.3f}", NONE if needed is None else str(needed)]


def _both(found: Experiment, runs: Sequence[Trained], target: str, name: str, other: str) -> Pairs:
    """Pairs by seed in which both reached the target, after the start of training."""
    theirs = {race.seed: race for race in found.races_of(runs, target, other)}
    pairs = [(race, theirs[race.seed]) for race in found.races_of(runs, target, name)]
    return [
        pair for pair in pairs if all(race.crossing and race.crossing.step > 0 for race in pair)
    ]


def _four(both: Pairs) -> list[str]:
    """Ratios of epochs, steps, samples and time: geometric means with limits from three pairs."""
    shown = []
    for field in ("epochs", "step", "samples", "time_s"):
        logs = np.array(
            [
                math.log(getattr(ours.crossing, field) / getattr(theirs.crossing, field))
                for ours, theirs in both
            ]
        )
        interval = log_interval(logs)
        if interval is not None:
            shown.append(ratio(interval))
        else:
            shown.append(f"{math.exp(fmean(logs)):.2f}" if len(logs) else NONE)
    return shown
