from itertools import pairwise
from math import exp, inf, log, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.measurements.stability import (
    AVERAGE_KEPT,
    GUESSING_SHARE,
    MARGIN,
    WARM_UP_STEPS,
    LossWatch,
)
from planner.refusal import Refusal

GUESSING = log(10)


def watch(*losses: float) -> LossWatch:
    return LossWatch(guessing_loss=GUESSING).after(losses)


def healthy_losses(steps: int) -> list[float]:
    """Falls from guessing to 0.2, with the noise of small batches."""
    noise = np.random.default_rng(3).normal(0, 0.15, size=steps)
    return [0.2 + 2.1 * exp(-step / 100) + noise[step] for step in range(steps)]


def test_a_healthy_run_never_alarms():
    assert watch(*healthy_losses(2000)).diverged_at is None


def test_a_run_that_returns_to_guessing_alarms_within_two_averaging_times():
    collapsed = watch(*healthy_losses(1000), *[GUESSING] * 200)
    assert collapsed.diverged_at is not None
    assert 1000 < collapsed.diverged_at <= 1000 + 2 / (1 - AVERAGE_KEPT)


def test_the_alarm_is_at_the_first_average_above_the_published_limit():
    limit = 0.2 + GUESSING_SHARE * (GUESSING - 0.2) + MARGIN
    average, step = 0.2, 100
    while average <= limit:
        average = AVERAGE_KEPT * average + (1 - AVERAGE_KEPT) * GUESSING
        step += 1
    assert watch(*[0.2] * 100, *[GUESSING] * 100).diverged_at == step


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_a_loss_that_is_no_number_alarms_at_its_own_step(bad: float):
    assert watch(0.5, 0.5, bad, 0.5).diverged_at == 3


def test_the_first_steps_are_not_judged():
    assert watch(*[0.1] * 10, *[GUESSING] * (WARM_UP_STEPS - 10)).diverged_at is None
    judged = watch(*[0.1] * 10, *[GUESSING] * (WARM_UP_STEPS - 9))
    assert judged.diverged_at == WARM_UP_STEPS + 1


def test_a_run_that_starts_worse_than_guessing_and_stays_there_does_not_alarm():
    assert watch(*[4 * GUESSING] * 200).diverged_at is None


def test_an_alarm_stays_where_it_was():
    collapsed = watch(0.5, nan)
    assert collapsed.after([0.1, 0.1]) == collapsed


def test_the_loss_of_the_untrained_model_stands_in_for_guessing_where_nobody_knows_it():
    untrained = 7.0
    known = LossWatch(guessing_loss=untrained).after([untrained, *[0.2] * 100, *[untrained] * 200])
    unknown = LossWatch(guessing_loss=None).after([untrained])
    assert unknown.guessing_loss == untrained
    assert unknown.after([*[0.2] * 100, *[untrained] * 200]) == known
    assert known.diverged_at is not None


def test_a_first_loss_that_is_no_number_stands_in_for_nothing():
    watched = LossWatch(guessing_loss=None).after([nan])
    assert (watched.guessing_loss, watched.diverged_at) == (None, 1)


def test_guessing_with_an_infinite_loss_is_refused():
    with pytest.raises(Refusal) as refusal:
        LossWatch(guessing_loss=inf)
    assert (refusal.value.field, refusal.value.code) == ("guessing_loss", "not_finite")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 5) | st.sampled_from([nan]), max_size=150),
    st.lists(st.integers(0, 150), max_size=4),
)
def test_losses_in_blocks_are_judged_like_losses_one_by_one(losses: list[float], cuts: list[int]):
    at_once = LossWatch(guessing_loss=GUESSING).after(losses)
    in_blocks = LossWatch(guessing_loss=GUESSING)
    edges = [0, *sorted(min(cut, len(losses)) for cut in cuts), len(losses)]
    for start, end in pairwise(edges):
        in_blocks = in_blocks.after(losses[start:end])
    assert in_blocks == at_once
