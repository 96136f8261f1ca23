"""Scalars of TensorBoard's event files, one run a folder, in both encodings.

Fields by number are those of ``tensorboard/compat/proto``: event, summary, tensor.
"""

import struct
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from backend.imports.protobuf_wire import (
    FIXED_32,
    FIXED_64,
    LENGTH,
    BrokenMessage,
    fields,
    message,
    real,
    signed,
    texts,
)
from backend.imports.record_files import RecordFiles
from backend.imports.text_lines import Progress
from backend.imports.tf_records import Record, tf_records
from backend.imports.tracker_rows import TrackerRows
from planner.imports.logged_table import LoggedTable
from planner.imports.mapping import RepeatRule
from planner.refusal import Refusal

FILE_NAME = "tfevents"

_NUMPY_TYPES = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 19: "<f2"}
"""``types.proto``: DT_FLOAT, DT_DOUBLE, DT_INT32, DT_INT64, DT_HALF."""

_VALUE_FIELDS = {5: "<f4", 6: "<f8"}
"""``tensor.proto``: float_val and double_val."""

Scalar = tuple[str, float]


def tensorboard_runs(
    folder: Path,
    files: Sequence[Path],
    wanted: Collection[str] | None,
    repeats: RepeatRule,
    *,
    name: str,
    progress: Progress | None = None,
) -> Iterator[LoggedTable]:
    """Runs of event files, each named by its folder below ``folder``; in ``folder``, by ``name``.

    Raises:
        Refusal: A record is broken; its number and first byte are said.
    """
    records = RecordFiles(files, tf_records, progress)
    by_folder: dict[Path, list[Path]] = {}
    for file in sorted(files):
        by_folder.setdefault(file.parent, []).append(file)
    for place, own in by_folder.items():
        inside = place.is_relative_to(folder) and place != folder
        run = place.relative_to(folder).as_posix() if inside else name
        rows, first_s, cut_off = TrackerRows(wanted), np.inf, False
        for file in own:
            for record in records.of(file):
                first_s = np.fmin(first_s, _add(rows, record))
            cut_off |= records.cut_off
        started = float(first_s) if np.isfinite(first_s) else None
        yield rows.table(run, "tensorboard", repeats=repeats, started_s=started, cut_off=cut_off)


def _add(rows: TrackerRows, record: Record) -> float:
    """Takes the scalars of an event, and says its time of day."""
    try:
        time_s, step, scalars = _event(record.data)
    except (BrokenMessage, struct.error) as error:
        raise Refusal(
            "file", "import_record_broken", record=record.number, offset=record.offset
        ) from error
    for tag, value in scalars:
        rows.add(tag, value, step=step, time_s=time_s, place=record.number)
    return time_s


def _event(data: bytes) -> tuple[float, int, list[Scalar]]:
    """Time of day, step and scalars of one event."""
    time_s, step, scalars = np.nan, 0, list[Scalar]()
    for number, kind, value in fields(data):
        if number == 1:
            time_s = real(kind, value)
        elif number == 2:
            step = signed(value)
        elif number == 5:
            for inner, _, summary in fields(message(value)):
                if inner == 1:
                    scalars += _scalar(message(summary))
    return time_s, step, scalars


def _scalar(data: bytes) -> Iterator[Scalar]:
    """The scalar of a summary's value; other things than scalars are passed over."""
    tag, found = "", None
    for number, kind, value in fields(data):
        if number == 1:
            tag = texts(value)
        elif number == 2 and kind == FIXED_32:
            found = real(kind, value)
        elif number == 8:
            found = _only_number(message(value))
    if found is not None and tag:
        yield tag, found


def _only_number(data: bytes) -> float | None:
    """The number of a tensor that holds a single one."""
    kind_of_tensor, content, listed = 0, b"", list[float]()
    for number, kind, value in fields(data):
        if number == 1:
            kind_of_tensor = signed(value)
        elif number == 4:
            content = message(value)
        elif number in _VALUE_FIELDS:
            if kind in (FIXED_32, FIXED_64):
                listed.append(real(kind, value))
            elif kind == LENGTH:
                listed += _numbers(message(value), _VALUE_FIELDS[number])
    if content and kind_of_tensor in _NUMPY_TYPES:
        listed = _numbers(content, _NUMPY_TYPES[kind_of_tensor])
    return listed[0] if len(listed) == 1 else None


def _numbers(data: bytes, dtype: str) -> list[float]:
    if len(data) % np.dtype(dtype).itemsize:
        raise BrokenMessage
    return [float(value) for value in np.frombuffer(data, dtype=dtype)]
