"""One training as another program logged it: what every reader gives, and an import takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planner.bounds import check_name
from planner.refusal import require

SourceFormat = Literal["csv", "mlflow", "tensorboard", "wandb", "dawnbench"]
LoggedEnd = Literal["finished", "failed", "unknown"]

Values = NDArray[np.float64]
"""One value a logged row; NaN where the row does not say, or said what is not finite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """One training that was measured elsewhere; nothing in it is guessed.

    Attributes:
        name: As its source calls it.
        schedule: What it trained under; runs of one name are seeds of one schedule.
        seed: None where the source does not say.
        source: Kind of file that it was read from.
        steps: Steps done at each logged row, rising; shape (n,), whole numbers.
        elapsed_s: Seconds of training at each row, shape (n,).
        learning_rate: Shape (n,).
        batch_size: Samples of a step over all devices, shape (n,).
        momentum: Shape (n,).
        metrics: By name, each of shape (n,).
        diverged_at: Steps done where a loss was first logged as not finite, or another metric
            that never was a number again; None if none was.
        ended: How its source says it ended.
    """

    name: str
    schedule: str
    seed: int | None = None
    source: SourceFormat
    steps: NDArray[np.int64]
    elapsed_s: Values
    learning_rate: Values
    batch_size: Values
    momentum: Values
    metrics: Mapping[str, Values] = field(default_factory=dict)
    diverged_at: int | None = None
    ended: LoggedEnd = "unknown"

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        check_name(self.schedule, "schedule")
        require(bool(np.all(np.diff(self.steps) > 0)), "steps", "not_rising")
        columns = {
            "elapsed_s": self.elapsed_s,
            "learning_rate": self.learning_rate,
            "batch_size": self.batch_size,
            "momentum": self.momentum,
            **{f"metrics.{name}": values for name, values in self.metrics.items()},
        }
        for name, values in columns.items():
            require(values.shape == self.steps.shape, name, "lengths_differ")
