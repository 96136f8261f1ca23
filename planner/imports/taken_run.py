"""A logged run as it is stored: its evaluations, each with its seconds, and how it ended."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_seed
from planner.imports.logged_run import LoggedRun, Values
from planner.imports.terms import ImportTerms
from planner.pilots.run import Run, RunStatus
from planner.refusal import Refusal, require


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Values of a run that no review rests on.

    Attributes:
        steps: Steps done at each row, rising; shape (m,).
        metrics: Values by name, each of shape (m,).
    """

    steps: NDArray[np.int64]
    metrics: Mapping[str, Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRun:
    """One training as the pilot has it.

    Attributes:
        name: As its source calls it.
        schedule: What it trained under.
        seed: As logged, or its place among the runs of its schedule.
        status: A run that failed elsewhere counts as one that was cancelled: it never arrived.
        reason: Message key below ``reason.`` that says how it ended elsewhere; mostly empty.
        last_step: Steps done at the last row.
        steps: Steps done at each evaluation, rising; shape (n,).
        elapsed_s: Seconds of training there, between two logged rows in proportion to the steps;
            NaN where no row says them.
        metrics: Values by name, each of shape (n,); NaN where not finite.
        trace: What is only drawn: rate, batch and other metrics of every row.
        evaluations_left_out: Those before the first row that says a time.
    """

    name: str
    schedule: str
    seed: int
    status: RunStatus
    reason: str
    last_step: int
    steps: NDArray[np.int64]
    elapsed_s: Values
    metrics: Mapping[str, Values]
    trace: Trace
    evaluations_left_out: int = 0

    @property
    def run(self) -> Run:
        """What was run."""
        return Run(
            schedule=self.schedule, rate_multiplier=1.0, seed=self.seed, purpose="confirmation"
        )

    @property
    def is_timed(self) -> bool:
        """Whether every evaluation has its seconds."""
        return bool(np.isfinite(self.elapsed_s).all())


def taken(
    runs: Sequence[LoggedRun], terms: ImportTerms, *, metrics: Collection[str]
) -> tuple[TakenRun, ...]:
    """Runs with a seed each, in the order of the file.

    Args:
        runs: Of the schedules that are compared.
        terms: Say whether runs without a seed are numbered.
        metrics: Target and quality.

    Raises:
        Refusal: A run evaluates no target, names no seed, or one that another of its schedule has;
            or one was evaluated after its last row that says a time.
    """
    places: Counter[str] = Counter()
    seen: set[tuple[str, int]] = set()
    found = []
    for run in runs:
        places[run.schedule] += 1
        seed = _seed(run, terms, places[run.schedule])
        if (run.schedule, seed) in seen:
            raise Refusal(f"runs.{run.name}", "import_seed_repeated", run=run.name, seed=seed)
        seen.add((run.schedule, seed))
        found.append(_taken(run, seed, terms.target.metric, metrics))
    return tuple(found)


def _seed(run: LoggedRun, terms: ImportTerms, place: int) -> int:
    if run.seed is None:
        require(terms.seeds_in_order, "seeds_in_order", "import_seed_missing", run=run.name)
        return place
    check_seed(run.seed, f"runs.{run.name}")
    return run.seed


def _taken(run: LoggedRun, seed: int, target: str, metrics: Collection[str]) -> TakenRun:
    for name in metrics:
        known = name in run.metrics
        field = "target.metric" if name == target else "quality.metric"
        require(known, field, "import_metric_not_logged", run=run.name, metric=name)
    finite = [np.isfinite(run.metrics[name]) for name in metrics]
    evaluated = np.logical_or.reduce(finite)
    seconds = seconds_of(run)
    kept = _timed(run, evaluated, seconds)
    named = {"learning_rate": run.learning_rate, "batch_size": run.batch_size}
    other = {name: values for name, values in run.metrics.items() if name not in metrics}
    drawn = {
        name: values for name, values in {**named, **other}.items() if np.isfinite(values).any()
    }
    diverged, failed = run.diverged_at is not None, run.ended == "failed"
    status: RunStatus = "diverged" if diverged else "cancelled" if failed else "succeeded"
    return TakenRun(
        name=run.name,
        schedule=run.schedule,
        seed=seed,
        status=status,
        reason="diverged_elsewhere" if diverged else "failed_elsewhere" if failed else "",
        last_step=int(run.steps[-1]) if len(run.steps) else 0,
        steps=run.steps[kept],
        elapsed_s=seconds[kept],
        metrics={name: run.metrics[name][kept] for name in metrics},
        trace=Trace(steps=run.steps, metrics=drawn),
        evaluations_left_out=int(evaluated.sum() - kept.sum()),
    )


def _timed(run: LoggedRun, evaluated: NDArray[np.bool_], seconds: Values) -> NDArray[np.bool_]:
    """Evaluations that are kept: with seconds, unless no row says any.

    What was evaluated before the first time is left out. After the last one it may be what the
    run was for, and is not.

    Raises:
        Refusal: A run has evaluations after its last time, or only some before its first.
    """
    timed = np.isfinite(seconds)
    if not timed.any():
        return evaluated
    kept = evaluated & timed
    untimed = evaluated & ~timed
    last = int(np.flatnonzero(timed)[-1])
    lost = untimed if not kept.any() else untimed & (np.arange(len(timed)) > last)
    if lost.any():
        step = int(run.steps[np.argmax(lost)])
        raise Refusal(f"runs.{run.name}", "import_evaluation_untimed", run=run.name, step=step)
    return kept


def seconds_of(run: LoggedRun) -> Values:
    """Seconds at every row: as logged, or in proportion to the steps between two rows with them."""
    known = np.isfinite(run.elapsed_s)
    if known.all() or not known.any():
        return run.elapsed_s
    return np.interp(run.steps, run.steps[known], run.elapsed_s[known], left=np.nan, right=np.nan)
