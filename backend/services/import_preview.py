"""What a file gives under its mapping, and what its schedules look like."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from backend.services.import_curves import Curves
from planner.economics.cost import SECONDS_PER_HOUR
from planner.exchange.imports import ImportRead, ReadRun, ReadSchedule
from planner.imports.inferred_schedule import InferredSchedule, inferred_schedule
from planner.imports.logged_run import LoggedRun, Values
from planner.schedules.schedule import Schedule

MOST_POINTS = 200
"""Of a logged schedule, for a picture of it."""


def read_of(runs: Iterable[LoggedRun], *, training_samples: int | None) -> ImportRead:
    """The runs of a file, one after the other; only the longest of each schedule is kept whole.

    Args:
        runs: As they are read.
        training_samples: Of one epoch, where the mapping says them.
    """
    told: list[ReadRun] = []
    longest: dict[str, LoggedRun] = {}
    counts: dict[str, int] = {}
    metrics: dict[str, None] = {}
    curves = Curves()
    for run in runs:
        told.append(_run(run))
        curves.add(run)
        metrics.update(dict.fromkeys(run.metrics))
        counts[run.schedule] = counts.get(run.schedule, 0) + 1
        known = longest.get(run.schedule)
        if known is None or len(run.steps) > len(known.steps):
            longest[run.schedule] = run
    inferred = _inferred(longest, training_samples)
    return ImportRead(
        runs=tuple(told),
        schedules=tuple(
            _schedule(run, counts[name], inferred.get(name)) for name, run in longest.items()
        ),
        metrics=tuple(metrics),
        curves=curves.told(),
    )


def schedules_of(
    runs: Sequence[LoggedRun], *, training_samples: int | None
) -> Mapping[str, Schedule]:
    """What the logged rate and batch of each schedule look like in its longest run, by its name.

    None is told of without the samples of an epoch, or where no form fits what was logged.
    """
    longest: dict[str, LoggedRun] = {}
    for run in runs:
        known = longest.get(run.schedule)
        if known is None or len(run.steps) > len(known.steps):
            longest[run.schedule] = run
    found = _inferred(longest, training_samples)
    return {name: one.schedule for name, one in found.items() if one.schedule is not None}


def _inferred(
    longest: Mapping[str, LoggedRun], training_samples: int | None
) -> dict[str, InferredSchedule]:
    """By schedule; nothing without the samples of an epoch."""
    if training_samples is None:
        return {}
    return {
        name: inferred_schedule(run, training_samples=training_samples)
        for name, run in longest.items()
    }


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


def _schedule(run: LoggedRun, runs: int, inferred: InferredSchedule | None) -> ReadSchedule:
    shown = np.unique(np.linspace(0, len(run.steps) - 1, MOST_POINTS).astype(np.int64))
    return ReadSchedule(
        name=run.schedule,
        runs=runs,
        steps=tuple(run.steps[shown].tolist()),
        learning_rate=_told(run.learning_rate[shown]),
        batch_size=_told(run.batch_size[shown]),
        inferred=inferred.schedule if inferred else None,
        also=inferred.others if inferred else (),
        not_inferred=inferred.reason if inferred else None,
    )


def _told(values: Values) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)
