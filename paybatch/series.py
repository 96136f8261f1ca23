"""What a run recorded, whole, as arrays."""

from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from paybatch.connection import Connection
from planner.exchange.series import SeriesGroup
from planner.exchange.states import Series

MOST_POINTS = 1000
"""Points that the API sends at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunSeries:
    """One group of a run's live series, every point of it.

    Attributes:
        steps: Steps done at each point, rising.
        columns: Values by name, each as long as ``steps``; NaN where a value was not finite.
        attempts: Number of the attempt behind each point.
    """

    steps: NDArray[np.int64]
    columns: dict[str, NDArray[np.float64]]
    attempts: NDArray[np.int64]


def run_series(connection: Connection, run_id: str, group: SeriesGroup) -> RunSeries:
    """Every point of a group, as arrays."""
    whole = every_point(connection, run_id, group)
    return RunSeries(
        steps=np.array(whole.steps, dtype=np.int64),
        columns={
            name: np.array(values, dtype=np.float64) for name, values in whole.columns.items()
        },
        attempts=np.array(whole.attempts, dtype=np.int64),
    )


def every_point(connection: Connection, run_id: str, group: SeriesGroup) -> Series:
    """Every point of a group, read in parts."""
    whole = _part(connection, run_id, group, after_step=-1)
    part = whole
    while part.steps and len(whole.steps) < whole.total_points:
        part = _part(connection, run_id, group, after_step=part.steps[-1])
        whole = _continued(whole, part)
    return whole


def _part(connection: Connection, run_id: str, group: SeriesGroup, *, after_step: int) -> Series:
    params = {"group": group, "after_step": after_step, "points": MOST_POINTS}
    path = f"/api/runs/{quote(run_id, safe='')}/series"
    return connection.send(Series, "GET", path, params=params)


def _continued(series: Series, part: Series) -> Series:
    return replace(
        series,
        steps=series.steps + part.steps,
        columns={name: values + part.columns[name] for name, values in series.columns.items()},
        attempts=series.attempts + part.attempts,
    )
