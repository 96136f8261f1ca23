"""Columns as they grow while a table is read: numbers in arrays, texts as codes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planner.imports.logged_run import Values
from planner.refusal import Refusal, require

MOST_NUMBERS = 30_000_000
"""What one import holds in memory: 240 MB."""


class Codes:
    """Texts by the order in which they came, as a column of small numbers."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._parts: list[NDArray[np.int32]] = []

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text, by its code."""
        return tuple(self._places)

    def add(self, cells: Sequence[str]) -> None:
        """Takes a chunk of a column; spaces around a text are not part of it."""
        places = self._places
        try:
            found = [places[cell] for cell in cells]
        except KeyError:
            found = [places.setdefault(cell.strip(), len(places)) for cell in cells]
        self._parts.append(np.array(found, dtype=np.int32))

    def column(self) -> NDArray[np.int32]:
        """Codes of all rows, which are then let go."""
        parts, self._parts = self._parts, []
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)


class Numbers:
    """Columns of numbers by name; together they hold `MOST_NUMBERS`."""

    def __init__(self, names: Sequence[str]) -> None:
        self._parts: dict[str, list[Values]] = {name: [] for name in names}
        self._count = 0

    def add(self, name: str, values: Values) -> None:
        """Takes a chunk of a column."""
        self._count += len(values)
        require(self._count <= MOST_NUMBERS, "file", "import_too_large", most=MOST_NUMBERS)
        self._parts[name].append(values)

    def columns(self) -> dict[str, Values]:
        """All columns, whose parts are then let go."""
        return {name: self._whole(name) for name in tuple(self._parts)}

    def _whole(self, name: str) -> Values:
        parts = self._parts.pop(name)
        return np.concatenate(parts) if parts else np.empty(0)


class Facts:
    """What holds for a whole run, and may not change between its rows."""

    def __init__(self, names: Sequence[str]) -> None:
        self._said: dict[str, dict[str, str]] = {name: {} for name in names}

    def add(
        self, name: str, runs: Sequence[str], cells: Sequence[str], lines: Sequence[int]
    ) -> None:
        """Takes a chunk of a column, and of the column of runs beside it.

        Raises:
            Refusal: A run is told two things; the line of the second is said.
        """
        said = self._said[name]
        for run, cell in dict.fromkeys(zip(runs, cells, strict=True)):
            text = cell.strip()
            if text and said.setdefault(run.strip(), text) != text:
                pairs = list(zip(runs, cells, strict=True))
                line = lines[pairs.index((run, cell))]
                raise Refusal(
                    "file", "import_fact_changes", run=run, column=name, line=line, value=text[:40]
                )

    def of(self, run: str) -> dict[str, str]:
        """What is said of a run, by name."""
        return {name: said[run] for name, said in self._said.items() if run in said}
