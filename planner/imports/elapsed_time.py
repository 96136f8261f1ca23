"""Seconds of training at every row, from elapsed time or from times of day."""

import numpy as np

from planner.imports.logged_run import Values
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import SECONDS, ColumnMapping, TimestampColumn
from planner.refusal import Refusal

LONG_PAUSE_RATIO = 20.0
SHORTEST_PAUSE_S = 60.0
"""A silence is a pause where it is so many times the usual one, and so long."""


def elapsed_seconds(table: LoggedTable, mapping: ColumnMapping) -> Values:
    """Seconds at every row of a table whose rows are sorted by step; NaN where none is said.

    Raises:
        Refusal: Time runs backwards, or somebody must say what a pause is.
    """
    elapsed, timestamp = mapping.elapsed, mapping.timestamp
    if elapsed is not None:
        seconds = _said(table, elapsed.column) * SECONDS[elapsed.unit or "seconds"]
        _check_rising(seconds, table, elapsed.column)
        return seconds
    if timestamp is None:
        return np.full(len(table.places), np.nan)
    times = _said(table, timestamp.column)
    if timestamp.form == "unix_milliseconds":
        times = times / 1e3
    _check_rising(times, table, timestamp.column)
    return _since_start(times, table, timestamp)


def _said(table: LoggedTable, column: str) -> Values:
    values = table.columns.get(column)
    if values is None:
        return np.full(len(table.places), np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _check_rising(seconds: Values, table: LoggedTable, column: str) -> None:
    said = np.flatnonzero(~np.isnan(seconds))
    back = np.flatnonzero(np.diff(seconds[said]) < 0)
    if len(back):
        line = int(table.places[said[back[0] + 1]])
        raise Refusal("file", "import_time_falls", run=table.name, column=column, line=line)


def _since_start(times: Values, table: LoggedTable, timestamp: TimestampColumn) -> Values:
    """Seconds since the run's start, or its first row where the source does not say its start."""
    said = np.flatnonzero(~np.isnan(times))
    if not len(said):
        return times
    start = times[said[0]]
    if table.started_s is not None:
        start = min(start, table.started_s)
    steps = np.diff(times[said])
    usual = float(np.median(steps)) if len(steps) else 0.0
    paused = steps > max(LONG_PAUSE_RATIO * usual, SHORTEST_PAUSE_S)
    if paused.any() and timestamp.pauses is None:
        at = int(np.argmax(paused))
        raise Refusal(
            "timestamp.pauses",
            "import_pauses_missing",
            run=table.name,
            line=int(table.places[said[at + 1]]),
            pause=float(round(steps[at])),
        )
    left_out = np.zeros(len(said))
    if timestamp.pauses == "leave_out":
        left_out[1:] = np.cumsum(np.where(paused, steps - usual, 0.0))
    seconds = np.full(len(times), np.nan)
    seconds[said] = times[said] - start - left_out
    return seconds
