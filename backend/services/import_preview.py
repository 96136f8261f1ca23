"""What a file gives under its mapping, and what its schedules look like."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.imports import ImportRead, ReadRun, ReadSchedule
from planner.imports.inferred_schedule import inferred_schedule
from planner.imports.logged_run import LoggedRun, Values
from planner.schedules.schedule import Schedule

MOST_POINTS = 200
"""Of a logged schedule, for a picture of it."""


def read_of(runs: Iterable[LoggedRun], *, training_samples: int | None) -> ImportRead:
    """The runs of a file, one after the other; only the longest of each schedule is kept.

    Args:
        runs: As they are read.
        training_samples: Of one epoch, where the mapping says them.
    """
    told: list[ReadRun] = []
    longest: dict[str, LoggedRun] = {}
    counts: dict[str, int] = {}
    metrics: dict[str, None] = {}
    for run in runs:
        told.append(_run(run))
        metrics.update(dict.fromkeys(run.metrics))
        counts[run.schedule] = counts.get(run.schedule, 0) + 1
        known = longest.get(run.schedule)
        if known is None or len(run.steps) > len(known.steps):
            longest[run.schedule] = run
    inferred = schedules_of(list(longest.values()), training_samples=training_samples)
    return ImportRead(
        runs=tuple(told),
        schedules=tuple(
            _schedule(run, counts[name], inferred.get(name)) for name, run in longest.items()
        ),
        metrics=tuple(metrics),
    )


def schedules_of(
    runs: Sequence[LoggedRun], *, training_samples: int | None
) -> Mapping[str, Schedule]:
    """What the logged rate and batch of each schedule look like in its longest run, by its name.

    None is told of without the samples of an epoch, or where no form fits what was logged.
    """
    if training_samples is None:
        return {}
    longest: dict[str, LoggedRun] = {}
    for run in runs:
        known = longest.get(run.schedule)
        if known is None or len(run.steps) > len(known.steps):
            longest[run.schedule] = run
    found = {
        name: inferred_schedule(run, training_samples=training_samples).schedule
        for name, run in longest.items()
    }
    return {name: schedule for name, schedule in found.items() if schedule is not None}


def _run(run: LoggedRun) -> ReadRun:
    timed = np.flatnonzero(np.isfinite(run.elapsed_s))
    return ReadRun(
        name=run.name,
        schedule=run.schedule,
        seed=run.seed,
        rows=len(run.steps),
        last_step=int(run.steps[-1]) if len(run.steps) else 0,
        trained_h=float(run.elapsed_s[timed[-1]]) / SECONDS_PER_HOUR if len(timed) else None,
        ended=run.ended,
        diverged_at=run.diverged_at,
    )


def _schedule(run: LoggedRun, runs: int, inferred: Schedule | None) -> ReadSchedule:
    shown = np.unique(np.linspace(0, len(run.steps) - 1, MOST_POINTS).astype(np.int64))
    return ReadSchedule(
        name=run.schedule,
        runs=runs,
        steps=tuple(run.steps[shown].tolist()),
        learning_rate=_told(run.learning_rate[shown]),
        batch_size=_told(run.batch_size[shown]),
        inferred=inferred,
    )


def _told(values: Values) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)
