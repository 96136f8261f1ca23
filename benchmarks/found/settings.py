"""What is trained to ask each question again: workloads, schedules, rates and seeds."""

from dataclasses import dataclass, replace

from planner.pilots.pilot import Budget, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateWarmUp
from planner.schedules.presets import (
    growing_batch_decaying_rate,
    growing_batch_growing_rate,
    todays_schedule,
)
from planner.schedules.schedule import Schedule

STAGES = 5
GROWTH = 2.0
MULTIPLIERS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Five rates a factor of 2 apart, for every schedule."""

ONE_RATE = 1.0
"""Multiplier of the pilot that tries no other: the rate of the earlier findings."""

BASELINE = "constant batch, decaying rate"
LARGER = "larger constant batch, decaying rate"
GROWING = "growing batch, decaying rate"
GROWING_RATE = "growing batch, growing rate"
WARM_UP = "growing batch, warm-up, decaying rate"

SAME_START = (GROWING, GROWING_RATE, WARM_UP)
"""Candidates that start at the baseline's batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One workload and how it is trained.

    Attributes:
        workload: Its name.
        rate: Learning rate at multiplier 1, heavy ball with beta 0.9.
        batch_size: First batch, and the baseline's only one.
        epochs: Of every run; a multiple of the stages, so that all of them are as long.
        selection: Seeds on which rates are chosen and targets are set.
        confirmation: Seeds on which everything else is measured.
    """

    workload: str
    rate: float
    batch_size: int
    epochs: int
    selection: tuple[int, ...]
    confirmation: tuple[int, ...]

    @property
    def stage_epochs(self) -> int:
        """Epochs between two jumps of batch or rate."""
        return -(-self.epochs // STAGES)

    def schedules(self) -> tuple[Schedule, ...]:
        """The baseline, a larger constant batch, and the three growing families."""
        growing = growing_batch_decaying_rate(
            initial_rate=self.rate, batch_size=self.batch_size, epochs=self.epochs
        )
        growing_rate = growing_batch_growing_rate(
            initial_rate=self.rate, batch_size=self.batch_size, epochs=self.epochs
        )
        today = todays_schedule(initial_rate=self.rate, batch_size=self.batch_size)
        return (
            replace(today, name=BASELINE),
            replace(
                today, name=LARGER, role="candidate", batch_size=BatchSize(initial=self.larger)
            ),
            replace(growing, name=GROWING),
            replace(growing_rate, name=GROWING_RATE),
            replace(growing, name=WARM_UP, learning_rate=self._warmed_up()),
        )

    @property
    def larger(self) -> int:
        """The larger constant batch: four times the baseline's, the middle of the growing ones."""
        return 4 * self.batch_size

    def diverging(self) -> Schedule:
        """Rate growing by delta^1.5 = 2.83 a stage, which collapsed in all earlier runs."""
        maximum = self.rate * GROWTH ** (1.5 * (STAGES - 1))
        growing = growing_batch_growing_rate(
            initial_rate=self.rate,
            batch_size=self.batch_size,
            epochs=self.epochs,
            maximum_rate=maximum,
        )
        return replace(growing, name="rate growing by 2.83 a stage")

    def pilot(self, target: Target) -> Pilot:
        """The whole comparison as a pilot."""
        return Pilot(
            name=self.workload,
            workload=self.workload,
            target=target,
            budget=Budget(epochs=self.epochs),
            seeds=Seeds(selection=self.selection, confirmation=self.confirmation),
            rate_multipliers=MULTIPLIERS,
            schedules=self.schedules(),
        )

    def _warmed_up(self) -> LearningRate:
        """Grows as the growing rate does for three stages, then decays."""
        return LearningRate(
            initial=self.rate,
            decay="cosine",
            warm_up=RateWarmUp(
                maximum=self.rate * GROWTH,
                epochs=3 * self.stage_epochs,
                every_epochs=self.stage_epochs,
            ),
        )


SETTINGS = (
    Setting(
        workload="digits-mlp",
        rate=0.01,
        batch_size=8,
        epochs=30,
        selection=(101, 102),
        confirmation=tuple(range(111, 119)),
    ),
    Setting(
        workload="mnist1d-mlp",
        rate=0.02,
        batch_size=16,
        epochs=30,
        selection=(101, 102),
        confirmation=tuple(range(111, 119)),
    ),
    Setting(
        workload="fmnist10k-mlp",
        rate=0.01,
        batch_size=16,
        epochs=10,
        selection=(101, 102),
        confirmation=tuple(range(111, 116)),
    ),
)

QUICK = Setting(
    workload="digits-mlp",
    rate=0.04,
    batch_size=32,
    epochs=3,
    selection=(101,),
    confirmation=(103, 104, 105),
)
"""Too short to find anything; shows that the way to the findings works."""
