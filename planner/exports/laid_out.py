"""A schedule laid out for an export: what the file says, and the table that checks it."""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import Schedule, Stage, StepTable, plan_steps, stages

MOST_CHECKED = 200
"""Rows of the table: both sides of every stage, the ends, and an even choice between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """One schedule on the data and for the epochs that it is taken home for.

    Attributes:
        schedule: As planned.
        table: Every step of it, the rate multiplier included.
        stages: Its steps by batch size.
        form: Momentum form that its rates are stated for.
        rate_multiplier: Factor on the whole learning-rate curve.
    """

    schedule: Schedule
    table: StepTable
    stages: tuple[Stage, ...]
    form: MomentumForm
    rate_multiplier: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedStep:
    """One row of an export's table.

    Attributes:
        step: Zero-based.
        epoch: Zero-based epoch of the step.
        learning_rate: As the trainer's momentum form takes it.
        batch_size: Planned samples of the step.
        items: Samples that it sees; fewer at the end of an epoch.
        momentum: Beta.
    """

    step: int
    epoch: int
    learning_rate: float
    batch_size: int
    items: int
    momentum: float


def lay_out(
    schedule: Schedule,
    *,
    training_samples: int,
    epochs: int,
    form: MomentumForm,
    rate_multiplier: float = 1.0,
) -> LaidOut:
    """Evaluates the schedule for the run that it is exported for."""
    table = plan_steps(
        schedule,
        training_samples=training_samples,
        epochs=epochs,
        rate_multiplier=rate_multiplier,
        form=form,
    )
    return LaidOut(
        schedule=schedule,
        table=table,
        stages=stages(table),
        form=form,
        rate_multiplier=rate_multiplier,
    )


def checked_steps(laid_out: LaidOut) -> tuple[CheckedStep, ...]:
    """Rows that an export must reproduce, rising by step."""
    table = laid_out.table
    starts = np.array([stage.first_step for stage in laid_out.stages])
    even = np.linspace(0, table.steps - 1, MOST_CHECKED).round().astype(np.int64)
    near = np.concatenate([starts, starts - 1, [0, table.steps - 1]])
    steps = np.unique(np.concatenate([near[near >= 0], even]))
    return tuple(
        CheckedStep(
            step=int(step),
            epoch=int(table.epoch[step]),
            learning_rate=float(table.learning_rate[step]),
            batch_size=int(table.batch_size[step]),
            items=int(table.items[step]),
            momentum=float(table.momentum[step]),
        )
        for step in steps
    )


def table_rows(laid_out: LaidOut) -> list[list[float]]:
    """The table as numbers: step, epoch, learning rate, batch size, items, momentum."""
    return [
        [row.step, row.epoch, row.learning_rate, row.batch_size, row.items, row.momentum]
        for row in checked_steps(laid_out)
    ]


def table_sha256(rows: list[list[float]]) -> str:
    """Hash of a table, the same in every export that carries it."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
