"""What the meters of a pilot's runs read, as a table."""

from collections.abc import Iterable

from backend.reports.csv_table import Table, table_of
from planner.exchange.states import Series
from planner.pilots.meters import COLUMNS


def meters_table(runs: Iterable[tuple[int, Series]]) -> Table:
    """One row a reading; a cell is empty where a meter was not read or could not tell.

    Args:
        runs: Number of each run, and its series of meters.
    """
    rows = (
        {
            "run": number,
            "attempt": series.attempts[place],
            "step": step,
            **{name: values[place] for name, values in series.columns.items()},
        }
        for number, series in runs
        for place, step in enumerate(series.steps)
    )
    return table_of("meters", ("run", "attempt", "step", *COLUMNS), rows)
