"""A table of stages, and the batch sizes and learning rates of a schedule that it means."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from frontend.planning.document import Document

FROM_EPOCH, BATCH_SIZE, RATE = "from_epoch", "batch_size", "learning_rate"
"""Columns of the table."""

_ENTRY = re.compile(r"(?:(?P<start>0)|(?P<epoch>[0-9]{0,9})ep):(?P<size>[0-9]{0,12})")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One stage; None is a cell that was left empty.

    Attributes:
        from_epoch: Epoch in which it begins.
        batch_size: Samples per step.
        learning_rate: Rate in the stage, where the table states rates.
    """

    from_epoch: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None


def is_table(batch_size: Document) -> bool:
    """Whether a batch-size curve is a list of stages that begin with whole epochs.

    Empty cells do not matter: a table stays one while it is written.
    """
    text = batch_size.get("thresholds")
    return text is not None and all(_ENTRY.fullmatch(entry) for entry in text.split(" "))


def rows_of(schedule: Document) -> tuple[StageRow, ...]:
    """The table of a schedule whose batch sizes are one."""
    rate = schedule["learning_rate"]
    entries = [_ENTRY.fullmatch(part) for part in schedule["batch_size"]["thresholds"].split(" ")]
    rates = [None] * len(entries)
    if rate.get("decay") == "stages":
        rates = [rate["initial"], *rate.get("rates", ()), *rates][: len(entries)]
    return tuple(
        StageRow(
            from_epoch=_read(entry["start"] or entry["epoch"]),
            batch_size=_read(entry["size"]),
            learning_rate=stated,
        )
        for entry, stated in zip(entries, rates, strict=True)
        if entry is not None
    )


def with_rows(schedule: Document, rows: Sequence[StageRow]) -> Document:
    """The schedule that a table means.

    What is wrong with the table is left in it, for the API to refuse at its field: rows that do
    not begin at 0 or do not rise, an empty cell, a batch below 1.
    """
    batch_size = {"thresholds": " ".join(_threshold(row) for row in rows)}
    changed = {**schedule, "batch_size": batch_size}
    rate = schedule["learning_rate"]
    if rate.get("decay") == "stages" and rows:
        first, *later = rows
        changed["learning_rate"] = {
            **rate,
            "initial": first.learning_rate,
            "milestones_epochs": [row.from_epoch for row in later],
            "rates": [row.learning_rate for row in later],
        }
    return changed


def edited(rows: Sequence[StageRow], edits: Mapping[str, Any]) -> tuple[StageRow, ...]:
    """The table after what somebody did to it in the browser; rows without any entry are none.

    Args:
        rows: The table as it was handed to the browser.
        edits: ``edited_rows`` by place, ``added_rows`` and ``deleted_rows`` since then.
    """
    kept = [
        _with_cells(row, edits["edited_rows"].get(place, {}))
        for place, row in enumerate(rows)
        if place not in edits["deleted_rows"]
    ]
    added = [_with_cells(StageRow(), cells) for cells in edits["added_rows"]]
    return tuple(row for row in (*kept, *added) if row != StageRow())


def split(rows: Sequence[StageRow], place: int, *, epochs: int) -> tuple[StageRow, ...]:
    """The table with one stage cut in two halves that do the same, to be changed after that.

    The earlier half is the longer one where the epochs are odd; a stage of one epoch stays whole.
    """
    row, length = rows[place], length_epochs(rows, place, epochs=epochs)
    if row.from_epoch is None or length is None or length < 2:
        return tuple(rows)
    later = replace(row, from_epoch=row.from_epoch + length - length // 2)
    return (*rows[: place + 1], later, *rows[place + 1 :])


def repeated(rows: Sequence[StageRow], place: int, *, epochs: int) -> tuple[StageRow, ...]:
    """The table with one stage a second time after itself; all that follow it begin later."""
    row, length = rows[place], length_epochs(rows, place, epochs=epochs)
    if row.from_epoch is None or length is None:
        return tuple(rows)
    again = replace(row, from_epoch=row.from_epoch + length)
    later = [
        replace(one, from_epoch=None if one.from_epoch is None else one.from_epoch + length)
        for one in rows[place + 1 :]
    ]
    return (*rows[: place + 1], again, *later)


def length_epochs(rows: Sequence[StageRow], place: int, *, epochs: int) -> int | None:
    """Epochs of one stage; None where it has none, or where an epoch is missing."""
    start = rows[place].from_epoch
    end = rows[place + 1].from_epoch if place + 1 < len(rows) else epochs
    if start is None or end is None or end <= start:
        return None
    return end - start


def as_list(rows: Sequence[StageRow]) -> str:
    """The table as a list of thresholds that stays one: epochs with a fraction are no table."""
    return " ".join(
        f"{_shown(row.from_epoch)}.0ep:{_shown(row.batch_size)}"
        if row.from_epoch
        else _threshold(row)
        for row in rows
    )


def even_stages(
    *, first_batch_size: int, epochs: int, count: int, growth: int = 2
) -> tuple[StageRow, ...]:
    """Stages of equal length, each with ``growth`` times the batch of the one before."""
    distance = max(1, math.ceil(epochs / count))
    return tuple(
        StageRow(from_epoch=start, batch_size=first_batch_size * growth**place)
        for place, start in enumerate(range(0, epochs, distance))
    )


def _threshold(row: StageRow) -> str:
    where = "0" if row.from_epoch == 0 else f"{_shown(row.from_epoch)}ep"
    return f"{where}:{_shown(row.batch_size)}"


def _read(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)


def _with_cells(row: StageRow, cells: Mapping[str, Any]) -> StageRow:
    """A row in which the named cells were written; what is no number empties its cell."""
    number = {name: _number(value) for name, value in cells.items()}
    whole = {name: None if value is None else int(value) for name, value in number.items()}
    return StageRow(
        from_epoch=whole.get(FROM_EPOCH, row.from_epoch),
        batch_size=whole.get(BATCH_SIZE, row.batch_size),
        learning_rate=number.get(RATE, row.learning_rate),
    )


def _number(value: object) -> float | None:
    """A cell as a number; None where it is empty or holds something else."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
