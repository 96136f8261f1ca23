"""What holds for every schedule, whichever curves it is made of."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.schedules.batch_size import BatchSize, parse_thresholds
from planner.schedules.learning_rate import LearningRate
from planner.schedules.momentum import Momentum, effective_rate
from planner.schedules.schedule import Schedule, plan_steps, stages
from tests.support.any_schedule import (
    MOST_EPOCHS_DRAWN,
    any_batch_size,
    any_learning_rate,
    any_schedule,
    any_thresholds,
)

data_sizes = st.integers(1, 400)
lengths = st.integers(MOST_EPOCHS_DRAWN, 12)


def of_batches(batch: BatchSize) -> Schedule:
    return Schedule(name="s", learning_rate=LearningRate(initial=0.1), batch_size=batch)


def of_rates(rate: LearningRate) -> Schedule:
    return Schedule(name="s", learning_rate=rate, batch_size=BatchSize(initial=16))


@settings(max_examples=50, deadline=None)
@given(any_schedule(), data_sizes, lengths)
def test_every_sample_is_seen_exactly_once_an_epoch(schedule, n, epochs):
    table = plan_steps(schedule, training_samples=n, epochs=epochs)
    seen = np.concatenate(
        [
            np.arange(first, first + items)
            for first, items in zip(table.samples, table.items, strict=True)
        ]
    )
    np.testing.assert_array_equal(seen, np.arange(n * epochs))
    np.testing.assert_array_equal(table.samples // n, table.epoch)
    assert ((table.samples + table.items - 1) // n == table.epoch).all(), "no step spans epochs"


@settings(max_examples=80, deadline=None)
@given(any_thresholds(), data_sizes, lengths)
def test_thresholds_are_what_a_walk_step_by_step_finds(text, n, epochs):
    table = plan_steps(of_batches(BatchSize(thresholds=text)), training_samples=n, epochs=epochs)
    assert (table.batch_size.tolist(), table.items.tolist()) == walked(text, n=n, epochs=epochs)


def walked(text: str, *, n: int, epochs: int) -> tuple[list[int], list[int]]:
    """Planned and seen samples of every step: the next threshold acts once it is reached."""
    waiting = list(parse_thresholds(text))
    planned: list[int] = []
    items: list[int] = []
    size = seen = 0
    while seen < epochs * n:
        done = {"ep": seen / n, "ba": len(items), "sp": seen}
        while waiting and waiting[0].position.amount <= done[waiting[0].position.unit]:
            size = min(waiting.pop(0).batch_size, n)
        planned.append(size)
        items.append(min(size, n - seen % n))
        seen += items[-1]
    return planned, items


@settings(max_examples=50, deadline=None)
@given(any_batch_size().filter(lambda batch: batch.thresholds is None), data_sizes, lengths)
def test_a_growing_batch_changes_only_where_an_epoch_begins_and_its_pace_allows(batch, n, epochs):
    table = plan_steps(of_batches(batch), training_samples=n, epochs=epochs)
    for stage in stages(table)[1:]:
        assert table.samples[stage.first_step] == stage.first_epoch * n
        assert stage.first_epoch % batch.every_epochs == 0


@settings(max_examples=80, deadline=None)
@given(any_learning_rate().filter(lambda rate: rate.warm_up is not None), lengths)
def test_a_warm_up_and_its_decay_join_without_a_seam(rate, epochs):
    """Each part is the curve that it is alone, counted from its own first step."""
    rate = replace(rate, to_batch=None)
    warm_up = rate.warm_up
    table = plan_steps(of_rates(rate), training_samples=100, epochs=epochs)
    risen = table.epoch < warm_up.epochs
    alone = plan_steps(of_rates(rate), training_samples=100, epochs=warm_up.epochs)
    np.testing.assert_array_equal(table.learning_rate[risen], alone.learning_rate)
    if risen.all():
        return
    assert table.learning_rate[~risen][0] == pytest.approx(warm_up.maximum, rel=1e-12)
    decay = replace(rate, initial=warm_up.maximum, warm_up=None)
    left = plan_steps(of_rates(decay), training_samples=100, epochs=epochs - warm_up.epochs)
    np.testing.assert_array_equal(table.learning_rate[~risen], left.learning_rate)


@settings(max_examples=60, deadline=None)
@given(
    any_schedule(), data_sizes, lengths, st.sampled_from(["heavy_ball", "normalised", "nesterov"])
)
def test_the_effective_rate_is_the_same_whatever_momentum_does(schedule, n, epochs, form):
    """A change of beta moves neither its value nor, from one step to the next, its course."""
    constant = replace(schedule, momentum=Momentum(value=schedule.momentum.value))
    moving, still = (
        plan_steps(one, training_samples=n, epochs=epochs, form=form)
        for one in (schedule, constant)
    )
    effective, stated = (
        effective_rate(form, rate=table.learning_rate, beta=table.momentum)
        for table in (moving, still)
    )
    np.testing.assert_allclose(effective, stated, rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(any_schedule(), data_sizes, lengths, st.floats(0.25, 8))
def test_a_rate_multiplier_scales_every_rate_and_moves_nothing_else(schedule, n, epochs, factor):
    table = plan_steps(schedule, training_samples=n, epochs=epochs)
    scaled = plan_steps(schedule, training_samples=n, epochs=epochs, rate_multiplier=factor)
    np.testing.assert_allclose(scaled.learning_rate, factor * table.learning_rate, rtol=1e-12)
    for column in ("batch_size", "items", "momentum", "buffer_factor"):
        np.testing.assert_array_equal(getattr(scaled, column), getattr(table, column))
