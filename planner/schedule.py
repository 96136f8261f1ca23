"""A schedule: learning rate, batch size and momentum for every step of a run."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.batch_size import BatchSize
from planner.learning_rate import LearningRate
from planner.momentum import Momentum

Role = Literal["baseline", "candidate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What the team runs today (baseline) or what might replace it (candidate)."""

    name: str
    role: Role = "candidate"
    learning_rate: LearningRate
    batch_size: BatchSize
    momentum: Momentum = Momentum()


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
    training_samples: int
    epochs: int
    capped_at_data: bool

    @property
    def steps(self) -> int:
        """Number of steps in the run."""
        return len(self.epoch)
