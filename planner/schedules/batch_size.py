"""Batch-size curves: the values a schedule file states, and the steps they mean."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least
from planner.refusal import Refusal, require
from planner.schedules.position import Position, parse_position

LARGEST_BATCH_SIZE = 10**9
"""More samples than one step can hold on any hardware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSize:
    """A batch-size curve over one run: constant, geometric or linear growth, or thresholds.

    Attributes:
        initial: Samples per step at the start; absent only when ``thresholds`` says it.
        growth: Factor of the batch size every ``every_epochs``.
        increase: Samples that are added every ``every_epochs``; excludes ``growth``.
        every_epochs: Epochs between two growths.
        maximum: Cap of ``b0 delta^k`` and of ``b0 + increase k``.
        land_on: Final value of the affine growth ``A delta^k + B`` (Kondo & Iiduka's code).
        thresholds: ``"0:128 10ep:256 20ep:512"``; units ``ep`` epochs, ``ba`` steps, ``sp``
            samples, with suffixes K, M, B.
    """

    initial: int | None = None
    growth: float | None = None
    increase: int | None = None
    every_epochs: int | None = None
    maximum: int | None = None
    land_on: int | None = None
    thresholds: str | None = None

    def __post_init__(self) -> None:
        if self.thresholds is not None:
            for field in ("initial", "growth", "increase", "every_epochs", "maximum", "land_on"):
                require(getattr(self, field) is None, field, "thresholds_stand_alone")
            parse_thresholds(self.thresholds)
            return
        if self.initial is None:
            raise Refusal("initial", "batch_size_missing")
        _require_size(self.initial, "initial")
        if self.growth is None and self.increase is None:
            for field in ("every_epochs", "maximum", "land_on"):
                require(getattr(self, field) is None, field, "batch_growth_missing")
        else:
            self._check_growth(self.initial, self.growth, self.increase)

    def _check_growth(self, initial: int, growth: float | None, increase: int | None) -> None:
        """Refuses a growth without its pace, or with an end that contradicts it."""
        if growth is not None:
            require(1 <= growth < math.inf, "growth", "batch_growth_too_small")
            require(increase is None, "increase", "batch_increase_excludes_growth")
        if increase is not None:
            _require_size(increase, "increase")
            require(self.land_on is None, "land_on", "land_on_needs_growth")
        if self.every_epochs is None:
            raise Refusal("every_epochs", "every_epochs_missing")
        check_at_least(self.every_epochs, 1, "every_epochs")
        if self.maximum is not None:
            require(self.land_on is None, "land_on", "land_on_excludes_maximum")
            _require_end(self.maximum, "maximum", initial)
        if self.land_on is not None:
            require(growth is not None and growth > 1, "land_on", "land_on_needs_growth")
            _require_end(self.land_on, "land_on", initial)

    @property
    def first(self) -> int:
        """Batch size of the first step."""
        if self.initial is not None:
            return self.initial
        return parse_thresholds(self.thresholds or "")[0].batch_size


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchThreshold:
    """From the first step boundary at or after ``position`` on, steps hold ``batch_size``.

    Thresholds act in their order; one passed before its turn acts as soon as its turn comes.
    """

    position: Position
    batch_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSegments:
    """Runs of equal steps that never leave an epoch; every array has one entry per segment.

    Attributes:
        epoch: Zero-based epoch.
        first_sample: Samples of the epoch consumed before the segment.
        batch_size: Samples per step, at most one epoch.
        steps: Number of steps; the last one of an epoch may hold fewer samples.
        capped_at_data: Whether a planned batch was larger than the data.
    """

    epoch: NDArray[np.int64]
    first_sample: NDArray[np.int64]
    batch_size: NDArray[np.int64]
    steps: NDArray[np.int64]
    capped_at_data: bool


def batch_segments(batch: BatchSize, *, training_samples: int, epochs: int) -> BatchSegments:
    """Cuts a run into segments; each epoch consumes exactly ``training_samples``."""
    if batch.thresholds is not None:
        return _threshold_segments(
            parse_thresholds(batch.thresholds), training_samples=training_samples, epochs=epochs
        )
    planned = batch_size_by_epoch(batch, epochs=epochs)
    sizes = np.minimum(planned, training_samples)
    return BatchSegments(
        epoch=np.arange(epochs),
        first_sample=np.zeros(epochs, dtype=np.int64),
        batch_size=sizes,
        steps=-(-training_samples // sizes),
        capped_at_data=bool((planned > training_samples).any()),
    )


def batch_size_by_epoch(batch: BatchSize, *, epochs: int) -> NDArray[np.int64]:
    """Planned batch size of every epoch, of a curve without thresholds.

    ``min(b0 delta^k, maximum)``, ``min(b0 + increase k, maximum)`` or, with ``land_on``,
    ``A delta^k + B`` with
    ``A = (b_max - b0) / (delta^(M-1) - 1)`` and ``B = b0 - A``; k counts growths and M stages.
    One stage is constant.
    """
    initial = batch.first
    if batch.every_epochs is None:
        return np.full(epochs, initial, dtype=np.int64)
    whole = np.arange(epochs) // batch.every_epochs
    if batch.increase is not None:
        largest = batch.maximum or LARGEST_BATCH_SIZE
        return np.minimum(initial + batch.increase * whole, largest)
    if batch.growth is None or batch.growth == 1:
        return np.full(epochs, initial, dtype=np.int64)
    growths = whole.astype(np.float64)
    log_growth = math.log(batch.growth)
    if batch.land_on is None:
        largest = batch.maximum or LARGEST_BATCH_SIZE
        enough = math.ceil(math.log(largest / initial) / log_growth) + 1
        exact = initial * batch.growth ** np.minimum(growths, enough)
        return np.minimum(_round_up(np.minimum(exact, LARGEST_BATCH_SIZE)), largest)
    last = growths[-1]
    if last == 0:
        return np.full(epochs, initial, dtype=np.int64)
    # (delta^k - 1) / (delta^(M-1) - 1), written so that no power can overflow.
    share = np.exp(log_growth * (growths - last)) * (
        np.expm1(-log_growth * growths) / math.expm1(-log_growth * last)
    )
    return np.minimum(_round_up(initial + (batch.land_on - initial) * share), batch.land_on)


def parse_thresholds(text: str) -> tuple[BatchThreshold, ...]:
    """Reads ``"0:128 10ep:256"``; the first entry stands at 0, positions of one unit rise."""
    thresholds: list[BatchThreshold] = []
    for entry in text.split():
        where, colon, size = entry.partition(":")
        digits = size.isascii() and size.isdecimal() and len(size) <= 15
        require(bool(colon) and digits, "thresholds", "thresholds_not_readable", text=entry)
        position = parse_position("0ep" if where == "0" else where, field="thresholds")
        _require_size(int(size), "thresholds")
        thresholds.append(BatchThreshold(position=position, batch_size=int(size)))
    require(
        bool(thresholds) and thresholds[0].position.amount == 0,
        "thresholds",
        "thresholds_start_missing",
    )
    _require_rising(thresholds)
    return tuple(thresholds)


def _threshold_segments(
    thresholds: tuple[BatchThreshold, ...], *, training_samples: int, epochs: int
) -> BatchSegments:
    """Walks epochs and thresholds, never single steps."""
    rows: list[tuple[int, int, int, int]] = []
    current, steps_done = 0, 0
    for epoch in range(epochs):
        sample = 0
        while sample < training_samples:
            size = min(thresholds[current].batch_size, training_samples)
            steps = -(-(training_samples - sample) // size)
            if current + 1 < len(thresholds):
                to_next = _steps_to(
                    thresholds[current + 1].position,
                    steps_done=steps_done,
                    samples_done=epoch * training_samples + sample,
                    batch_size=size,
                    training_samples=training_samples,
                )
                if to_next <= 0:
                    current += 1
                    continue
                steps = min(steps, to_next)
            rows.append((epoch, sample, size, steps))
            sample += steps * size
            steps_done += steps
    columns = np.array(rows, dtype=np.int64).T
    return BatchSegments(
        epoch=columns[0],
        first_sample=columns[1],
        batch_size=columns[2],
        steps=columns[3],
        capped_at_data=any(t.batch_size > training_samples for t in thresholds[: current + 1]),
    )


def _steps_to(
    position: Position,
    *,
    steps_done: int,
    samples_done: int,
    batch_size: int,
    training_samples: int,
) -> int:
    """Steps of ``batch_size`` until the first boundary at or after ``position``."""
    if position.unit == "ba":
        return int(position.amount) - steps_done
    samples = position.amount * (training_samples if position.unit == "ep" else 1)
    return math.ceil((samples * (1 - 1e-12) - samples_done) / batch_size)


def _round_up(exact: NDArray[np.float64]) -> NDArray[np.int64]:
    """``ceil(x - 1e-9 x)``: a plain ceil of floats turns 16 into 17."""
    return np.ceil(exact * (1 - 1e-9)).astype(np.int64)


def _require_size(size: int, field: str) -> None:
    require(size >= 1, field, "batch_size_too_small")
    require(size <= LARGEST_BATCH_SIZE, field, "batch_size_too_large", largest=LARGEST_BATCH_SIZE)


def _require_end(size: int, field: str, initial: int) -> None:
    _require_size(size, field)
    require(size >= initial, field, "batch_end_below_initial", initial=initial)


def _require_rising(thresholds: list[BatchThreshold]) -> None:
    """Only positions of one unit can be compared before the data are known."""
    last: dict[str, float] = {}
    for threshold in thresholds:
        amount, unit = threshold.position.amount, threshold.position.unit
        require(amount > last.get(unit, -1.0), "thresholds", "thresholds_not_rising")
        last[unit] = amount
