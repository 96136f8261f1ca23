"""The steps that a run executed, or will, once divergences sent it back."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from planner.pilots.divergence import Rollback
from planner.pilots.run import Attempt
from planner.schedules.schedule import StepTable


def rollbacks_of(attempts: Sequence[Attempt]) -> tuple[Rollback, ...]:
    """The divergences that sent a run back, in order; its attempts say so by their cause."""
    return tuple(
        Rollback(
            at_step=max(before.to_step, after.from_step),
            to_step=after.from_step,
            rate_factor=after.rate_factor,
            follows=after.follows,
        )
        for before, after in pairwise(attempts)
        if after.cause != "claim"
    )


def fallen_at(rollbacks: Sequence[Rollback]) -> int | None:
    """Steps done where a run left its own schedule for another; None if it never did."""
    return next((back.to_step for back in rollbacks if back.follows is not None), None)


def executed_table(
    own: StepTable, rollbacks: Sequence[Rollback], *, fall_back: StepTable | None = None
) -> StepTable:
    """The live path of a run: what counts of it, step by step.

    Args:
        own: The run's own schedule.
        rollbacks: In order.
        fall_back: The schedule that a rollback may follow, for the same data and epochs.
    """
    table = own
    for back in rollbacks:
        if back.follows is not None:
            if fall_back is None:
                raise ValueError("a run that fell back needs the schedule that it fell back on")
            table = taken_up(table, fall_back, at_step=back.to_step)
        if back.rate_factor != 1:
            rates = table.learning_rate.copy()
            rates[back.to_step :] = own.learning_rate[back.to_step :] * back.rate_factor
            table = replace(table, learning_rate=rates)
    return table


def taken_up(own: StepTable, other: StepTable, *, at_step: int) -> StepTable:
    """``own`` up to ``at_step`` and from the same sample on ``other``.

    The step of ``other`` that the sample lies in is cut to what is left of it, so that no sample
    of the epoch is seen twice and none is left out; every later one is as planned.
    """
    seen = int(own.items[:at_step].sum())
    ends = other.samples + other.items
    first = int(np.searchsorted(ends, seen, side="right"))
    items, samples = other.items[first:].copy(), other.samples[first:].copy()
    if len(items):
        items[0] = ends[first] - seen
        samples[0] = seen
    return StepTable(
        epoch=np.append(own.epoch[:at_step], other.epoch[first:]),
        batch_size=np.append(own.batch_size[:at_step], other.batch_size[first:]),
        items=np.append(own.items[:at_step], items),
        samples=np.append(own.samples[:at_step], samples),
        learning_rate=np.append(own.learning_rate[:at_step], other.learning_rate[first:]),
        momentum=np.append(own.momentum[:at_step], other.momentum[first:]),
        buffer_factor=np.append(own.buffer_factor[:at_step], other.buffer_factor[first:]),
        training_samples=own.training_samples,
        epochs=own.epochs,
        capped_at_data=own.capped_at_data or other.capped_at_data,
    )
