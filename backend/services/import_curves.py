"""The logged points of a file's runs, few enough for a picture, with every spike among them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend import metric_store
from backend.metric_store import Block
from planner.exchange.imports import ReadCurve
from planner.imports.logged_run import LoggedRun, Values
from planner.imports.taken_run import seconds_of

MOST_RUNS = 50
"""Whose points are kept: more lines cannot be told apart."""

MOST_METRICS = 6
"""Of a run; the page asks for four."""

MOST_POINTS = 300
"""Of one curve: as many as a chart is wide."""

FEWEST_POINTS = 40
"""Of one curve, however many there are."""

MOST_IN_ALL = 12_000
"""Points of one file, where its curves can do with so few: every look at an import tells them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Points:
    """One metric of one run; NaN where a value was not finite, or no time was logged."""

    run: str
    schedule: str
    metric: str
    steps: NDArray[np.int64]
    elapsed_s: Values
    values: Values

    def thinned(self, points: int) -> "_Points":
        """The same in at most so many points."""
        block = Block(steps=self.steps, columns=(self.metric,), samples=self.values[np.newaxis])
        return self.at(metric_store.down_sampled(block, points=points))

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "_Points":
        """Some of its points."""
        return _Points(
            run=self.run,
            schedule=self.schedule,
            metric=self.metric,
            steps=self.steps[rows],
            elapsed_s=self.elapsed_s[rows],
            values=self.values[rows],
        )


class Curves:
    """Curves of runs that are read one after the other, so that no file has to be held whole."""

    def __init__(self) -> None:
        self._kept: list[_Points] = []
        self._runs = 0

    def add(self, run: LoggedRun) -> None:
        """Keeps the points of one more run, where there is room for it."""
        self._runs += 1
        if self._runs > MOST_RUNS:
            return
        elapsed_s = seconds_of(run)
        for metric, values in list(run.metrics.items())[:MOST_METRICS]:
            said = np.isfinite(values)
            if not said.any():
                continue
            whole = _Points(
                run=run.name,
                schedule=run.schedule,
                metric=metric,
                steps=run.steps,
                elapsed_s=elapsed_s,
                values=values,
            )
            diverged = run.steps == run.diverged_at
            self._kept.append(whole.at(said | diverged).thinned(MOST_POINTS))

    def told(self) -> tuple[ReadCurve, ...]:
        """Every curve in the order of the runs, the thinner the more there are."""
        room = MOST_IN_ALL // max(len(self._kept), 1)
        points = min(MOST_POINTS, max(FEWEST_POINTS, room))
        return tuple(
            ReadCurve(
                run=one.run,
                schedule=one.schedule,
                metric=one.metric,
                steps=tuple(one.steps.tolist()),
                elapsed_s=_told(one.elapsed_s),
                values=_told(one.values),
            )
            for one in (kept.thinned(points) for kept in self._kept)
        )


def _told(values: Values) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)
