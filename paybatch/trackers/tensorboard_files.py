"""A pilot in TensorBoard: a folder for the pilot, in it one for every run that has ended."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from paybatch.client import Paybatch
from paybatch.trackers.missing import TrackerMissing
from paybatch.trackers.told import ToldPilot, ToldRun, points_of, told

FILE = "events.out.tfevents.0.paybatch"
"""TensorBoard finds a file by the first words of its name; the rest is the same every time."""

VERSION = "brain.Event:2"
"""Of the format of event files."""


def to_tensorboard(source: Paybatch, pilot_id: str, folder: Path | str) -> int:
    """Writes a pilot as event files; a file that would be the same stays as it is.

    Values are single precision, as in every file that TensorBoard draws scalars from.

    Args:
        source: The installation.
        pilot_id: Which pilot.
        folder: The one that TensorBoard is started with.

    Returns:
        Files that were written.

    Raises:
        TrackerMissing: TensorBoard is not installed here.
    """
    events = _Events()
    pilot = told(source, pilot_id)
    place = Path(folder) / _plain(f"{pilot.name} {pilot.pilot_id[:8]}")
    changed = int(events.write(place / FILE, events.of_pilot(pilot)))
    for run in pilot.runs:
        inside = place / _plain(f"{run.name} {run.run_id[:8]}")
        changed += events.write(inside / FILE, events.of_run(source, run))
    return changed


class _Events:
    """What TensorBoard makes of values and texts."""

    def __init__(self) -> None:
        try:
            from tensorboard.compat.proto import (  # optional
                event_pb2,
                summary_pb2,
            )
            from tensorboard.summary.writer.record_writer import RecordWriter
            from tensorboard.util import tensor_util
        except ImportError as error:
            raise TrackerMissing("tensorboard", "tensorboard>=2.20") from error
        self._event, self._summary = event_pb2.Event, summary_pb2
        self._writer, self._tensor = RecordWriter, tensor_util.make_tensor_proto

    def write(self, path: Path, events: Iterator[Any]) -> bool:
        """Whether a file was written; nobody ever reads half of one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name("draft")
        with draft.open("wb") as file:
            self._into(file, events)
        same = path.exists() and path.read_bytes() == draft.read_bytes()
        if same:
            draft.unlink()
        else:
            draft.replace(path)
        return not same

    def _into(self, file: BinaryIO, events: Iterator[Any]) -> None:
        writer = self._writer(file)
        for event in events:
            writer.write(event.SerializeToString())
        writer.flush()

    def of_pilot(self, pilot: ToldPilot) -> Iterator[Any]:
        """The pilot's own file: the verdict as it stands now."""
        at_s = pilot.created_s
        yield self._event(wall_time=at_s, file_version=VERSION)
        yield self._text("pilot", pilot.tags, at_s)
        for name, value in pilot.numbers.items():
            yield self._scalar(name, value, at_s, 0)

    def of_run(self, source: Paybatch, run: ToldRun) -> Iterator[Any]:
        """A run's file: what it is, every point, and what became of it."""
        yield self._event(wall_time=run.began_s, file_version=VERSION)
        yield self._text("run", {**run.params, **run.tags}, run.began_s)
        for points in points_of(source, run):
            for step, value, at_s in zip(points.steps, points.values, points.at_s, strict=True):
                yield self._scalar(points.name, float(value), float(at_s), int(step))
        for name, value in run.numbers.items():
            yield self._scalar(name, value, run.ended_s, 0)

    def _scalar(self, name: str, value: float, at_s: float, step: int) -> Any:  # noqa: ANN401
        one = self._summary.Summary.Value(tag=name, simple_value=_single(value))
        return self._event(wall_time=at_s, step=step, summary=self._summary.Summary(value=[one]))

    def _text(self, name: str, facts: Mapping[str, str], at_s: float) -> Any:  # noqa: ANN401
        """A table that TensorBoard shows under its texts."""
        rows = "\n".join(f"| {key} | {_cell(value)} |" for key, value in facts.items())
        plugin = self._summary.SummaryMetadata.PluginData(plugin_name="text")
        one = self._summary.Summary.Value(
            tag=name,
            metadata=self._summary.SummaryMetadata(plugin_data=plugin),
            tensor=self._tensor(f"| | |\n|---|---|\n{rows}".encode(), dtype="string"),
        )
        return self._event(wall_time=at_s, summary=self._summary.Summary(value=[one]))


def _single(value: float) -> float:
    """A value that single precision can hold; beyond its range it is infinite."""
    return math.copysign(math.inf, value) if abs(value) > 3.4e38 else value


def _plain(name: str) -> str:
    """A name that is one folder in any file system."""
    return re.sub(r"[^\w .=-]+", "_", name).strip(" .")[:120] or "pilot"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
