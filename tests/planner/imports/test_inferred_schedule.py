"""A schedule that was logged every few steps is read back, or said not to be known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.imports.inferred_schedule import TOLERANCE_RATIO, inferred_schedule
from planner.imports.logged_run import LoggedRun
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import Cooldown, LearningRate, RateGrowth, RateWarmUp
from planner.schedules.rate_to_batch import RateToBatch
from planner.schedules.schedule import Schedule, plan_steps

SAMPLES, EPOCHS = 960, 20
PLAIN = BatchSize(initial=32)
RATE = LearningRate(initial=0.1)
WARM = RateWarmUp(maximum=0.4, epochs=4, shape="linear")

RATES = {
    "constant": RATE,
    "linear": replace(RATE, decay="linear", minimum=0.001),
    "cosine": replace(RATE, decay="cosine"),
    "cosine by step": replace(RATE, decay="cosine_by_step", minimum=0.01),
    "polynomial": replace(RATE, decay="polynomial", power=1.7),
    "exponential": replace(RATE, decay="exponential", factor=0.9),
    "1/sqrt": replace(RATE, decay="diminishing"),
    "step": replace(RATE, decay="step", factor=0.1, milestones_epochs=(8, 14)),
    "stages": replace(RATE, decay="stages", milestones_epochs=(5, 9), rates=(0.3, 0.02)),
    "wsd": replace(RATE, decay="wsd", cooldown=Cooldown(steps_fraction=0.3)),
    "wsd, root": replace(RATE, decay="wsd", cooldown=Cooldown(shape="square_root")),
    "growth": replace(RATE, growth=RateGrowth(maximum=0.8, every_epochs=4)),
    "warm-up, cosine": replace(RATE, decay="cosine_by_step", warm_up=WARM),
    "warm-up, constant": replace(RATE, warm_up=WARM),
    "warm-up, linear": replace(RATE, decay="linear", warm_up=WARM),
    "warm-up of stairs, step": replace(
        RATE,
        warm_up=replace(WARM, shape="stairs"),
        decay="step",
        factor=0.2,
        milestones_epochs=(6, 12),
    ),
}
BATCHES = {
    "constant": PLAIN,
    "growth": BatchSize(initial=32, growth=2, every_epochs=5),
    "growth to a maximum": BatchSize(initial=32, growth=2, every_epochs=4, maximum=100),
    "increase": BatchSize(initial=32, increase=32, every_epochs=5),
    "thresholds": BatchSize(thresholds="0:32 3ep:48 11ep:64"),
}


def planned(rate, batch=PLAIN):
    schedule = Schedule(name="today", learning_rate=rate, batch_size=batch)
    return plan_steps(schedule, training_samples=SAMPLES, epochs=EPOCHS)


def logged(table, *, every=7, ahead=0, rounding=np.float32):
    """What a trainer logs: some rows, rounded, and the last one."""
    chosen = np.unique([*range(0, table.steps, every), table.steps - 1])
    rows = len(chosen)
    return LoggedRun(
        name="run-1",
        schedule="today",
        source="csv",
        steps=chosen + ahead,
        elapsed_s=chosen * 0.1,
        learning_rate=table.learning_rate[chosen].astype(rounding).astype(float),
        batch_size=table.batch_size[chosen].astype(float),
        momentum=np.full(rows, np.nan),
    )


def check(table, found):
    """The whole curve is the one that was trained, not only its logged rows."""
    assert found.schedule is not None, found.reason
    again = plan_steps(found.schedule, training_samples=SAMPLES, epochs=1)
    assert again.epochs == EPOCHS
    assert again.batch_size.tolist() == table.batch_size.tolist()
    near = np.abs(again.learning_rate - table.learning_rate)
    assert near.max() <= TOLERANCE_RATIO * table.learning_rate.max()


@pytest.mark.parametrize("rate", RATES)
def test_every_form_of_rate_is_read_back(rate):
    table = planned(RATES[rate])
    found = inferred_schedule(logged(table), training_samples=SAMPLES)
    check(table, found)
    assert found.schedule.learning_rate.decay == RATES[rate].decay
    assert found.deviation_ratio <= TOLERANCE_RATIO


@pytest.mark.parametrize("batch", BATCHES)
def test_every_form_of_batch_is_read_back(batch):
    table = planned(RATES["cosine"], BATCHES[batch])
    check(table, inferred_schedule(logged(table), training_samples=SAMPLES))


@pytest.mark.parametrize("rule", ["linear", "square_root"])
def test_a_rate_that_follows_the_batch_is_read_back(rule):
    rate = replace(RATES["cosine"], to_batch=RateToBatch(rule=rule))
    table = planned(rate, BATCHES["growth"])
    check(table, inferred_schedule(logged(table), training_samples=SAMPLES))


@settings(max_examples=25)
@given(
    peak=st.floats(1e-4, 5.0),
    minimum_share=st.sampled_from([0.0, 0.01, 0.1]),
    decay=st.sampled_from(["linear", "cosine", "cosine_by_step"]),
    warm_epochs=st.integers(0, 5),
    every=st.integers(1, 15),
    batch=st.sampled_from(sorted(BATCHES)),
)
def test_a_random_schedule_is_read_back_from_rows_of_single_precision(
    peak, minimum_share, decay, warm_epochs, every, batch
):
    warm = RateWarmUp(maximum=peak, epochs=warm_epochs, shape="linear") if warm_epochs else None
    rate = LearningRate(
        initial=peak / 10 if warm else peak,
        decay=decay,
        minimum=minimum_share * peak,
        warm_up=warm,
    )
    table = planned(rate, BATCHES[batch])
    found = inferred_schedule(logged(table, every=every), training_samples=SAMPLES)
    if found.schedule is not None:
        check(table, found)
    else:
        shortest_epoch = SAMPLES // table.batch_size.max()
        assert every > shortest_epoch  # rows too far apart to tell in which epoch a batch grew


def test_rows_that_state_the_step_before_are_noticed():
    table = planned(RATES["linear"])
    found = inferred_schedule(logged(table, ahead=1), training_samples=SAMPLES)
    check(table, found)
    assert found.steps_ahead == 1


def test_a_run_that_was_cut_short_needs_the_epochs_that_were_planned():
    table = planned(RATES["cosine"])
    whole = logged(table)
    half = len(whole.steps) // 2
    cut = replace(
        whole,
        **{
            name: getattr(whole, name)[:half]
            for name in ("steps", "elapsed_s", "learning_rate", "batch_size", "momentum")
        },
    )
    check(table, inferred_schedule(cut, training_samples=SAMPLES, epochs=EPOCHS))


def test_a_rate_of_no_known_form_is_not_inferred():
    run = logged(planned(RATE))
    wild = 0.1 + 0.05 * np.sin(np.arange(len(run.steps)))
    found = inferred_schedule(replace(run, learning_rate=wild), training_samples=SAMPLES)
    assert (found.schedule, found.reason) == (None, "no_form_fits")


def test_one_row_off_by_a_hundredth_is_not_inferred():
    run = logged(planned(RATES["cosine by step"]))
    rates = run.learning_rate.copy()
    rates[len(rates) // 2] *= 1.01
    found = inferred_schedule(replace(run, learning_rate=rates), training_samples=SAMPLES)
    assert found.schedule is None


@pytest.mark.parametrize(
    ("column", "reason"), [("learning_rate", "rate_unknown"), ("batch_size", "batch_unknown")]
)
def test_what_the_log_does_not_say_is_not_guessed(column, reason):
    run = logged(planned(RATE))
    silent = replace(run, **{column: np.full(len(run.steps), np.nan)})
    assert inferred_schedule(silent, training_samples=SAMPLES).reason == reason


def test_a_warm_up_from_zero_begins_next_to_nothing():
    table = planned(replace(RATE, decay="cosine_by_step", warm_up=WARM))
    run = logged(table, every=1)
    warm_steps = int(np.searchsorted(table.epoch, WARM.epochs))
    rate = run.learning_rate.copy()
    rate[:warm_steps] = WARM.maximum * np.arange(warm_steps) / warm_steps
    found = inferred_schedule(replace(run, learning_rate=rate), training_samples=SAMPLES)
    assert found.schedule is not None
    told = found.schedule.learning_rate
    assert told.warm_up == WARM
    assert 0 < told.initial < 1e-6 * WARM.maximum
    assert found.deviation_ratio <= TOLERANCE_RATIO
