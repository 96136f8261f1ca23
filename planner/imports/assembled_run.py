"""A run's table under a mapping: steps, seconds, rate, batch, metrics."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planner.bounds import LARGEST_SEED, LONGEST_NAME
from planner.imports.elapsed_time import elapsed_seconds
from planner.imports.logged_run import LoggedRun, Values
from planner.imports.logged_table import NOT_SAID, LoggedTable, joined
from planner.imports.mapping import BatchColumn, ColumnMapping
from planner.imports.steps_done import steps_done
from planner.refusal import Refusal, require


def assembled(table: LoggedTable, mapping: ColumnMapping) -> LoggedRun | None:
    """The run, its rows sorted and one a step; None where no row says where it stands.

    Args:
        table: As it was read.
        mapping: With every question answered, see `planner.imports.questions`.

    Raises:
        Refusal: A column is missing, rows contradict each other, or time runs backwards.
    """
    key = mapping.place_column
    keys = _column(table, key)
    place = np.isfinite(keys)
    if not place.any():
        return None
    table = _rows(table, place)
    named = bool(table.name.strip())
    require(named, "run", "import_run_nameless", line=int(table.places[0]))
    wanted = _wanted(table, mapping, key)
    keys, columns, places = joined(
        keys[place],
        wanted,
        table.places,
        latest=mapping.time_columns,
        repeats=mapping.repeats,
        run=table.name,
    )
    table = replace(table, columns=columns, places=places)
    batch = _batch(table, mapping.batch_size)
    steps = steps_done(keys, batch, mapping, run=table.name, places=places)
    metrics = {name: _column(table, column) for name, column in mapping.metrics.items()}
    diverged = np.zeros(len(steps), dtype=bool)
    for name, values in metrics.items():
        diverged |= _diverged(name, values)
    return LoggedRun(
        name=table.name[:LONGEST_NAME],
        schedule=_schedule(table, mapping),
        seed=_seed(table, mapping),
        source=table.source,
        steps=steps,
        elapsed_s=elapsed_seconds(table, mapping),
        learning_rate=_finite(_optional(table, mapping.learning_rate)),
        batch_size=batch,
        momentum=_finite(_optional(table, mapping.momentum)),
        metrics={name: _finite(values) for name, values in metrics.items()},
        diverged_at=int(steps[np.argmax(diverged)]) if diverged.any() else None,
        ended=table.ended,
    )


def _diverged(name: str, raw: Values) -> NDArray[np.bool_]:
    """Rows at which a run is lost: a gradient norm may overflow and come back, a loss may not."""
    lost = np.isinf(raw)
    if "loss" not in name.lower():
        finite = np.flatnonzero(np.isfinite(raw))
        lost[: finite[-1] if len(finite) else 0] = False
    return lost


def _wanted(table: LoggedTable, mapping: ColumnMapping, key: str) -> dict[str, Values]:
    texts = (mapping.name, mapping.value, mapping.run, mapping.schedule, mapping.seed)
    return {
        name: table.columns[name]
        for name in mapping.columns
        if name in table.columns and name != key and name not in texts
    } | ({key: table.columns[key]} if key in mapping.metrics.values() else {})


def _rows(table: LoggedTable, chosen: np.ndarray) -> LoggedTable:
    if chosen.all():
        return table
    columns = {name: values[chosen] for name, values in table.columns.items()}
    return replace(table, columns=columns, places=table.places[chosen])


def _column(table: LoggedTable, name: str) -> Values:
    """A column, or what holds for the whole run on every row; not said where the run has none."""
    if name in table.columns:
        return table.columns[name]
    count = len(table.places)
    if name not in table.facts:
        return np.full(count, NOT_SAID)
    return np.full(count, _fact(table, name, float))


def _optional(table: LoggedTable, name: str | None) -> Values:
    return np.full(len(table.places), NOT_SAID) if name is None else _column(table, name)


def _finite(values: Values) -> Values:
    return np.where(np.isfinite(values), values, np.nan)


def _batch(table: LoggedTable, batch: BatchColumn | None) -> Values:
    """Samples of a step over all devices."""
    if batch is None:
        return _optional(table, None)
    devices = 1 if batch.meaning == "global" else batch.device_count or 1
    if batch.value is not None:
        return np.full(len(table.places), float(batch.value * devices))
    sizes = _finite(_optional(table, batch.column))
    require(not bool((sizes <= 0).any()), "batch_size", "import_batch_not_positive", run=table.name)
    return sizes * devices


def _schedule(table: LoggedTable, mapping: ColumnMapping) -> str:
    said = mapping.schedules.get(table.name)
    if said is None and mapping.schedule is not None:
        said = table.facts.get(mapping.schedule)
    return ((said or "").strip() or table.name)[:LONGEST_NAME]


def _seed(table: LoggedTable, mapping: ColumnMapping) -> int | None:
    if table.name in mapping.seeds:
        return mapping.seeds[table.name]
    if mapping.seed is None or mapping.seed not in table.facts:
        return None
    value = _fact(table, mapping.seed, float)
    whole = value.is_integer() and 0 <= value <= LARGEST_SEED
    require(whole, "seed", "import_fact_wrong", run=table.name, name=mapping.seed, value=str(value))
    return int(value)


def _fact(table: LoggedTable, name: str, read: Callable[[str], float]) -> float:
    text = table.facts[name]
    try:
        return read(text)
    except ValueError as error:
        raise Refusal(
            "file", "import_fact_wrong", run=table.name, name=name, value=text[:40]
        ) from error
