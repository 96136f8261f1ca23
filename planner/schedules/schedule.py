"""A schedule: learning rate, batch size and momentum for every step of a run."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_at_least, check_at_most, check_name, check_positive
from planner.refusal import require
from planner.schedules.batch_size import BatchSegments, BatchSize, batch_segments
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum, MomentumForm, effective_rate, momentum_course
from planner.schedules.rate_curve import rate_curve
from planner.schedules.rate_to_batch import batch_factor

Role = Literal["baseline", "candidate"]

MOST_EPOCHS = 10_000

MOST_STEPS = 10_000_000
"""Steps a run may have: 8 times the longest of the paper's runs, 0.5 GB as a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What the team runs today (baseline) or what might replace it (candidate).

    Attributes:
        epochs: Epochs that it is planned for; None for the pilot's budget. A control of equal
            effort has its own, see `planner.plans.equal_effort`.
        rate_form: Form of momentum that its learning rates are stated for; None for the pilot's.
            They are used as they stand: a plan warns where this changes the effective rate.
    """

    name: str
    role: Role = "candidate"
    learning_rate: LearningRate
    batch_size: BatchSize
    momentum: Momentum = Momentum()
    epochs: int | None = None
    rate_form: MomentumForm | None = None

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        if self.epochs is not None:
            check_at_least(self.epochs, 1, "epochs")
            check_at_most(self.epochs, MOST_EPOCHS, "epochs")
        known = self.rate_form is None or self.rate_form in get_args(MomentumForm)
        require(known, "rate_form", "choice_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Consecutive steps at one batch size.

    Attributes:
        first_step: Zero-based step at which the stage starts.
        steps: Number of its steps.
        batch_size: Planned samples per step (the last step of an epoch may hold fewer).
        samples: Samples it sees.
        first_epoch: Zero-based epoch in which it starts.
    """

    first_step: int
    steps: int
    batch_size: int
    samples: int
    first_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTable:
    """A schedule evaluated for a whole run; every array has one entry per step.

    Attributes:
        epoch: Zero-based epoch of the step.
        batch_size: Planned batch size at the step.
        items: Samples the step really sees (fewer than planned at the end of an epoch).
        samples: Samples seen before the step.
        learning_rate: Rate as the trainer's momentum form takes it, multiplier included.
        momentum: Beta at the step.
        buffer_factor: On the momentum buffer before the step; 1 unless beta has just changed.
        training_samples: Samples in one epoch.
        epochs: Epochs in the run.
        capped_at_data: Whether a planned batch was larger than the data and became full batch.
    """

    epoch: NDArray[np.int64]
    batch_size: NDArray[np.int64]
    items: NDArray[np.int64]
    samples: NDArray[np.int64]
    learning_rate: NDArray[np.float64]
    momentum: NDArray[np.float64]
    buffer_factor: NDArray[np.float64]
    training_samples: int
    epochs: int
    capped_at_data: bool

    @property
    def steps(self) -> int:
        """Number of steps in the run."""
        return len(self.epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How much training a schedule asks for; shown beside every comparison.

    Attributes:
        steps: Updates of the weights.
        samples: Training samples seen.
        summed_rate: Sum of the learning rates, as the trainer's momentum form takes them.
        summed_effective_rate: Sum of the effective learning rates.
    """

    steps: int
    samples: int
    summed_rate: float
    summed_effective_rate: float


def check_fits(schedule: Schedule, epochs: int) -> None:
    """Refuses a schedule that cannot be run in ``epochs``; fields are relative to it.

    One with epochs of its own is held against these.
    """
    epochs = schedule.epochs or epochs
    warm_up = schedule.learning_rate.warm_up
    if warm_up is not None:
        require(
            warm_up.epochs <= epochs,
            "learning_rate.warm_up.epochs",
            "warm_up_longer_than_run",
            warm_up_epochs=warm_up.epochs,
            epochs=epochs,
        )


def plan_steps(
    schedule: Schedule,
    *,
    training_samples: int,
    epochs: int,
    rate_multiplier: float = 1.0,
    form: MomentumForm = "heavy_ball",
) -> StepTable:
    """Evaluates a schedule for a whole run.

    The momentum form matters to learning rates, and only where momentum changes.

    One permutation of the data per epoch is consumed by a cursor: the steps of an epoch hold
    exactly ``training_samples``, and a batch size changes only between two steps.

    A schedule with epochs of its own is planned for these instead of ``epochs``.
    """
    epochs = schedule.epochs or epochs
    check_positive(rate_multiplier, "rate_multiplier")
    segments = _segments(schedule, training_samples=training_samples, epochs=epochs)
    steps = int(segments.steps.sum())
    first_steps = np.cumsum(segments.steps) - segments.steps
    within = np.arange(steps) - np.repeat(first_steps, segments.steps)
    epoch = np.repeat(segments.epoch, segments.steps)
    batch_size = np.repeat(segments.batch_size, segments.steps)
    cursor = np.repeat(segments.first_sample, segments.steps) + within * batch_size
    samples = epoch * training_samples + cursor
    rates = rate_curve(schedule.learning_rate, epoch=epoch, epochs=epochs)
    if schedule.learning_rate.to_batch is not None:
        rates = rates * batch_factor(
            schedule.learning_rate.to_batch,
            batch_size=batch_size,
            samples=samples,
            training_samples=training_samples,
        )
    momentum = momentum_course(
        schedule.momentum, form=form, stated_rate=rates, epoch=epoch, epochs=epochs
    )
    return StepTable(
        epoch=epoch,
        batch_size=batch_size,
        items=np.minimum(batch_size, training_samples - cursor),
        samples=samples,
        learning_rate=rate_multiplier * rates * momentum.rate_factor,
        momentum=momentum.beta,
        buffer_factor=momentum.buffer_factor,
        training_samples=training_samples,
        epochs=epochs,
        capped_at_data=segments.capped_at_data,
    )


def step_count(schedule: Schedule, *, training_samples: int, epochs: int) -> int:
    """Number of steps of a whole run, without evaluating any; see `plan_steps`."""
    epochs = schedule.epochs or epochs
    segments = _segments(schedule, training_samples=training_samples, epochs=epochs)
    return int(segments.steps.sum())


def _segments(schedule: Schedule, *, training_samples: int, epochs: int) -> BatchSegments:
    check_at_least(training_samples, 1, "training_samples")
    check_at_least(epochs, 1, "epochs")
    require(epochs <= MOST_STEPS, "epochs", "too_many_steps", most=MOST_STEPS)
    check_fits(schedule, epochs)
    segments = batch_segments(schedule.batch_size, training_samples=training_samples, epochs=epochs)
    steps = int(segments.steps.sum())
    require(steps <= MOST_STEPS, "batch_size", "too_many_steps", most=MOST_STEPS)
    return segments


def stages(table: StepTable) -> tuple[Stage, ...]:
    """Longest runs of consecutive steps at one batch size."""
    first = np.flatnonzero(np.diff(table.batch_size, prepend=0))
    end = np.append(first[1:], table.steps)
    return tuple(
        Stage(
            first_step=int(start),
            steps=int(stop - start),
            batch_size=int(table.batch_size[start]),
            samples=int(table.items[start:stop].sum()),
            first_epoch=int(table.epoch[start]),
        )
        for start, stop in zip(first, end, strict=True)
    )


def work_parity(table: StepTable, *, form: MomentumForm) -> Work:
    """What a schedule asks for, so that two of them can be compared at equal effort."""
    effective = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    return Work(
        steps=table.steps,
        samples=int(table.items.sum()),
        summed_rate=float(table.learning_rate.sum()),
        summed_effective_rate=float(effective.sum()),
    )
