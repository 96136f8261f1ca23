"""Histories of Weights & Biases in JSON: an object a line, a list of objects, or columns."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from backend.imports.text_lines import Progress, text_lines
from backend.imports.tracker_rows import TrackerRows
from backend.imports.wandb_runs import flat, number_of
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import RepeatRule
from planner.imports.suggested_mapping import ELAPSED, STEP, TIME
from planner.refusal import Refusal, require

LARGEST_WHOLE_BYTES = 64 * 2**20
"""Of a file that is one value, often one line; one with an object a line may be of any size."""

History = Mapping[str, Any]


def json_runs(
    path: Path,
    wanted: Collection[str] | None,
    repeats: RepeatRule,
    *,
    name: str,
    progress: Progress | None = None,
) -> Iterator[LoggedTable]:
    """The run of a history.

    Raises:
        Refusal: It is no JSON, or no history; line and column are said.
    """
    rows = TrackerRows(wanted)
    for place, row in _histories(path, progress):
        values = dict(_values(row))
        step = values.pop(STEP, float(place))
        time_s, runtime_s = values.pop(TIME, np.nan), values.pop(ELAPSED, np.nan)
        for key, value in values.items():
            rows.add(key, value, step=step, time_s=time_s, runtime_s=runtime_s, place=place)
    yield rows.table(name, "wandb", repeats=repeats)


def _values(row: History) -> Iterator[tuple[str, float]]:
    for key, said in row.items():
        for below, plain in flat(str(key), said):
            value = number_of(plain)
            if value is not None:
                yield below, value


def _histories(path: Path, progress: Progress | None) -> Iterator[tuple[int, History]]:
    """Rows with the line, or the place in the list, that each stands on."""
    first = next((line for line in _lines(path) if line.strip()), "")
    if _is_object(first):
        for number, line in enumerate(_lines(path, progress), start=1):
            if line.strip():
                yield number, _object(line, number)
        return
    small = path.stat().st_size <= LARGEST_WHOLE_BYTES
    require(small, "file", "import_json_too_large", most_mib=LARGEST_WHOLE_BYTES // 2**20)
    whole = _parsed("".join(_lines(path, progress)), 1)
    for place, row in enumerate(_listed(whole), start=1):
        require(isinstance(row, dict), "file", "import_json_no_history", line=place)
        yield place, row


def _lines(path: Path, progress: Progress | None = None) -> Iterator[str]:
    return text_lines(path, progress, longest_bytes=LARGEST_WHOLE_BYTES)


def _listed(whole: object) -> list[Any]:
    """A list of rows, or columns as pandas writes them: name, then place, then value."""
    if isinstance(whole, list):
        return whole
    columns = whole if isinstance(whole, dict) else {}
    held = bool(columns) and all(isinstance(column, dict) for column in columns.values())
    require(held, "file", "import_json_no_history", line=1)
    places = dict.fromkeys(place for column in columns.values() for place in column)
    return [{name: column.get(place) for name, column in columns.items()} for place in places]


def _is_object(line: str) -> bool:
    """Whether a line is an object by itself, and so each line is one."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and not all(isinstance(one, dict) for one in said.values())


def _object(line: str, number: int) -> History:
    row = _parsed(line, number)
    require(isinstance(row, dict), "file", "import_json_no_history", line=number)
    return row if isinstance(row, dict) else {}


def _parsed(text: str, line: int) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = line + error.lineno - 1
        raise Refusal("file", "import_json_wrong", line=at, column=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise Refusal("file", "import_json_wrong", line=line, column=1) from error
