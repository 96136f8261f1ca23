"""A claimed run laid out step by step, in the form that costs the loop least."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

import numpy as np

from planner.devices.batch_plan import MicroBatchPlan
from planner.exchange.work import ClaimedRun
from planner.pilots.executed import executed_table
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.schedule import Schedule, StepTable, plan_steps, stages


class RunPlan:
    """What every step does, and after which steps something else is due.

    Attributes:
        table: The schedule, step by step.
        items: Samples of each step.
        rate: Learning rate of each step.
        beta: Momentum of each step.
        kept: Share of the momentum buffer that each step keeps: beta, and the conversion of the
            buffer where beta has just changed.
        split: Micro-batch sizes for every number of items that a step may have: of the part of
            them that one of several ranks computes; none where it has no part.
        until_step: Steps after which the attempt is over, though the run may not be.
    """

    def __init__(
        self, run: ClaimedRun, *, training_samples: int, share: Callable[[int], int] = int
    ) -> None:
        """``share`` says how many of a step's items are computed here: all of them."""
        self.table = _step_table(run, training_samples)
        self.items: list[int] = self.table.items.tolist()
        self.rate: list[float] = self.table.learning_rate.tolist()
        self.beta: list[float] = self.table.momentum.tolist()
        self.kept: list[float] = (self.table.momentum * self.table.buffer_factor).tolist()
        self._form = (run.momentum_form, run.precision, run.micro_batch_plan)
        whole = run.micro_batch_plan
        self.split = {items: _split(share(items), whole) for items in set(self.items)}
        self.until_step = self.table.steps if run.until_step is None else run.until_step
        self._evaluations: set[int] = set(evaluation_steps(run.evaluate_every, self.table).tolist())
        self._stage_starts = {stage.first_step for stage in stages(self.table)}
        rollbacks = {back.to_step for back in run.rollbacks}
        self._boundaries = sorted(
            self._evaluations | self._stage_starts | rollbacks | {self.until_step, self.table.steps}
        )

    @property
    def whole_micro_batches(self) -> frozenset[int]:
        """Sizes of the micro-batches of every planned batch, without what ends an epoch."""
        planned = set(self.table.batch_size.tolist()) & self.split.keys()
        return frozenset(size for items in planned for size in self.split[items])

    @cached_property
    def outline(self) -> str:
        """Equal for runs whose steps differ in nothing but the learning rate and the samples."""
        steps = hashlib.sha256(self.table.items.tobytes())
        steps.update(self.table.momentum.tobytes())
        steps.update(self.table.buffer_factor.tobytes())
        steps.update(repr(self._form).encode())
        return steps.hexdigest()

    def samples_after(self, step: int) -> int:
        """Samples seen in the first ``step`` steps."""
        return 0 if step == 0 else int(self.table.samples[step - 1]) + self.items[step - 1]

    def next_boundary(self, step: int) -> int:
        """The first step after ``step`` at which something is due."""
        return self._boundaries[bisect_right(self._boundaries, step)]

    def epoch_end(self, step: int) -> int:
        """The first step of the epoch after the one that the step after ``step`` steps is in."""
        return int(np.searchsorted(self.table.epoch, self.table.epoch[step], side="right"))

    def evaluation_due(self, step: int) -> bool:
        """Whether metrics are evaluated after ``step`` steps."""
        return step in self._evaluations

    def stage_due(self, step: int) -> bool:
        """Whether a stage begins after ``step`` steps, the first one included."""
        return step in self._stage_starts

    def checkpoint_due(self, step: int) -> bool:
        """Whether a stage begins, or the attempt is over, after ``step`` steps.

        The start of a run needs none: it follows from the seed.
        """
        over = step in (self.until_step, self.table.steps)
        return (self.stage_due(step) and step > 0) or over


def _split(items: int, plan: MicroBatchPlan | None) -> tuple[int, ...]:
    if plan is None or items == 0:
        return (items,) if items else ()
    return plan.split(items)


def _step_table(run: ClaimedRun, training_samples: int) -> StepTable:
    """What the run executes, as divergences left it."""
    if run.schedule is None:
        raise ValueError("a run that is trained needs a schedule")

    def planned(schedule: Schedule, rate_multiplier: float) -> StepTable:
        return plan_steps(
            schedule,
            training_samples=training_samples,
            epochs=run.epochs,
            rate_multiplier=rate_multiplier,
            form=run.momentum_form,
        )

    back = run.fall_back
    return executed_table(
        planned(run.schedule, run.rate_multiplier),
        run.rollbacks,
        fall_back=None if back is None else planned(back.schedule, back.rate_multiplier),
    )
