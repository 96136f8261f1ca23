"""Runs of Weights & Biases that were logged offline: one ``.wandb`` file each.

Fields by number are those of ``wandb_internal.proto``: record, run, config, history, exit.
"""

import json
import math
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from backend.imports.protobuf_wire import BrokenMessage, fields, message, real, signed, texts
from backend.imports.record_files import RecordFiles
from backend.imports.text_lines import Progress
from backend.imports.tf_records import Record
from backend.imports.tracker_rows import TrackerRows
from backend.imports.wandb_records import wandb_records
from planner.imports.logged_run import LoggedEnd
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import RepeatRule
from planner.imports.suggested_mapping import ELAPSED, STEP, TIME
from planner.refusal import Refusal

_HISTORY, _CONFIG, _RUN, _EXIT = 2, 5, 17, 18
_KEY, _NESTED_KEY, _NUMBERS, _JSON = 1, 2, (4, 5, 6), 16

Item = tuple[str, object]


class _Run:
    """What was read of a run so far."""

    def __init__(self, name: str, wanted: Collection[str] | None) -> None:
        self.name = name
        self.rows = TrackerRows(wanted)
        self.facts: dict[str, str] = {}
        self.started_s: float | None = None
        self.ended: LoggedEnd = "unknown"


def wandb_runs(
    files: Sequence[Path],
    wanted: Collection[str] | None,
    repeats: RepeatRule,
    progress: Progress | None = None,
) -> Iterator[LoggedTable]:
    """A run a file; attempts of one run that was resumed are one run each.

    Raises:
        Refusal: A record is broken; its number and first byte are said.
    """
    records = RecordFiles(files, wandb_records, progress)
    for file in sorted(files):
        run = _Run(file.stem.removeprefix("run-"), wanted)
        for record in records.of(file):
            try:
                _take(run, record)
            except (BrokenMessage, ValueError, RecursionError) as error:
                if isinstance(error, Refusal):
                    raise
                raise Refusal(
                    "file", "import_record_broken", record=record.number, offset=record.offset
                ) from error
        yield run.rows.table(
            run.name,
            "wandb",
            repeats=repeats,
            facts=run.facts,
            ended=run.ended,
            started_s=run.started_s,
            cut_off=records.cut_off,
        )


def _take(run: _Run, record: Record) -> None:
    for number, _, value in fields(record.data):
        if number == _HISTORY:
            _take_history(run, message(value), record.number)
        elif number == _CONFIG:
            _take_config(run, message(value))
        elif number == _RUN:
            _take_run(run, message(value))
        elif number == _EXIT:
            codes = [signed(code) for inner, _, code in fields(message(value)) if inner == 1]
            run.ended = "failed" if any(codes) else "finished"


def _take_run(run: _Run, data: bytes) -> None:
    for number, _, value in fields(data):
        if number == 4:
            _take_config(run, message(value))
        elif number == 6:
            run.facts["tag.group"] = texts(value)
        elif number == 8:
            run.name = texts(value) or run.name
        elif number == 17:
            parts = {inner: signed(part) for inner, _, part in fields(message(value))}
            run.started_s = parts.get(1, 0) + parts.get(2, 0) / 1e9


def _take_config(run: _Run, data: bytes) -> None:
    for number, _, value in fields(data):
        if number == 1:
            name, said = _item(message(value))
            if name == "_wandb":  # about the program, not the training
                continue
            for below, plain in flat(f"config.{name}", said):
                run.facts[below] = plain if isinstance(plain, str) else json.dumps(plain)


def _take_history(run: _Run, data: bytes, place: int) -> None:
    items: dict[str, float] = {}
    step: float | None = None
    for number, _, value in fields(data):
        if number == 1:
            name, said = _item(message(value))
            for below, plain in flat(name, said):
                value_of = number_of(plain)
                if value_of is not None:
                    items[below] = value_of
        elif number == 2:
            step = next((signed(num) for inner, _, num in fields(message(value)) if inner == 1), 0)
    step = items.pop(STEP, step or 0)
    time_s, runtime_s = items.pop(TIME, np.nan), items.pop(ELAPSED, np.nan)
    for name, found in items.items():
        run.rows.add(name, found, step=step, time_s=time_s, runtime_s=runtime_s, place=place)


def _item(data: bytes) -> Item:
    """The key of an item, parts of a nested one joined by dots, and its value."""
    key, nested, said = "", list[str](), None
    for number, kind, value in fields(data):
        if number == _KEY:
            key = texts(value)
        elif number == _NESTED_KEY:
            nested.append(texts(value))
        elif number in _NUMBERS:
            said = signed(value) if isinstance(value, int) else real(kind, value)
        elif number == _JSON:
            said = json.loads(texts(value))
    return key or ".".join(nested), said


def flat(name: str, said: object) -> Iterator[Item]:
    """A value, or the values of a mapping below it."""
    if isinstance(said, dict):
        for key, inner in said.items():
            yield from flat(f"{name}.{key}", inner)
    else:
        yield name, said


def number_of(said: object) -> float | None:
    """A number as JSON or Weights & Biases write it, who spell what is not finite as text."""
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    if isinstance(said, str):
        return math.inf if said in ("NaN", "Infinity", "-Infinity") else None
    try:
        return float(said)
    except OverflowError:
        return math.inf
