"""What a tracker logged of one run: a name, a step, a time and a value at a time."""

from array import array
from collections.abc import Collection, Mapping
from math import isfinite

import numpy as np

from backend.imports.gathered import MOST_NUMBERS
from planner.imports.logged_run import LoggedEnd, SourceFormat
from planner.imports.logged_table import NOT_FINITE, LoggedTable
from planner.imports.mapping import RepeatRule
from planner.imports.pivoted_rows import pivoted
from planner.imports.suggested_mapping import ELAPSED, STEP, TIME
from planner.refusal import require

MOST_NAMES = 2_000
MOST_ROWS = MOST_NUMBERS // 6


class TrackerRows:
    """Rows of one run as they are read.

    Args:
        wanted: Names that are kept; None for all.
    """

    def __init__(self, wanted: Collection[str] | None) -> None:
        self._wanted = wanted
        self._codes: dict[str, int] = {}
        self._names = array("i")
        self._steps, self._times, self._runtimes = array("d"), array("d"), array("d")
        self._values, self._places = array("d"), array("q")

    def add(
        self,
        name: str,
        value: float,
        *,
        step: float,
        time_s: float,
        place: int,
        runtime_s: float = np.nan,
    ) -> None:
        """Takes one value; one that is not finite is kept as that."""
        if self._wanted is not None and name not in self._wanted:
            return
        code = self._codes.setdefault(name, len(self._codes))
        require(code < MOST_NAMES, "file", "import_too_many_names", most=MOST_NAMES)
        require(len(self._names) < MOST_ROWS, "file", "import_too_large", most=MOST_NUMBERS)
        self._names.append(code)
        self._steps.append(step)
        self._times.append(time_s)
        self._runtimes.append(runtime_s)
        self._values.append(value if isfinite(value) else NOT_FINITE)
        self._places.append(place)

    def table(
        self,
        name: str,
        source: SourceFormat,
        *,
        repeats: RepeatRule,
        facts: Mapping[str, str] | None = None,
        ended: LoggedEnd = "unknown",
        started_s: float | None = None,
        cut_off: bool = False,
    ) -> LoggedTable:
        """The rows of the run, one a step.

        Raises:
            Refusal: Two values of one name and step contradict each other.
        """
        beside = {TIME: np.array(self._times)}
        runtimes = np.array(self._runtimes)
        if not np.isnan(runtimes).all():
            beside[ELAPSED] = runtimes
        steps, columns, places = pivoted(
            np.array(self._steps),
            (np.array(self._names, dtype=np.int32), np.array(self._values)),
            beside,
            np.array(self._places, dtype=np.int64),
            names={code: name for name, code in self._codes.items()},
            latest=(TIME, ELAPSED),
            repeats=repeats,
            run=name,
        )
        return LoggedTable(
            name=name,
            source=source,
            columns={STEP: steps, **columns},
            places=places,
            facts=facts or {},
            ended=ended,
            started_s=started_s,
            cut_off=cut_off,
        )
