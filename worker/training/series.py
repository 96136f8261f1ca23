"""The series that a trainer measures, gathered into chunks."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import torch
from torch import Tensor

from planner.exchange.series import SeriesChunk, SeriesGroup
from planner.measurements.early_warning import WATCH_COLUMNS
from planner.measurements.stability import LossWatch
from planner.pilots.meters import COLUMNS
from planner.schedules.schedule import StepTable
from worker.meters.meter import Readings
from worker.training.run_context import RunContext

CHUNK_STEPS = 256
"""Steps whose losses are left on the device before they are fetched at once."""

Points = tuple[Sequence[int], Mapping[str, Sequence[float | None]]]
"""Steps done, and a value for each of them in every column."""

REPORTED_STEPS = 1000
"""Steps in a report; fewer go out at checkpoints, at the end and by time."""


class LossBuffer:
    """A number for each step since the last drain, left on the device until somebody asks."""

    def __init__(self, device: str) -> None:
        self._losses = torch.zeros(CHUNK_STEPS, device=device)
        self._slots = self._losses.unbind()
        self._filled = 0

    def append(self, loss: Tensor) -> None:
        """Keeps a step's loss without waiting for the device."""
        self._slots[self._filled].copy_(loss)
        self._filled += 1

    @property
    def full(self) -> bool:
        """Whether the next loss has no place before a drain."""
        return self._filled == CHUNK_STEPS

    def drain(self) -> list[float]:
        """All losses kept, in one copy; the buffer is empty afterwards."""
        losses: list[float] = self._losses[: self._filled].tolist()
        self._filled = 0
        return losses


class SeriesReporter:
    """Turns losses, metrics, meters and loss averages into chunks, each group in its own."""

    def __init__(self, context: RunContext, table: StepTable) -> None:
        self._context = context
        self._table = table
        self._seq = 0
        self._losses: list[float] = []
        self._losses_from = 0
        self._evaluations: list[tuple[int, dict[str, float]]] = []
        self._meters: list[tuple[int, Readings]] = []
        self._watched: list[LossWatch] = []
        self._watched_at = 0

    def add_losses(self, from_step: int, losses: list[float]) -> None:
        """Takes in the losses of consecutive steps, the first after ``from_step`` steps."""
        if not self._losses:
            self._losses_from = from_step
        self._losses += losses
        if len(self._losses) >= REPORTED_STEPS or self._context.report_due:
            self.flush()

    def add_evaluation(self, step: int, metrics: dict[str, float]) -> None:
        """Takes in the metrics evaluated after ``step`` steps."""
        self._evaluations.append((step, metrics))

    def add_meters(self, step: int, readings: Readings) -> None:
        """Takes in what the meters read after ``step`` steps."""
        self._meters.append((step, readings))

    def add_watch(self, watch: LossWatch) -> None:
        """Takes in where the loss average stands; the same step again adds nothing."""
        if watch.steps > self._watched_at:
            self._watched.append(watch)
            self._watched_at = watch.steps

    def flush(self) -> None:
        """Reports everything taken in so far."""
        for make in self.hand_over():
            self._context.report(make())

    def hand_over(self) -> list[Callable[[], SeriesChunk]]:
        """Everything taken in so far, for somebody else to report in this order.

        Training waits for this: the chunks themselves are made where they are reported.
        """
        points: list[tuple[SeriesGroup, Callable[[], Points]]] = []
        if self._losses:
            train = partial(_train_points, self._table, self._losses_from, self._losses)
            points.append(("train", train))
        if self._evaluations:
            points.append(("evaluation", partial(_evaluation_points, self._evaluations)))
        if self._meters:
            points.append(("meters", partial(_meter_points, self._meters)))
        if self._watched:
            points.append(("watch", partial(_watch_points, self._watched)))
        self._losses, self._evaluations, self._meters, self._watched = [], [], [], []
        wall_clock_s, first = self._context.wall_clock_s, self._seq
        self._seq += len(points)
        return [
            partial(_chunk, group, first + place, make, wall_clock_s)
            for place, (group, make) in enumerate(points)
        ]


def _train_points(table: StepTable, after: int, losses: list[float]) -> Points:
    made = slice(after, after + len(losses))
    return range(made.start + 1, made.stop + 1), {
        "batch_loss": losses,
        "learning_rate": table.learning_rate[made].tolist(),
        "batch_size": table.batch_size[made].tolist(),
    }


def _evaluation_points(evaluations: list[tuple[int, dict[str, float]]]) -> Points:
    names = evaluations[0][1]
    columns = {name: [metrics[name] for _, metrics in evaluations] for name in names}
    return [step for step, _ in evaluations], columns


def _meter_points(meters: list[tuple[int, Readings]]) -> Points:
    columns = {name: [values[name] for _, values in meters] for name in COLUMNS}
    return [step for step, _ in meters], columns


def _watch_points(watched: list[LossWatch]) -> Points:
    known = [(watch.average, watch.best, watch.limit) for watch in watched]
    columns = dict(zip(WATCH_COLUMNS, zip(*known, strict=True), strict=True))
    return [watch.steps for watch in watched], columns


def _chunk(
    group: SeriesGroup, seq: int, make: Callable[[], Points], wall_clock_s: float
) -> SeriesChunk:
    steps, columns = make()
    return SeriesChunk(
        seq=seq,
        group=group,
        steps=tuple(steps),
        columns={name: _finite(values) for name, values in columns.items()},
        wall_clock_s=wall_clock_s,
    )


def _finite(values: Sequence[float | None]) -> tuple[float | None, ...]:
    if None not in values and all(map(math.isfinite, values)):  # type: ignore[arg-type]
        return tuple(values)  # almost always, and quick
    return tuple(value if value is not None and math.isfinite(value) else None for value in values)
