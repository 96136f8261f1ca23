"""The series that a trainer measures, gathered into chunks."""

import math
from collections.abc import Callable, Mapping, Sequence

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
        """Everything taken in so far, for somebody else to report in this order; quickly done."""
        chunks = []
        if self._losses:
            chunks.append(self._chunk("train", *self._train_points()))
        if self._evaluations:
            steps = [step for step, _ in self._evaluations]
            names = self._evaluations[0][1]
            columns = {name: [metrics[name] for _, metrics in self._evaluations] for name in names}
            chunks.append(self._chunk("evaluation", steps, columns))
        if self._meters:
            steps = [step for step, _ in self._meters]
            read = {name: [values[name] for _, values in self._meters] for name in COLUMNS}
            chunks.append(self._chunk("meters", steps, read))
        if self._watched:
            steps = [watch.steps for watch in self._watched]
            known = [(watch.average, watch.best, watch.limit) for watch in self._watched]
            levels = dict(zip(WATCH_COLUMNS, zip(*known, strict=True), strict=True))
            chunks.append(self._chunk("watch", steps, levels))
        self._losses, self._evaluations, self._meters, self._watched = [], [], [], []
        return chunks

    def _train_points(self) -> tuple[list[int], dict[str, list[float]]]:
        made = slice(self._losses_from, self._losses_from + len(self._losses))
        return list(range(made.start + 1, made.stop + 1)), {
            "batch_loss": self._losses,
            "learning_rate": self._table.learning_rate[made].tolist(),
            "batch_size": self._table.batch_size[made].tolist(),
        }

    def _chunk(
        self, group: SeriesGroup, steps: list[int], columns: Mapping[str, Sequence[float | None]]
    ) -> Callable[[], SeriesChunk]:
        seq, wall_clock_s = self._seq, self._context.wall_clock_s
        self._seq += 1
        return lambda: SeriesChunk(
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
