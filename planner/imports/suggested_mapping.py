"""Roles of columns by the names that programs usually give them; units stay open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.imports.mapping import (
    MOST_METRICS,
    BatchColumn,
    ColumnMapping,
    ElapsedColumn,
    EpochColumn,
    TimestampColumn,
)

Row = Sequence[str]

STEP, TIME, ELAPSED = "_step", "_timestamp", "_runtime"
"""What a tracker says of itself beside every value: step, seconds since 1970, and since its start;
the names are those of Weights & Biases."""

KNOWN: Mapping[str, tuple[str, ...]] = {
    "run": ("run", "run_id", "run_name", "run_uuid", "trial", "trial_id"),
    "schedule": ("schedule", "recipe", "variant", "arm", "group"),
    "seed": ("seed", "random_seed", "random_state", "manual_seed"),
    "step": ("global_step", "step", "steps", "iteration", "iter", "iterations", "update", "_step"),
    "epoch": ("epoch", "epochs"),
    "samples": ("samples", "samples_seen", "consumed_samples", "examples", "examples_seen"),
    "elapsed": (
        *(
            "elapsed",
            "elapsed_time",
            "elapsed_s",
            "time",
            "runtime",
            "_runtime",
            "wall",
            "duration",
        ),
        *("relative_time", "hours", "minutes", "seconds", "time_s", "wall_clock", "wallclock"),
        *("time_elapsed", "train_time", "training_time", "wall_clock_time"),
    ),
    "timestamp": ("timestamp", "_timestamp", "wall_time", "datetime", "date", "logged_at", "ts"),
    "learning_rate": (
        *("learning_rate", "lr", "rate", "step_size", "eta"),
        *("lr_adam", "lr_adamw", "lr_sgd"),  # as Lightning names them, by the optimizer
    ),
    "batch_size": (
        *("batch_size", "batch", "bs", "global_batch_size", "train_batch_size"),
        *("per_device_train_batch_size", "per_device_batch_size", "micro_batch_size"),
    ),
    "momentum": ("momentum", "beta", "beta1", "mu"),
    "name": ("metric", "name", "key", "tag", "variable", "metric_name"),
    "value": ("value", "metric_value"),
}
"""Names by role, the likelier first; compared without case, spaces, and what leads up to them."""

_FACT = re.compile(r"(param|config|tag)\.")


def suggested_mapping(columns: Sequence[str], rows: Sequence[Row]) -> ColumnMapping:
    """The mapping that well-known names say, with every unit left open.

    Args:
        columns: Names of a table's columns.
        rows: Some of its rows, as text; what holds no number is no metric.
    """
    roles = _roles(columns)
    name, value = roles.pop("name", None), roles.pop("value", None)
    if name is not None and value is not None:
        said = list(dict.fromkeys(row[columns.index(name)] for row in rows))
        left = {role: column for role, column in roles.items() if column not in (name, value)}
        return _mapping(left, said, said, name=name, value=value)
    numbers = [
        column
        for place, column in enumerate(columns)
        if all(_is_number(row[place]) for row in rows) and not _FACT.match(column)
    ]
    return _mapping(roles, columns, numbers)


def suggested_for_tracker(names: Sequence[str], facts: Sequence[str]) -> ColumnMapping:
    """The same for a tracker, whose own steps and times stand below `STEP`, `TIME` and `ELAPSED`.

    Their units are the format's, and known. A rate that holds for a whole run is the one that it
    was told to begin with, which no row logged: it is taken only where somebody says so.

    Args:
        names: Names that values are logged under, those of the tracker among them.
        facts: Names of what holds for a whole run, with ``param.``, ``config.`` or ``tag.``.
    """
    told = {role: fact for role, fact in _roles(facts).items() if role != "learning_rate"}
    roles = {**told, **_roles(names)}  # what was logged step by step says more
    found = _mapping(roles, names, names)
    timed = ELAPSED in names
    return replace(
        found,
        run=None,
        step=found.step or STEP,
        epoch=None,
        samples=None,
        elapsed=ElapsedColumn(column=ELAPSED, unit="seconds") if timed else None,
        timestamp=None if timed else TimestampColumn(column=TIME, form="unix_seconds"),
        metrics={name: name for name in found.metrics if _plain(name) not in _PLACES},
    )


def _mapping(
    roles: Mapping[str, str],
    names: Sequence[str],
    numbers: Sequence[str],
    *,
    name: str | None = None,
    value: str | None = None,
) -> ColumnMapping:
    found = {**_roles(names), **roles} if name is not None else dict(roles)
    found = {role: column for role, column in found.items() if role not in ("name", "value")}
    step = found.get("step")
    metrics = [column for column in numbers if column not in found.values()][:MOST_METRICS]
    batch, elapsed, epoch = found.get("batch_size"), found.get("elapsed"), found.get("epoch")
    timed = found.get("timestamp") if elapsed is None else None
    counted = step is not None or epoch is not None
    return ColumnMapping(
        shape="wide" if name is None else "long",
        name=name,
        value=value,
        run=found.get("run"),
        schedule=found.get("schedule"),
        seed=found.get("seed"),
        step=step,
        epoch=None if step is not None or epoch is None else EpochColumn(column=epoch),
        samples=None if counted else found.get("samples"),
        elapsed=None if elapsed is None else ElapsedColumn(column=elapsed),
        timestamp=None if timed is None else TimestampColumn(column=timed),
        learning_rate=found.get("learning_rate"),
        batch_size=None if batch is None else BatchColumn(column=batch),
        momentum=found.get("momentum"),
        metrics={column: column for column in metrics},
    )


def _roles(columns: Sequence[str]) -> dict[str, str]:
    """The likeliest column of every role, each column in one role only."""
    by_name: dict[str, str] = {}
    for column in columns:
        if column.strip():
            by_name.setdefault(_plain(column), column)
    found: dict[str, str] = {}
    for role, names in KNOWN.items():
        likely = next((by_name[name] for name in names if name in by_name), None)
        if likely is not None and likely not in found.values():
            found[role] = likely
    return found


def _plain(column: str) -> str:
    """``train/learning_rate`` and ``Learning Rate`` are both ``learning_rate``."""
    last = re.split(r"[/.]", column.strip())[-1] or column
    return re.sub(r"[\s-]+", "_", last.strip().lower())


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".") or "nan")
    except ValueError:
        return False
    return True


_PLACES = frozenset((*KNOWN["step"], *KNOWN["epoch"], *KNOWN["elapsed"], *KNOWN["timestamp"]))
"""What says where a row stands, and measures nothing."""
