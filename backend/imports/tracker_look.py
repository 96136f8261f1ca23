"""A first look at what a tracker logged: names, facts, runs, first steps."""

from collections.abc import Iterator

import numpy as np

from planner.imports.logged_run import SourceFormat
from planner.imports.logged_table import LoggedTable
from planner.imports.look import ColumnKind, FoundColumn, FoundRun, LogForm, Look
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import unanswered
from planner.imports.suggested_mapping import suggested_for_tracker
from planner.refusal import require

FIRST_ROWS = 20
MOST_RUNS = 10_000
MOST_FOUND = 2_000


def look_at_tracker(
    tables: Iterator[LoggedTable],
    mapping: ColumnMapping | None,
    *,
    source: SourceFormat,
    form: LogForm,
) -> Look:
    """What the runs of a tracker hold, one of them in memory at a time.

    Raises:
        Refusal: A run cannot be read.
    """
    names: dict[str, str] = {}
    facts: dict[str, str] = {}
    runs: list[FoundRun] = []
    first: tuple[tuple[str, ...], ...] = ()
    for table in tables:
        for name, values in table.columns.items():
            names[name] = names.get(name) or _first(values)
        facts |= {name: said for name, said in table.facts.items() if name not in facts}
        first = first or _rows(table, list(names))
        runs.append(
            FoundRun(
                name=table.name,
                rows=len(table.places),
                ended=table.ended,
                cut_off=table.cut_off,
            )
        )
        require(len(runs) <= MOST_RUNS, "file", "import_too_many_runs", most=MOST_RUNS)
        few = len(names) + len(facts) <= MOST_FOUND
        require(few, "file", "import_too_many_names", most=MOST_FOUND)
    require(bool(runs), "file", "import_empty")
    suggested = suggested_for_tracker(list(names), list(facts))
    return Look(
        source=source,
        form=form,
        columns=(*_columns(names, "name"), *_columns(facts, "fact")),
        first_rows=first,
        runs=tuple(runs),
        suggested=suggested,
        asked=unanswered(mapping or suggested),
    )


def _columns(found: dict[str, str], kind: ColumnKind) -> tuple[FoundColumn, ...]:
    return tuple(
        FoundColumn(name=name, kind=kind, sample=sample[:80]) for name, sample in found.items()
    )


def _rows(table: LoggedTable, names: list[str]) -> tuple[tuple[str, ...], ...]:
    """The first rows of a run, a text for every name; empty where it does not log one."""
    count = min(len(table.places), FIRST_ROWS)
    nothing = np.full(count, np.nan)
    columns = [table.columns.get(name, nothing)[:count] for name in names]
    return tuple(tuple(map(_text, row)) for row in zip(*columns, strict=True))


def _first(values: np.ndarray) -> str:
    said = values[~np.isnan(values)]
    return _text(said[0]) if len(said) else ""


def _text(value: float) -> str:
    """As it was logged; empty where nothing was."""
    if np.isnan(value):
        return ""
    return "NaN" if np.isinf(value) else f"{value:.15g}"
