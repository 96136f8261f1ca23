"""Runs of a log as production trainings: as long as the log says, and reached if it ended well."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from backend.imports import reading
from backend.services.training_tables import day_of
from planner.decisions.production_result import ProductionResult
from planner.decisions.result_rows import MOST_TRAININGS, FileTraining, refused_at
from planner.decisions.results_mapping import ResultsMapping, RunLogs
from planner.economics.cost import SECONDS_PER_HOUR
from planner.imports.logged_run import LoggedRun
from planner.imports.look import Look
from planner.imports.mapping import ColumnMapping, TimestampColumn
from planner.imports.suggested_mapping import TIME
from planner.refusal import Refusal, require

CLOCK = "time of day"
"""The name under which a log's times of day are read as one more metric: a run keeps no other."""


def trainings_of_log(
    path: Path, mapping: ResultsMapping, found: Look, *, file_name: str
) -> list[FileTraining]:
    """Every run of a log as a training.

    Args:
        path: Of the file.
        mapping: With every question answered.
        found: What the file holds.
        file_name: As whoever brought it calls it.

    Raises:
        Refusal: The file is not what the mapping says, or has too many runs.
    """
    logs = mapping.runs
    if logs is None:
        raise AssertionError("the mapping is that of a table")
    clock = _clock(logs.log, found)
    trainings: list[FileTraining] = []
    for run in reading.read(path, _with_clock(logs.log, clock), name=file_name):
        trainings.append(_training(run, logs, clock))
        few = len(trainings) <= MOST_TRAININGS
        require(few, "file", "results_too_many", most=MOST_TRAININGS)
    return trainings


def _clock(log: ColumnMapping, found: Look) -> TimestampColumn | None:
    """Times of day: as the mapping says, else those that a tracker notes by itself."""
    if log.timestamp is not None:
        return log.timestamp
    if found.form != "csv" and any(one.name == TIME for one in found.columns):
        return TimestampColumn(column=TIME, form="unix_seconds")
    return None


def _with_clock(log: ColumnMapping, clock: TimestampColumn | None) -> ColumnMapping:
    """What a metric was twice at one step changes neither length nor end of a training."""
    metrics = dict(log.metrics) | ({CLOCK: clock.column} if clock else {})
    return replace(log, metrics=metrics, repeats="last")


def _training(run: LoggedRun, logs: RunLogs, clock: TimestampColumn | None) -> FileTraining:
    training = FileTraining(line=None, name=run.name, schedule=run.schedule, result=None)
    try:
        hours = _hours(run)
        result = ProductionResult(
            day=_day(run, logs, clock),
            training_h=hours,
            device_h=hours * logs.device_count,
            reached=_reached(run, logs),
        )
    except Refusal as refusal:
        return replace(training, refusals=(refused_at(refusal, ""),))
    return replace(training, result=result)


def _hours(run: LoggedRun) -> float:
    last_s = next(_from_the_end(run.elapsed_s), None)
    if last_s is None:
        raise Refusal("training_h", "results_run_without_time", run=run.name)
    return last_s / SECONDS_PER_HOUR


def _day(run: LoggedRun, logs: RunLogs, clock: TimestampColumn | None) -> str:
    moment = next(_from_the_end(run.metrics[CLOCK]), None) if clock else None
    if clock is not None and moment is not None:
        day = day_of(moment / 1e3 if clock.form == "unix_milliseconds" else moment)
    else:
        day = logs.day
    if day is None:
        raise Refusal("day", "results_day_missing", run=run.name)
    return day


def _reached(run: LoggedRun, logs: RunLogs) -> bool:
    if run.diverged_at is not None or run.ended == "failed":
        return False
    if run.ended == "finished":
        return True
    if logs.unknown_ends is None:
        raise Refusal("reached", "results_end_unknown", run=run.name)
    return logs.unknown_ends == "reached"


def _from_the_end(values: np.ndarray) -> Iterator[float]:
    return (float(value) for value in values[::-1] if np.isfinite(value))
